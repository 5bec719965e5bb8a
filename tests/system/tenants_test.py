"""A tenant sees its own database and nothing else, and within it nothing of ours that it could misuse."""

import psycopg
import pytest

from server import CommandFailed, HostedDatabase, plan, rows, value

pytestmark = pytest.mark.every_postgresql


@pytest.fixture(scope="module")
def databases(server, emulator):
    """Two hosted databases; the first has a module."""
    emulator.reset()
    first, second = HostedDatabase(server, emulator.url), HostedDatabase(server, emulator.url)
    rows(first.connect(), "SELECT * FROM iasql_install('aws_ecr')")
    yield first, second
    first.remove()
    second.remove()


@pytest.fixture
def db(databases):
    with databases[0].connect() as db:
        yield db


def test_the_role_can_do_nothing_beyond_its_database(db):
    (role,) = rows(db, "SELECT * FROM pg_roles WHERE rolname = current_user")
    for right in ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"):
        assert role[right] is False, right
    assert rows(db, "SELECT FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)") == []


DENIED = [
    "SELECT * FROM iasql.connection",
    "COPY iasql.connection TO STDOUT",
    "SELECT sealed FROM iasql.connection",
    "TABLE iasql.registry",
    "TABLE iasql.intent",
    "TABLE iasql.outcome",
    "INSERT INTO iasql.registry SELECT * FROM iasql.registry",
    "UPDATE iasql.registry SET created_here = true",
    "DELETE FROM iasql.intent",
    "INSERT INTO iasql.outcome (intent) VALUES (1)",
    "INSERT INTO iasql.fold_mark (intent) VALUES (1)",
    "UPDATE iasql.epoch SET value = 0",
    "LOCK TABLE iasql.epoch",
    "TRUNCATE iasql.module",
    "UPDATE iasql.module_table SET database_oid = 1",
    "CREATE TABLE iasql.mine (id integer)",
    "CREATE FUNCTION iasql.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE iasql.connection OWNER TO CURRENT_USER",
    "CREATE RULE mine AS ON INSERT TO iasql.intent DO ALSO NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON iasql.registry FOR EACH ROW EXECUTE FUNCTION iasql.check_row()",
    "CREATE VIEW mine AS SELECT * FROM iasql.connection; SELECT * FROM mine",
    "DROP EXTENSION iasql",
    "ALTER EXTENSION iasql UPDATE",
    "DROP SCHEMA iasql CASCADE",
    "DROP FUNCTION iasql.iasql_apply()",
    "CREATE OR REPLACE FUNCTION iasql.iasql_apply() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "SELECT iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\\x00')",
    "SELECT * FROM iasql.system_identity()",
    "SELECT iasql.disconnect()",
    "INSERT INTO iasql_module (name) VALUES ('mine')",
    "DELETE FROM iasql_tables",
    "UPDATE iasql_dependencies SET module = 'mine'",
    "TRUNCATE iasql_module CASCADE",
]


def test_what_is_ours_is_out_of_reach(db):
    for attempt in DENIED:
        db.execute("BEGIN")
        try:
            for statement in attempt.split("; "):
                db.execute(statement)
        except psycopg.Error as error:
            assert error.sqlstate == "42501", (attempt, error.sqlstate, str(error))
        else:
            pytest.fail(f"allowed: {attempt}")
        db.execute("ROLLBACK")
    assert plan(db) == []


def test_no_function_of_ours_runs_as_somebody_else(databases):
    with databases[0].superuser() as superuser:
        definer = superuser.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname IN ('iasql', 'public') AND prosecdef"
        ).fetchall()
        public = superuser.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = 'iasql'::regnamespace"
            " AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)"
        ).fetchall()
    assert definer == [] and public == []


def test_what_the_catalogue_shows_of_other_tenants(databases, db):
    """Names are random and carry no account; settings and comments of other databases hold nothing."""
    seen = str(rows(db, "SELECT * FROM pg_db_role_setting")) + str(rows(db, "SELECT * FROM pg_shdescription"))
    seen += str(rows(db, "SELECT datname, datacl FROM pg_database")) + str(rows(db, "SELECT rolname FROM pg_roles"))
    assert "123456789012" not in seen and "AKIA" not in seen and "testing" not in seen


def test_another_tenants_session_is_out_of_reach(databases, db):
    with databases[1].connect() as other:
        for function in ("pg_cancel_backend", "pg_terminate_backend"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                value(db, f"SELECT {function}(%s)", other.info.backend_pid)
        other.execute("SELECT 'canary of the other tenant'")
        assert "canary" not in str(rows(db, "SELECT query FROM pg_stat_activity WHERE datname <> current_database()"))


def test_a_database_is_disconnected_whatever_was_granted_to_its_role(server, emulator, databases):
    """By the owner of another database, as `pg_dump --no-owner | psql` does by itself."""
    one = HostedDatabase(server, emulator.url)
    role = one.url.split("//")[1].split(":")[0]
    with databases[0].connect() as other:
        other.execute(f"GRANT USAGE ON SCHEMA iasql TO {role}")
    one.remove()
    HostedDatabase(server, emulator.url).remove()
    with databases[0].superuser() as superuser:
        assert superuser.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role]).fetchone() == (False,)


def test_a_database_is_disconnected_whatever_its_owner_made_of_it(server, emulator):
    """A template cannot be dropped, and an owner may make his database one."""
    one = HostedDatabase(server, emulator.url)
    name, role = one.name, one.url.split("//")[1].split(":")[0]
    with one.connect() as owner:
        owner.execute(f"ALTER DATABASE {name} IS_TEMPLATE true")
    one.remove()
    with server.superuser() as superuser:
        assert rows(superuser, "SELECT FROM pg_database WHERE datname = %s", name) == []
        assert rows(superuser, "SELECT FROM pg_roles WHERE rolname = %s", role) == []


def test_a_grant_to_the_consoles_role_keeps_no_database_there(server, emulator, databases):
    one = HostedDatabase(server, emulator.url)
    name, role = one.name, one.url.split("//")[1].split(":")[0]
    with server.superuser() as superuser:
        superuser.execute(f"CREATE ROLE {role}_console LOGIN IN ROLE {role}")  # as the console makes it
        with databases[0].connect() as other:
            other.execute(f"GRANT CONNECT ON DATABASE {databases[0].name} TO {role}_console")
        one.remove()
        assert rows(superuser, "SELECT FROM pg_database WHERE datname = %s", name) == []
        assert rows(superuser, "SELECT rolcanlogin FROM pg_roles WHERE rolname ^@ %s", role) == [(False,)]


def test_one_that_cannot_be_settled_keeps_nobody_from_the_others(server, emulator, databases):
    """Its owner can close it from a database whose owner let him in."""
    one = HostedDatabase(server, emulator.url)
    name, role = one.name, one.url.split("//")[1].split(":")[0]
    elsewhere = databases[0].name
    with databases[0].connect() as other:
        other.execute(f"GRANT CONNECT ON DATABASE {elsewhere} TO {role}")
    with psycopg.connect(one.url.replace(name, elsewhere), autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    with pytest.raises(CommandFailed, match="not currently accepting connections"):
        server.iasql("connect", "--emulator", "--database", name, AWS_ENDPOINT_URL=emulator.url)
    HostedDatabase(server, emulator.url).remove()
    assert name in server.iasql("databases")
    one.remove()
    assert name not in server.iasql("databases")
