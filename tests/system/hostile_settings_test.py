"""What a tenant may set for its database, role or session changes neither what is read nor what is durable, and what is
the superuser's it cannot set."""

import psycopg
import psycopg.sql
import pytest

from server import plan, rows, value

# (setting, value): every one of them is the tenant's to set.
SETTINGS = [
    ("search_path", "pg_temp, hostile, public"),
    ("synchronous_commit", "off"),
    ("default_transaction_isolation", "serializable"),
    ("default_transaction_deferrable", "on"),
    ("row_security", "off"),
    ("datestyle", "German, DMY"),
    ("timezone", "Pacific/Kiritimati"),
    ("intervalstyle", "postgres_verbose"),
    ("bytea_output", "escape"),
    ("extra_float_digits", "-15"),
    ("standard_conforming_strings", "off"),
    ("backslash_quote", "on"),
    ("transform_null_equals", "on"),
    ("check_function_bodies", "off"),
    ("xmlbinary", "hex"),
    ("quote_all_identifiers", "on"),
    ("array_nulls", "off"),
    ("client_min_messages", "error"),
    ("enable_seqscan", "off"),
    ("enable_indexscan", "off"),
    ("force_parallel_mode", "on"),
    ("parallel_setup_cost", "0"),
    ("parallel_tuple_cost", "0"),
    ("min_parallel_table_scan_size", "0"),
    ("jit_above_cost", "0"),
    ("plan_cache_mode", "force_generic_plan"),
    ("work_mem", "64kB"),
    ("cursor_tuple_fraction", "1"),
    ("default_with_oids", "off"),
    ("idle_in_transaction_session_timeout", "60000"),
    ("idle_session_timeout", "60000"),
    ("lock_timeout", "60000"),
    ("gin_fuzzy_search_limit", "1"),
    ("statement_timeout", "60000"),
    ("application_name", "'; DROP TABLE repository; --"),
]


def session(database):
    """Everything from the first install to the last delete; what every column says on the way."""
    db = database.connect()
    seen = []
    rows(db, "SELECT * FROM iasql.iasql_install('aws_ecr', 'aws_cloudwatch', 'aws_security_group')")

    def both(function):
        seen.append([(row["action"], row["table_name"]) for row in rows(db, f"SELECT * FROM iasql.{function}()")])

    db.execute("INSERT INTO public.repository (repository_name, scan_on_push) VALUES ('subject', true)")
    db.execute("INSERT INTO public.log_group (log_group_name) VALUES ('subject')")
    db.execute("INSERT INTO public.security_group (group_name, description) VALUES ('subject', 'of the test')")
    db.execute(
        "INSERT INTO public.security_group_rule (security_group_id, is_egress, ip_protocol, from_port, to_port, cidr_ipv4)"
        " SELECT id, false, 'tcp', 443, 443, '10.0.0.0/8' FROM public.security_group WHERE group_name = 'subject'"
    )
    both("iasql_plan_apply")
    both("iasql_apply")
    both("iasql_plan_apply")
    both("iasql_plan_sync")
    db.execute("UPDATE public.repository SET image_tag_mutability = 'IMMUTABLE'")
    both("iasql_apply")
    both("iasql_sync")
    (group,) = rows(db, "SELECT description FROM public.security_group WHERE group_name = 'subject'")
    seen.append(group["description"])
    seen.append(value(db, "SELECT count(creation_time) FROM public.log_group"))
    db.execute("SELECT iasql.delete_all_records()")
    both("iasql_apply")
    both("iasql_plan_apply")
    both("iasql_plan_sync")
    db.close()
    return [sorted(step) if isinstance(step, list) else step for step in seen]


def test_settings_of_the_database_change_nothing(database, second_database, account):
    expected = session(database)
    assert expected[2] == [] and expected[3] == [] and expected[-1] == []
    account.reset()
    with second_database.connect() as owner:
        owner.execute("CREATE SCHEMA hostile")
        # Shadows of what the extension might name without a schema.
        for name, arguments in (("quote_ident", "text"), ("to_jsonb", "anyelement"), ("jsonb_to_recordset", "jsonb")):
            owner.execute(
                f"CREATE FUNCTION hostile.{name}({arguments}) RETURNS text LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE 'shadowed, as %', current_user; END $$"
            )
        owner.execute(
            "CREATE FUNCTION hostile.not_equal(text, text) RETURNS boolean LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'shadowed, as %', current_user; END $$"
        )
        for operator in ("=", "<>", "||"):
            owner.execute(f"CREATE OPERATOR hostile.{operator} (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.not_equal)")
        for table in ("pg_class", "pg_namespace", "pg_attribute", "intent", "registry", "module"):
            owner.execute(f"CREATE TABLE hostile.{table} (nothing integer)")
        known = {row["name"] for row in rows(owner, "SELECT name FROM pg_settings")}
        for setting, to in SETTINGS:
            if setting in known:
                owner.execute(
                    f"ALTER DATABASE \"{second_database.name}\" SET {setting} = "
                    + (to if setting == "search_path" else psycopg.sql.Literal(to).as_string(owner))
                )
    assert session(second_database) == expected


def test_read_only_by_default_is_overridden_for_the_worker_alone(database, account):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    db.execute(f"ALTER DATABASE \"{database.name}\" SET default_transaction_read_only = on")
    db = database.connect()
    assert plan(db) == []
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        plan(db, "iasql_apply")
    db.execute("SET default_transaction_read_only = off")
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    assert plan(db, "iasql_apply") == [("create", "repository", "subject")], "the journal's worker writes"


def test_a_tiny_statement_timeout_is_the_sessions_not_the_workers(database, account):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"):
        db.execute(f"ALTER DATABASE \"{database.name}\" SET {setting} = '1ms'")
    with database.connect(options=" ".join(
        f"-c {setting}=0" for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout")
    )) as db:
        db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
        assert plan(db, "iasql_apply") == [("create", "repository", "subject")]
        with pytest.raises(psycopg.errors.QueryCanceled):  # of one text, so that the setting goes with what it ended
            db.execute("SET statement_timeout = '1ms'; SELECT * FROM iasql_sync()")
        assert plan(db, "iasql_sync") == [] and plan(db) == []


def test_the_journal_is_durable_whatever_the_session_says(database, account):
    """synchronous_commit off is for the tenant's own rows."""
    db = database.connect()
    db.execute("SET synchronous_commit = off")
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    db.execute("BEGIN")
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    with database.superuser() as superuser:
        before = superuser.execute("SELECT pg_current_wal_flush_lsn()").fetchone()[0]
        plan(db, "iasql_apply")
        # The worker's commits were flushed: the journal's last record is before the flushed end.
        after = superuser.execute("SELECT pg_current_wal_flush_lsn() > %s::pg_lsn", (before,)).fetchone()[0]
        assert after
    db.execute("ROLLBACK")
    assert [action for action, *_ in plan(db)] == ["delete"]


@pytest.mark.parametrize("setting, to", [
    ("iasql.endpoint_url", "http://169.254.169.254/"),
    ("iasql.key_file", "/tmp/mine"),
    ("iasql.read_lag", "0"),
    ("session_replication_role", "replica"),
    ("log_statement", "all"),
])
def test_the_superusers_settings_are_refused(database, setting, to):
    db = database.connect()
    role, literal = db.info.user, f"'{to}'"
    for statement in (
        f"ALTER DATABASE \"{database.name}\" SET {setting} = {literal}",
        f"ALTER ROLE {role} SET {setting} = {literal}",
        f"SET {setting} = {literal}",
        f"SELECT set_config('{setting}', {literal}, false)",
        f"CREATE FUNCTION f() RETURNS integer LANGUAGE sql SET {setting} = {literal} AS 'SELECT 1'",
    ):
        with database.connect() as fresh:
            rows(fresh, "SELECT * FROM iasql_version()")  # the library is loaded: its settings are known
            with pytest.raises(psycopg.Error) as refused:
                fresh.execute(statement)
            assert refused.value.sqlstate in ("42501", "55P02"), statement


@pytest.mark.parametrize("how", ["statement", "option", "database"])
def test_an_endpoint_cannot_be_set_however_early(database, how):
    """The server has loaded the library: no session is ahead of it."""
    setting, literal = "iasql.endpoint_url", "'http://127.0.0.1:9'"
    denied = f'permission denied to set parameter "{setting}"'
    if how == "option":
        with pytest.raises(psycopg.OperationalError, match=denied):
            database.connect(options=f"-c {setting}={literal[1:-1]}")
        return
    statement = f'ALTER DATABASE "{database.name}" SET' if how == "database" else "SET"
    with database.connect() as db, pytest.raises(psycopg.errors.InsufficientPrivilege, match=denied):
        db.execute(f"{statement} {setting} = {literal}")


def test_unknown_settings_of_our_class_are_refused(database):
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_version()")
        with pytest.raises(psycopg.Error, match="iasql.secret"):
            db.execute("SET iasql.secret = 'mine'")
