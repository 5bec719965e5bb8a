"""Ways in which a tenant tried to have code of its own run with the operator's rights, and in which one of its tables
kept another from being used."""

import contextlib
import json
import subprocess

import psycopg
import pytest

from background import Background
from proxy import Moment
from server import IASQL, REGION, plan, rows, value, wait_until

pytestmark = pytest.mark.every_postgresql

SPRUNG = "CREATE TABLE sprung (who text, super boolean)"
TRAP = """
    CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO public.sprung SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user;
      RETURN NULL;
    END $$"""
COPIES = ("iasql_dependencies", "iasql_tables", "iasql_module")


@pytest.fixture
def db(database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    return db


def set_trap(db):
    """Replaces the copies by tables of the tenant's with the same columns and a trigger."""
    for table in COPIES:
        db.execute(f"DROP TABLE public.{table} CASCADE")
    db.execute("CREATE TABLE iasql_module (name text PRIMARY KEY, version text NOT NULL)")
    db.execute('CREATE TABLE iasql_tables ("table" text PRIMARY KEY, module text)')
    db.execute("CREATE TABLE iasql_dependencies (module text, dependency text, PRIMARY KEY (module, dependency))")
    for table in COPIES:
        db.execute(
            f"CREATE TRIGGER trap BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION trap()"
        )


def who_sprung(db):
    return {(row["who"], row["super"]) for row in rows(db, "SELECT * FROM sprung")}


def test_copies_belong_to_the_owner_and_are_kept(db):
    owners = rows(db, "SELECT relname, relowner::regrole::text AS owner FROM pg_class WHERE relname = ANY (%s)", list(COPIES))
    assert {row["owner"] for row in owners} == {db.info.user} and len(owners) == 3
    for statement in (
        "INSERT INTO iasql_module VALUES ('mine', '1')",
        "UPDATE iasql_tables SET module = module",
        "DELETE FROM iasql_dependencies",
        "TRUNCATE iasql_module CASCADE",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is kept by iasql"):
            db.execute(statement)
    db.execute("DROP TRIGGER iasql_keep ON iasql_module")
    db.execute("INSERT INTO iasql_module VALUES ('mine', '1')")
    db.execute("SELECT iasql.repair()")
    assert value(db, "SELECT count(*) FROM iasql_module WHERE name = 'mine'") == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute("INSERT INTO iasql_module VALUES ('mine', '1')")


def test_copies_with_a_trigger(db, database):
    """Whoever calls, the trigger has the owner's rights and no more."""
    db.execute(SPRUNG)
    db.execute(TRAP)
    set_trap(db)
    db.execute("SELECT iasql.repair()")
    with database.superuser() as superuser:
        superuser.execute("SELECT iasql.repair()")
        superuser.execute("SELECT * FROM iasql.iasql_sync()")
    assert who_sprung(db) == {(db.info.user, False)}
    assert value(db, "SELECT count(*) FROM iasql_module") == 2


def test_copies_replaced_behind_a_snapshot(db, database):
    """The snapshot still sees the former tables, the names already mean the new ones."""
    db.execute(SPRUNG)
    db.execute(TRAP)
    victim = database.connect()
    victim.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    victim.execute("SELECT 1")
    set_trap(db)
    with pytest.raises(psycopg.Error) as refused:
        victim.execute("SELECT iasql.repair()")
    assert refused.value.sqlstate == "IQ004"
    victim.execute("ROLLBACK")
    assert who_sprung(db) == set()


@pytest.mark.parametrize("table, view", [("iasql_module", "name, version"), ("repository", "*")])
def test_a_view_put_in_a_tables_place(db, database, server, table, view):
    """A plan of the superuser's waits for the lock; then the name means a view with a function in it."""
    db.execute(SPRUNG)
    db.execute(
        "CREATE FUNCTION spring() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$ BEGIN"
        " INSERT INTO public.sprung SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user;"
        " RETURN true; END $$"
    )
    with database.superuser() as superuser, database.superuser() as watching:
        superuser.row_factory = psycopg.rows.dict_row
        db.execute("BEGIN")
        db.execute(f"ALTER TABLE {table} RENAME TO away")
        db.execute(f"CREATE VIEW {table} AS SELECT {view} FROM away WHERE spring()")
        waiting = Background(superuser, "SELECT * FROM iasql.iasql_plan_apply()")
        wait_until(lambda: waiting.waits_for_lock(watching) or not waiting.is_running(), "the lock")
        db.execute("COMMIT")
        assert waiting.error().sqlstate == "IQ004"
    assert who_sprung(db) == set()


def test_a_superusers_table_among_the_tenants(db, database):
    with database.superuser() as superuser:
        superuser.execute("ALTER TABLE repository OWNER TO iasql_operator")
        with pytest.raises(psycopg.Error, match="belongs to a superuser") as refused:
            superuser.execute("SELECT * FROM iasql.iasql_plan_apply()")
        assert refused.value.sqlstate == "IQ004" and "OWNER TO" in refused.value.diag.message_hint


def test_connecting_again_runs_nothing_of_the_tenants(database, account, server):
    """`iasql connect --database` works in a session whose settings the tenant chose."""
    db = database.connect()
    db.execute(SPRUNG)
    db.execute(
        "CREATE FUNCTION public.encode(bytea, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO public.sprung SELECT current_user, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user;"
        " RETURN pg_catalog.encode($1, $2); END $$"
    )
    for setting in (
        "search_path = public, pg_catalog",
        f"role = {db.info.user}",
        "default_transaction_read_only = on",
        "statement_timeout = 1",
        "lock_timeout = 1",
    ):
        db.execute(f'ALTER DATABASE "{database.name}" SET {setting}')
    finished = subprocess.run(
        [IASQL, "connect", "--emulator", "--region", REGION, "--data", str(server.data), "--database", database.name],
        capture_output=True, text=True, env={"AWS_ENDPOINT_URL": account.url, "PATH": "/usr/bin:/bin"},
    )
    assert finished.returncode == 0, finished.stderr
    with database.superuser(options="-c role=none -c statement_timeout=0 -c lock_timeout=0") as superuser:
        assert superuser.execute("SELECT * FROM public.sprung").fetchall() == []


def test_rows_of_a_deferred_key_can_be_deleted(db):
    db.execute("CREATE TABLE mine (repository integer REFERENCES repository (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)")
    db.execute("INSERT INTO repository (repository_name) VALUES ('ours')")
    db.execute("INSERT INTO mine SELECT id FROM repository")
    db.execute("SELECT delete_all_records()")
    assert value(db, "SELECT count(*) FROM repository") == 0


def test_a_dropped_table_keeps_no_row_out_of_another(db):
    rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')")
    db.execute("DROP TABLE repository_policy")
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('ours')")
    db.execute("INSERT INTO repository (repository_name) VALUES ('ours')")
    assert value(db, "SELECT region FROM log_group") == REGION
    with pytest.raises(psycopg.Error, match="repository_policy") as refused:
        plan(db)
    assert refused.value.sqlstate == "IQ004"


def test_rows_that_a_trigger_writes_are_checked(db, logs):
    """Ours are let through, those that the owner's trigger writes to another table meanwhile are not."""
    rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')")
    db.execute(
        "CREATE FUNCTION copied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO public.repository (repository_name) VALUES (NEW.log_group_name || ' is no name'); RETURN NULL;"
        " END $$"
    )
    db.execute("CREATE TRIGGER copied AFTER INSERT ON log_group FOR EACH ROW EXECUTE FUNCTION copied()")
    logs.create_log_group(logGroupName="theirs")
    with pytest.raises(psycopg.Error, match="repository.repository_name"):
        plan(db, "iasql_sync")


def test_a_deferred_trigger_on_a_copy(db, database):
    """It fires at once and as its owner, also where the operator repairs the copies."""
    for statement in (SPRUNG, TRAP, "DROP TRIGGER iasql_keep ON iasql_dependencies", "DELETE FROM iasql_dependencies"):
        db.execute(statement)
    db.execute(
        "CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON iasql_dependencies DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION trap()"
    )
    with database.superuser() as superuser:
        superuser.execute("SELECT iasql.repair()")
    assert rows(db, "SELECT * FROM sprung") == [{"who": db.info.user, "super": False}]
    assert rows(db, "SELECT * FROM iasql_dependencies") == [{"module": "aws_ecr", "dependency": "aws_account"}]


def test_a_failed_statement_of_ours_ends_the_call(db, database):
    """Without a subtransaction around it, nothing goes on in the transaction that it broke."""
    with database.superuser() as superuser:
        superuser.execute("ALTER TABLE iasql.registry ADD CONSTRAINT broken CHECK (cloud_id <> 'second')")
    db.execute("INSERT INTO repository (repository_name) VALUES ('first'), ('second'), ('third')")
    with pytest.raises(psycopg.Error, match="broken"):
        plan(db, "iasql_apply")
    assert value(db, "SELECT current_user") == db.info.user and value(db, "SHOW row_security") == "on"
    with database.superuser() as superuser:
        superuser.execute("ALTER TABLE iasql.registry DROP CONSTRAINT broken")
    plan(db, "iasql_apply")
    assert plan(db) == []


def test_an_answer_that_comes_after_a_failed_statement_of_ours(db, database, proxy, ec2):
    """What AWS did is recorded all the same, also where the log is to have a line for each call."""
    database.use_endpoint(proxy.url)
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_install('aws_vpc')")
        with database.superuser() as superuser:
            superuser.execute(
                "ALTER TABLE iasql.registry ADD CONSTRAINT broken CHECK (attributes ->> 'cidr_block' <> '10.2.0.0/16')"
            )
        db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16'), ('10.2.0.0/16')")
        db.execute("SET iasql.log_level = debug")
        late = proxy.pause("CreateVpc", Moment.response)
        applying = Background(db, "SELECT * FROM iasql_apply()")
        late.reached()
        with database.superuser() as superuser:
            concluded = "SELECT count(*) FROM iasql.outcome WHERE result = 'created'"
            wait_until(lambda: superuser.execute(concluded).fetchone() == (1,), "the other network's outcome")
            late.release()
            assert "broken" in str(applying.error())
            assert superuser.execute("SELECT count(*) FROM iasql.outcome WHERE result = 'nothing'").fetchone() == (0,)
            superuser.execute("ALTER TABLE iasql.registry DROP CONSTRAINT broken")
        plan(db, "iasql_apply")
        assert plan(db) == []
        blocks = sorted(vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"])
        assert blocks == ["10.1.0.0/16", "10.2.0.0/16"]


def test_a_default_that_writes_rows(db):
    """A default is filled in while the row is checked; what it does may change the rules of the check."""
    rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')")
    db.execute(
        "CREATE FUNCTION meddle() RETURNS text LANGUAGE plpgsql AS $$ BEGIN"
        " CREATE TEMPORARY TABLE another (id integer) ON COMMIT DROP;"
        " INSERT INTO log_group (log_group_name) VALUES ('inner');"
        " RETURN 'IMMUTABLE'; END $$"
    )
    db.execute("ALTER TABLE repository ALTER COLUMN image_tag_mutability SET DEFAULT meddle()")
    db.execute("INSERT INTO repository (repository_name, image_tag_mutability) VALUES ('outer', NULL)")
    assert rows(db, "SELECT repository_name, image_tag_mutability FROM repository") == [
        {"repository_name": "outer", "image_tag_mutability": "IMMUTABLE"}
    ]
    assert value(db, "SELECT log_group_name FROM log_group") == "inner"


@pytest.fixture
def stuck(database):
    """Makes the journal's worker wait as it writes to a table, until the `with` block ends."""

    @contextlib.contextmanager
    def stuck(table):
        with database.superuser() as superuser:
            superuser.execute(
                "CREATE FUNCTION iasql.wait() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN PERFORM pg_sleep(300); RETURN NEW; END $$"
            )
            superuser.execute(
                f"CREATE TRIGGER wait BEFORE INSERT ON iasql.{table} FOR EACH ROW EXECUTE FUNCTION iasql.wait()"
            )
            yield
            superuser.execute("DROP FUNCTION iasql.wait() CASCADE")

    return stuck


def test_a_cancel_while_the_journal_waits(db, stuck, ecr):
    """The intent was not acknowledged, so nothing is sent."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('ours')")
    with stuck("intent"):
        db.execute("SET statement_timeout = '2s'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            Background(db, "SELECT * FROM iasql_apply()").result(20)
    db.execute("RESET statement_timeout")
    assert ecr.describe_repositories()["repositories"] == []
    plan(db, "iasql_apply")
    assert len(ecr.describe_repositories()["repositories"]) == 1 and plan(db) == []


def test_an_outcome_that_cannot_be_recorded(db, stuck, ecr):
    """The wait ends after ten seconds, the change is in doubt, and the next apply finds it."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('ours')")
    with stuck("outcome"):
        error = Background(db, "SELECT * FROM iasql_apply()").error(40)
        assert error.sqlstate == "IQ020" and "10 seconds" in str(error)
    assert len(ecr.describe_repositories()["repositories"]) == 1
    plan(db, "iasql_apply")
    assert len(ecr.describe_repositories()["repositories"]) == 1 and plan(db) == []


def test_a_plan_reads_no_old_records(db, database):
    """Ten thousand that the registry has taken in, and one that it has not."""
    with database.superuser() as superuser:
        superuser.execute(
            "INSERT INTO iasql.intent (account, transaction, backend, at, role, effect, table_name, region, table_oid,"
            " row_key, cloud_id, description, columns, service, operation, token, adoption, replaced)"
            " SELECT account_id, '3', 1, now() - interval '30 minutes', 'x', 'update', 'repository', region, 1, '', 'x',"
            " 'x', '{}', 'ecr', 'x', '', false, '' FROM iasql.connection, generate_series(1, 10001)"
        )
        superuser.execute(
            "INSERT INTO iasql.outcome (intent, at, result, cloud_id, columns, request_id, error)"
            " SELECT id, at, 'updated', 'x', '{}', '', '' FROM iasql.intent"
        )
        superuser.execute("INSERT INTO iasql.fold_mark (intent) SELECT id FROM iasql.intent WHERE id < 10001")
        superuser.execute("INSERT INTO iasql.unfolded SELECT max(id) FROM iasql.intent")
        superuser.execute("ANALYZE iasql.intent, iasql.outcome, iasql.fold_mark, iasql.unfolded")
        try:
            superuser.execute("LOAD 'auto_explain'")
        except psycopg.errors.UndefinedFile:
            pytest.skip("PostgreSQL from PyPI has no auto_explain, which tells what a nested statement reads")
        for setting in ("min_duration = 0", "analyze = on", "nested_statements = on", "level = notice", "format = json"):
            name, _, given = setting.partition(" = ")
            superuser.execute(f"SET auto_explain.log_{name} = '{given}'")
        plans = []
        superuser.add_notice_handler(lambda notice: plans.append(notice.message_primary))
        assert superuser.execute("SELECT * FROM iasql.iasql_plan_apply()").fetchall() == []
        (shown,) = [json.loads(text[text.index("{"):]) for text in plans if "iasql.unfolded" in text]
        read = {}
        nodes = [shown["Plan"]]
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if relation := node.get("Relation Name"):
                times = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                read[relation] = read.get(relation, 0) + times * node["Actual Loops"]
        assert read["intent"] <= 5 and read["outcome"] <= 10 and read["fold_mark"] <= 5, shown
