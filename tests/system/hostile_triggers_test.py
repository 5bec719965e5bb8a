"""The tenant's code on module tables runs as the tables' owner in a restricted context, never with our rights; what it
refuses or swallows is an error that names the row."""

import psycopg
import pytest

from proxy import Proxy
from server import HostedDatabase, plan, rows, value

pytestmark = pytest.mark.every_postgresql


@pytest.fixture(scope="module")
def connected(server, emulator):
    emulator.reset()
    proxy = Proxy(emulator.url)
    database = HostedDatabase(server, proxy.url)
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch')")
    db.execute("CREATE TABLE witness (what text)")
    yield database, proxy
    proxy.stop()
    database.remove()


@pytest.fixture
def proxy(connected):
    connected[1].clear()
    return connected[1]


@pytest.fixture
def db(connected, proxy, account):
    database, _ = connected
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_sync()")
        db.execute("TRUNCATE witness")
        proxy.calls.clear()
        yield db
        db.execute("DROP FUNCTION IF EXISTS attempt CASCADE")
        db.execute("ALTER TABLE log_group DROP CONSTRAINT IF EXISTS mine")


def trigger(db, body, table="log_group", events="INSERT OR UPDATE OR DELETE", when="AFTER", each="ROW"):
    db.execute(
        f"CREATE FUNCTION attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN COALESCE(NEW, OLD); END $$"
    )
    db.execute(f"CREATE TRIGGER attempt {when} {events} ON {table} FOR EACH {each} EXECUTE FUNCTION attempt()")


def test_whose_rights_a_trigger_has(connected, db, account):
    """In apply, which fills outputs in, in sync, which inserts and deletes, as the owner and as the superuser."""
    database, _ = connected
    trigger(
        db,
        "INSERT INTO public.witness VALUES (TG_OP || ' ' || current_user || ' ' || (SELECT rolsuper FROM pg_roles"
        " WHERE rolname = current_user) || ' ' || current_setting('search_path'));",
    )
    owner = db.info.user
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('ours')")
    db.execute("TRUNCATE witness")
    assert len(plan(db, "iasql_apply")) == 1
    with database.superuser() as superuser:
        # Under the superuser, what the trigger does is still done as the table's owner.
        account.client("logs").create_log_group(logGroupName="theirs")
        superuser.execute("SELECT * FROM iasql.iasql_sync()")
        account.client("logs").delete_log_group(logGroupName="theirs")
        superuser.execute("SELECT * FROM iasql.iasql_sync()")
    found = {row["what"] for row in rows(db, "SELECT what FROM witness")}
    assert found == {f"{event} {owner} false pg_catalog, pg_temp" for event in ("UPDATE", "INSERT", "DELETE")}


ATTEMPTS = {
    "set role": "SET ROLE iasql_operator;",
    "reset role": "RESET ROLE; IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN INSERT INTO public.witness VALUES ('super'); ELSE RAISE insufficient_privilege; END IF;",
    "set session authorization": "SET SESSION AUTHORIZATION iasql_operator;",
    "reset session authorization": "RESET SESSION AUTHORIZATION;",
    "set_config": "PERFORM set_config('role', 'iasql_operator', false);",
    "read the connection": "INSERT INTO witness SELECT encode(sealed, 'hex') FROM iasql.connection;",
    "write the registry": "DELETE FROM iasql.registry;",
    "write the journal": "DELETE FROM iasql.intent;",
    "write the modules": "UPDATE iasql.module SET version = 'mine';",
    "write the copies": "DELETE FROM public.iasql_module;",
    "copy program": "COPY public.witness FROM PROGRAM 'id';",
    "copy file": "COPY public.witness FROM '/etc/passwd';",
    "read file": "INSERT INTO witness VALUES (pg_read_file('/etc/passwd'));",
    "make a role": "CREATE ROLE hostile SUPERUSER;",
    "alter system": "EXECUTE 'ALTER SYSTEM SET log_statement = ''all''';",
    "seal a key": "PERFORM iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\\x00');",
    "forget the key": "PERFORM iasql.disconnect();",
    "a deferred trap": "CREATE TEMPORARY TABLE trap (id integer);",
    "a prepared trap": "EXECUTE 'PREPARE trap AS SELECT 1';",
    "a listener": "EXECUTE 'LISTEN trap';",
    "a cursor that stays": "EXECUTE 'DECLARE trap CURSOR WITH HOLD FOR SELECT 1';",
}


@pytest.mark.parametrize("caller", ["owner", "superuser"])
def test_escapes_are_refused(connected, db, account, caller):
    """Each attempt as somebody's sync inserts a row: refused, with nothing done, the row's table named."""
    database, _ = connected
    account.client("logs").create_log_group(logGroupName="bait")
    with database.superuser() as superuser:
        for name, attempt in ATTEMPTS.items():
            trigger(db, attempt.replace(" INTO witness", " INTO public.witness"))
            with pytest.raises(psycopg.Error) as refused:
                if caller == "owner":
                    plan(db, "iasql_sync")
                else:
                    superuser.execute("SELECT * FROM iasql.iasql_sync()")
            assert "log_group" in str(refused.value), (name, refused.value)
            assert refused.value.sqlstate in ("42501", "0A000", "25001", "34000", "P0001"), (name, refused.value.sqlstate, refused.value)
            db.execute("DROP FUNCTION attempt CASCADE")
        assert superuser.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'hostile'").fetchone() == (0,)
        assert superuser.execute("SELECT count(*) FROM iasql.connection WHERE sealed IS NOT NULL").fetchone() == (1,)
        assert superuser.execute("SELECT current_user, session_user").fetchone() == ("iasql_operator",) * 2
    assert value(db, "SELECT count(*) FROM witness") == 0
    assert [action for action, *_ in plan(db, "iasql_sync")] == ["create"]


def test_a_trigger_that_leaves_a_setting_behind(connected, db, account):
    """What the owner's code sets, it sets for itself."""
    database, _ = connected
    trigger(
        db,
        "PERFORM set_config('search_path', 'hostile', false); PERFORM set_config('row_security', 'on', false);"
        " PERFORM set_config('statement_timeout', '1ms', false);",
    )
    account.client("logs").create_log_group(logGroupName="bait")
    with database.superuser() as superuser:
        superuser.execute("SELECT * FROM iasql.iasql_sync()")
        assert superuser.execute("SHOW statement_timeout").fetchone() == ("0",)
        assert "hostile" not in superuser.execute("SHOW search_path").fetchone()[0]


def test_a_deferred_constraint_trigger(connected, db, account):
    """It would fire at commit, after we gave the rights back: here it fires at once, as the owner."""
    database, _ = connected
    db.execute(
        "CREATE FUNCTION attempt() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public.witness VALUES (current_user); RETURN NULL; END $$"
    )
    db.execute(
        "CREATE CONSTRAINT TRIGGER attempt AFTER INSERT ON log_group DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION attempt()"
    )
    account.client("logs").create_log_group(logGroupName="bait")
    with database.superuser() as superuser:
        superuser.execute("SELECT * FROM iasql.iasql_sync()")
    assert [row["what"] for row in rows(db, "SELECT what FROM witness")] == [db.info.user]


def test_a_refusal_names_row_and_trigger_message(db, proxy, account):
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('refused'), ('taken')")
    trigger(db, "IF OLD.log_group_name = 'refused' THEN RAISE 'not this one'; END IF;", events="UPDATE")
    row = value(db, "SELECT id FROM log_group WHERE log_group_name = 'refused'")
    with pytest.raises(psycopg.Error, match="not this one") as refused:
        plan(db, "iasql_apply")
    assert f"row {row}" in str(refused.value) and "log_group" in str(refused.value)
    # The effects are known, and once the trigger lets them the rows are filled.
    assert len(account.client("logs").describe_log_groups()["logGroups"]) == 2
    assert plan(db) == []
    db.execute("DROP FUNCTION attempt CASCADE")
    assert plan(db, "iasql_apply") == []
    assert value(db, "SELECT count(log_group_arn) FROM log_group") == 2
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_a_constraint_that_refuses_what_aws_says(db, account):
    db.execute("ALTER TABLE log_group ADD CONSTRAINT mine CHECK (log_group_name <> 'theirs')")
    account.client("logs").create_log_group(logGroupName="theirs")
    account.client("ecr").create_repository(repositoryName="theirs")
    with pytest.raises(psycopg.errors.CheckViolation, match='constraint "mine"') as refused:
        plan(db, "iasql_sync")
    assert "log_group" in str(refused.value)
    assert value(db, "SELECT count(*) FROM repository") == 0, "all or nothing"
    db.execute("ALTER TABLE log_group DROP CONSTRAINT mine")
    assert len(plan(db, "iasql_sync")) == 2


@pytest.mark.parametrize("events", ["INSERT", "UPDATE", "DELETE"])
def test_a_trigger_that_swallows_our_write(db, account, events):
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('ours')")
    plan(db, "iasql_apply")
    db.execute(
        "CREATE FUNCTION attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    )
    db.execute(f"CREATE TRIGGER attempt BEFORE {events} ON log_group FOR EACH ROW EXECUTE FUNCTION attempt()")
    logs = account.client("logs")
    if events == "INSERT":
        logs.create_log_group(logGroupName="theirs")
    elif events == "UPDATE":
        logs.delete_log_group(logGroupName="ours")
        logs.create_log_group(logGroupName="ours", tags={"new": "one"})
    else:
        logs.delete_log_group(logGroupName="ours")
    with pytest.raises(psycopg.Error, match="log_group.*was not written") as refused:
        plan(db, "iasql_sync")
    assert refused.value.sqlstate == "IQ004"
    db.execute("DROP FUNCTION attempt CASCADE")
    assert plan(db, "iasql_sync") != []
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_a_trigger_that_changes_our_write_is_seen_by_the_next_plan(db, account):
    """Whatever a trigger makes of a row is what the row says."""
    db.execute(
        "CREATE FUNCTION attempt() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.tags := '{\"team\": \"us\"}'; RETURN NEW; END $$"
    )
    db.execute("CREATE TRIGGER attempt BEFORE INSERT ON log_group FOR EACH ROW EXECUTE FUNCTION attempt()")
    account.client("logs").create_log_group(logGroupName="theirs")
    plan(db, "iasql_sync")
    assert plan(db) == [("update", "log_group", "theirs")]
    plan(db, "iasql_apply")
    assert plan(db) == []
    assert account.client("logs").list_tags_log_group(logGroupName="theirs")["tags"]["team"] == "us"


def test_shadows_in_public_and_pg_temp(connected, db, account):
    """Operators, casts, functions and tables of the same names as what the extension uses."""
    database, _ = connected
    db.execute(
        "CREATE FUNCTION attempt(text, text) RETURNS boolean LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'sprung as %', current_user; END $$"
    )
    for operator in ("=", "<>", "~"):
        db.execute(f"CREATE OPERATOR public.{operator} (LEFTARG = text, RIGHTARG = text, FUNCTION = attempt)")
    db.execute(
        "CREATE FUNCTION public.to_jsonb(anyelement) RETURNS jsonb LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'sprung as %', current_user; END $$"
    )
    try:
        with database.superuser() as superuser, database.connect() as owner:
            for connection in (superuser, owner):
                connection.execute("SET search_path = pg_temp, public, pg_catalog")
                for table in ("pg_class", "pg_attribute", "log_group", "registry", "repository"):
                    connection.execute(f"CREATE TEMPORARY TABLE {table} (nothing integer)")
                connection.execute("SELECT * FROM iasql.iasql_plan_apply()")
                connection.execute("SELECT * FROM iasql.iasql_apply()")
                connection.execute("SELECT * FROM iasql.iasql_sync()")
            owner.execute("INSERT INTO public.log_group (log_group_name) VALUES ('ours')")
            assert [row["action"] for row in rows(owner, "SELECT * FROM iasql.iasql_apply()")] == ["create"]
            owner.execute("SELECT iasql.delete_all_records()")
            assert [row["action"] for row in rows(owner, "SELECT * FROM iasql.iasql_apply()")] == ["delete"]
    finally:
        db.execute("DROP FUNCTION public.to_jsonb(anyelement)")
        db.execute("DROP FUNCTION attempt(text, text) CASCADE")
