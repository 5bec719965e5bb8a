"""What keeps tenants in their databases: a matrix of who reaches what, forty and more ways out that all fail, and the settings
and catalogues that all of that rests on."""

import contextlib
import os
import pathlib
import re
import subprocess

import psycopg
import pytest

from server import IASQL, SOURCE, HostedDatabase, Server, plan, rows, value

TENANTS = 4
# Extensions that PostgreSQL itself marks as safe in the hands of a database's owner; whatever else is there, a tenant cannot make.
ALLOWED = {
    "btree_gin", "btree_gist", "citext", "cube", "dict_int", "fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree",
    "pg_trgm", "pgcrypto", "plpgsql", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp",
}  # fmt: skip


@pytest.fixture(scope="module")
def tenants(server, emulator):
    emulator.reset()
    tenants = [HostedDatabase(server, emulator.url) for _ in range(TENANTS)]
    yield tenants
    for tenant in tenants:
        tenant.remove()


@pytest.fixture
def db(tenants):
    with tenants[0].connect() as db:
        yield db


def role(tenant):
    return re.match(r"postgres://([a-z0-9]+):", tenant.url).group(1)


def outcome(url):
    try:
        psycopg.connect(url, connect_timeout=10).close()
        return "in"
    except psycopg.OperationalError as error:
        return re.search(r"FATAL:  (permission denied for database|password authentication failed|pg_hba.conf rejects)", str(error))[1]


def test_the_matrix(server, tenants):
    """Each tenant, each database: its own alone. With another's name and its own password, not even that."""
    with server.superuser() as superuser:
        names = [name for (name,) in superuser.execute("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1")]
    assert {"postgres", "iasql", "template1", *(tenant.name for tenant in tenants)} <= set(names)
    matrix = {
        (number, name): outcome(tenant.url.replace(tenant.name, name)) for number, tenant in enumerate(tenants) for name in names
    }
    print(*(f"tenant {number}: {name:18} {what}" for (number, name), what in matrix.items()), sep="\n")
    assert matrix == {
        (number, name): "in" if name == tenant.name else "permission denied for database"
        for number, tenant in enumerate(tenants)
        for name in names
    }
    for one in tenants:
        for other in tenants:
            if one is not other:
                assert outcome(one.url.replace(role(one), role(other))) == "password authentication failed"
    address = tenants[0].url.rpartition("@")[2]
    assert outcome(f"postgres://iasql_operator:x@{address}") == "pg_hba.conf rejects"


# Ways out of the database, or to more than its owner may do in it. {own}, {other}: role; {database}, {others}: database.
OUT = [
    # files and programs
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "CREATE TEMP TABLE t (l text); COPY t FROM PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "CREATE TEMP TABLE t (l text); COPY t FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT pg_stat_file('/etc/passwd')",
    "SELECT * FROM pg_ls_dir('.')",
    "SELECT pg_ls_logdir()",
    "SELECT pg_ls_waldir()",
    "SELECT pg_ls_tmpdir()",
    "SELECT pg_current_logfile()",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/mine')",
    "CREATE TABLESPACE mine LOCATION '/tmp'",
    # code of one's own in the server
    "LOAD '/tmp/mine.so'",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE c AS 'iasql', 'iasql_apply'",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE internal AS 'pg_reload_conf'",
    "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
    "CREATE FOREIGN DATA WRAPPER mine",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION iasql.check_row()",
    "CREATE TYPE mine; CREATE FUNCTION mine(cstring) RETURNS mine LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
    # other roles
    "CREATE ROLE mine",
    "ALTER ROLE {own} SUPERUSER",
    "ALTER ROLE {own} CREATEROLE",
    "ALTER ROLE {own} CREATEDB",
    "ALTER ROLE {own} REPLICATION",
    "ALTER ROLE {own} BYPASSRLS",
    "ALTER ROLE {own} CONNECTION LIMIT -1",
    "ALTER ROLE {other} PASSWORD 'mine'",
    "ALTER ROLE iasql_operator PASSWORD 'mine'",
    "ALTER ROLE {other} SET search_path = mine",
    "ALTER ROLE ALL SET search_path = mine",
    "DROP ROLE {other}",
    "SET ROLE iasql_operator",
    "SET ROLE {other}",
    "SET SESSION AUTHORIZATION iasql_operator",
    "GRANT iasql_operator TO {own}",
    "GRANT {other} TO {own}",
    "GRANT pg_read_all_data TO {own}",
    "GRANT pg_read_server_files TO {own}",
    "GRANT pg_write_server_files TO {own}",
    "GRANT pg_execute_server_program TO {own}",
    "GRANT pg_signal_backend TO {own}",
    "GRANT pg_monitor TO {own}",
    "REASSIGN OWNED BY iasql_operator TO {own}",
    "DROP OWNED BY {other}",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_user_mapping",
    # other databases, the server itself
    "CREATE DATABASE mine",
    "DROP DATABASE \"{others}\"",
    "ALTER DATABASE \"{others}\" OWNER TO {own}",
    "ALTER DATABASE \"{others}\" SET search_path = mine",
    "ALTER DATABASE \"{database}\" SET iasql.endpoint_url = 'http://127.0.0.1:1'",
    "ALTER DATABASE iasql RENAME TO mine",
    "GRANT CONNECT ON DATABASE \"{others}\" TO {own}",
    "COMMENT ON DATABASE \"{others}\" IS 'mine'",
    "CREATE SUBSCRIPTION mine CONNECTION 'host=127.0.0.1 dbname=iasql' PUBLICATION mine",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "SELECT pg_create_physical_replication_slot('mine')",
    "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('mine')",
    "SELECT pg_backup_start('mine')",
    "SELECT pg_promote()",
    "SELECT pg_log_backend_memory_contexts(1)",
    "SELECT pg_stat_reset_shared('wal')",
    "CHECKPOINT",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM pg_config",
    "SHOW config_file",
    "SHOW iasql.key_file",
    "SHOW iasql.endpoint_url",
    # settings that are the operator's
    "SET session_preload_libraries = '/tmp/mine'",
    "SET dynamic_library_path = '/tmp'",
    "SET session_replication_role = replica",
    "SET lo_compat_privileges = on",
    "SET log_statement = 'all'",
    "SET temp_file_limit = -1",
    "ALTER ROLE {own} SET temp_file_limit = -1",
    "ALTER DATABASE \"{database}\" SET temp_file_limit = -1",
    "SET iasql.endpoint_url = 'http://127.0.0.1:1'",
    "SET iasql.key_file = '/tmp/mine'",
    "SET iasql.read_lag = 0",
]


def test_no_way_out(tenants, db):
    assert len(OUT) == len(set(OUT)) >= 40
    names = {"own": role(tenants[0]), "other": role(tenants[1]), "database": tenants[0].name, "others": tenants[1].name}
    allowed, otherwise = [], []
    for way in OUT:
        for together in (True, False):  # some are refused in a transaction before anybody asks who it is
            try:
                if together:
                    db.execute("BEGIN")
                for statement in way.format(**names).split("; "):
                    db.execute(statement)
                allowed.append(way)
            except psycopg.Error as error:
                if error.sqlstate == "25001" and together:
                    db.execute("ROLLBACK")
                    continue
                if error.sqlstate != "42501":
                    otherwise.append((way, error.sqlstate, str(error)))
            if together:
                db.execute("ROLLBACK")
            break
    assert allowed == [] and otherwise == []
    assert plan(db) == []


def test_extensions(db):
    """Of all that lie on this server, those on the list and no other."""
    names = [row["name"] for row in rows(db, "SELECT name FROM pg_available_extensions ORDER BY name")]
    assert {"iasql", "dblink", "file_fdw", "postgres_fdw", "adminpack"} & set(names), "contrib is there"
    made = {"plpgsql"}
    for name in names:
        if name in ("plpgsql", "iasql"):
            continue
        db.execute("BEGIN")
        try:
            db.execute(f'CREATE EXTENSION "{name}" CASCADE')
            made.add(name)
        except psycopg.Error as error:
            # 58P01: a library that needs another one which is not there, for a superuser as well.
            assert error.sqlstate in ("42501", "58P01"), (name, error)
        db.execute("ROLLBACK")
    assert made <= ALLOWED, made - ALLOWED


def test_rights_of_roles(server, tenants):
    with server.superuser() as superuser:
        able = superuser.execute(
            "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        ).fetchall()
        # The console's role of a tenant may do what the tenant may.
        members = superuser.execute(
            "SELECT m.roleid::regrole::text, m.member::regrole::text FROM pg_auth_members m WHERE member >= 16384"
            " AND m.member::regrole::text <> m.roleid::regrole::text || '_console'"
        ).fetchall()
        limits = superuser.execute(
            "SELECT rolconnlimit, rolconfig FROM pg_roles WHERE rolname = ANY (%s)", [[role(tenant) for tenant in tenants]]
        ).fetchall()
    assert able == [("iasql_operator",)] and members == []
    assert limits == [(40, ["temp_file_limit=1GB", "statement_timeout=2h", "work_mem=8MB"])] * TENANTS


def test_names_carry_nothing_of_the_account(tenants):
    for tenant in tenants:
        assert re.fullmatch(r"_[0-9a-f]{16}", tenant.name) and re.fullmatch(r"[a-z][a-z0-9]{7}", role(tenant))
    assert len({tenant.name for tenant in tenants} | {role(tenant) for tenant in tenants}) == 2 * TENANTS


def test_one_tenants_connections_are_its_own(tenants):
    """One opens as many as it can; the others still get in."""
    with contextlib.ExitStack() as open_ones:
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            for _ in range(41):
                open_ones.enter_context(psycopg.connect(tenants[1].url))
        assert [outcome(tenant.url) for tenant in tenants if tenant is not tenants[1]] == ["in"] * (TENANTS - 1)


def test_one_tenants_temporary_files_end_somewhere(server, tenants):
    """The limit that the operator gave; RESET does not take it away."""
    tenant = tenants[1]
    with server.superuser() as superuser:
        superuser.execute(f"ALTER ROLE {role(tenant)} SET temp_file_limit = '2MB'")
    try:
        with tenant.connect() as db:
            db.execute(f"ALTER ROLE {role(tenant)} RESET ALL")
            db.execute("RESET ALL")
        with tenant.connect() as db:
            with pytest.raises(psycopg.errors.ConfigurationLimitExceeded):
                db.execute("SELECT count(*) FROM (SELECT g FROM generate_series(1, 1000000) g ORDER BY g::text) AS sorted")
    finally:
        with server.superuser() as superuser:
            for setting, to in (("temp_file_limit", "1GB"), ("statement_timeout", "2h"), ("work_mem", "8MB")):
                superuser.execute(f"ALTER ROLE {role(tenant)} SET {setting} = '{to}'")


def test_timeouts_and_memory_are_only_defaults(db):
    assert value(db, "SHOW statement_timeout") == "2h" and value(db, "SHOW work_mem") == "8MB"
    db.execute("SET statement_timeout = 0")
    db.execute("SET work_mem = '64MB'")


@pytest.mark.parametrize("setting", ["iasql.endpoint_url=http://127.0.0.1:1", "iasql.key_file=/tmp/mine", "iasql.read_lag=7"])
def test_settings_of_the_operator_in_the_connection_string(tenants, setting):
    """The library is there before a session begins, so that its settings are known as the operator's."""
    with pytest.raises(psycopg.OperationalError, match="permission denied to set parameter"):
        psycopg.connect(tenants[0].url, options=f"-c {setting}")
    with tenants[0].connect() as db:
        for setting_of_session in ("endpoint_url", "key_file"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SET iasql.{setting_of_session} = '/tmp/mine'")
        assert rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')") is not None, "calls still go to the emulator"
        rows(db, "SELECT * FROM iasql_uninstall('aws_cloudwatch')")


def test_pg_hba(server):
    """Line by line: superuser through the private socket, tenants by SCRAM, TLS beyond loopback, and nobody else."""
    with server.superuser() as superuser:
        lines = superuser.execute(
            "SELECT type, database, user_name, address, auth_method FROM pg_hba_file_rules ORDER BY line_number"
        ).fetchall()
    assert lines == [
        ("local", ["all", "replication"], ["iasql_operator"], None, "peer"),
        ("local", ["all"], ["all"], None, "reject"),
        ("host", ["all"], ["iasql_operator"], "all", "reject"),
        ("host", ["all"], ["all"], "127.0.0.1", "scram-sha-256"),
        ("host", ["all"], ["all"], "::1", "scram-sha-256"),
        ("hostssl", ["all"], ["all"], "all", "scram-sha-256"),
        ("host", ["all"], ["all"], "all", "reject"),
    ]


def test_an_md5_password_is_none(server, tenants):
    """A tenant may weaken how its own password is kept; then nobody logs in with it, and the operator gives it another."""
    tenant = tenants[2]
    with tenant.connect() as db:
        db.execute("SET password_encryption = 'md5'")
        db.execute(f"ALTER ROLE {role(tenant)} PASSWORD 'of my own'")
    assert outcome(tenant.url) == "password authentication failed"
    assert outcome(tenant.url.replace(re.search(":([A-Za-z0-9]{24})@", tenant.url)[1], "of%20my%20own")) == "password authentication failed"
    tenant.url = server.iasql("rotate", tenant.name).strip()
    assert outcome(tenant.url) == "in"


def test_beyond_loopback_with_tls_alone(emulator):
    """An operator who listens on another address, with a certificate."""
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    address = next((one for one in addresses if ":" not in one), None)
    if not address:
        pytest.skip("this host has no address beyond loopback")
    server = Server()
    try:
        with server.superuser() as superuser:
            (folder,) = superuser.execute("SHOW data_directory").fetchone()
            superuser.execute("ALTER SYSTEM SET listen_addresses = '*'")
            superuser.execute("ALTER SYSTEM SET ssl = on")
        folder = pathlib.Path(folder)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-keyout", folder / "server.key", "-out", folder / "server.crt"], check=True, capture_output=True,
        )  # fmt: skip
        for name in ("server.key", "server.crt"):
            (folder / name).chmod(0o600)
            subprocess.run(["chown", f"--reference={folder}", folder / name], check=True)
        server.iasql("down")
        server.start()
        url = HostedDatabase(server, emulator.url).url.replace("127.0.0.1", address)
        with psycopg.connect(url, sslmode="require") as db:
            assert db.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()[0] >= "TLSv1.2"
        with pytest.raises(psycopg.OperationalError, match="pg_hba.conf rejects connection"):
            psycopg.connect(url, sslmode="disable")
    finally:
        server.remove()


# What we put into a database


def test_functions_of_ours(tenants):
    """None runs as somebody else, PUBLIC may call none, and what is written in SQL says which schemas its names mean."""
    with tenants[0].superuser() as superuser:
        definers = superuser.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE prosecdef AND nspname <> 'pg_catalog'"
        ).fetchall()
        public = superuser.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = 'iasql'::regnamespace"
            " AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)"
        ).fetchall()
        unqualified = superuser.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = prolang"
            " WHERE pronamespace = 'iasql'::regnamespace AND lanname NOT IN ('c', 'internal')"
            " AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']"
        ).fetchall()
    assert (definers, public, unqualified) == ([], [], [])


def test_the_script_captures_nothing():
    """CVE-2022-2625: what exists already must not become a member; CVE-2023-39417: no name inside quotes."""
    script = "\n".join(file.read_text() for file in sorted((SOURCE / "src" / "extension" / "sql").glob("*.sql")))
    code = re.sub(r"--.*", "", script)
    assert not re.search(r"CREATE\s+OR\s+REPLACE|IF\s+NOT\s+EXISTS|@ext(owner|schema)", code, re.IGNORECASE)
    made = re.findall(r"^CREATE\s+(?:TABLE|VIEW|FUNCTION|TYPE|SEQUENCE)\s+(\S+)", code, re.MULTILINE)
    assert len(made) > 30 and [name for name in made if not name.startswith("iasql.")] == []


HOSTILE = [
    "CREATE TABLE sprung (who text)",
    "CREATE FUNCTION spring() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.sprung SELECT current_user; END $$",
    "CREATE FUNCTION format(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring(); RETURN $1; END $$",
    "CREATE FUNCTION quote_ident(name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring(); RETURN $1; END $$",
    "CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM public.spring(); RETURN $1 OPERATOR(pg_catalog.=) $2; END $$",
    "CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = same)",
    "CREATE OPERATOR ^@ (LEFTARG = text, RIGHTARG = text, FUNCTION = same)",
    "CREATE FUNCTION joined(text, text) RETURNS text LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM public.spring(); RETURN pg_catalog.concat($1, $2); END $$",
    "CREATE OPERATOR || (LEFTARG = text, RIGHTARG = text, FUNCTION = joined)",
    "CREATE FUNCTION iasql_apply() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring(); END $$",
    "CREATE VIEW iasql_module AS SELECT same('a', 'a')",
]


@pytest.fixture
def prepared(server):
    """A database whose owner was in it before the extension."""
    with server.superuser() as superuser:
        superuser.execute("CREATE ROLE hostile LOGIN PASSWORD 'hostile'")
        superuser.execute("CREATE DATABASE prepared OWNER hostile TEMPLATE template0")
    yield f"postgres://hostile:hostile@127.0.0.1:{server.port}/prepared"
    with server.superuser() as superuser:
        superuser.execute("DROP DATABASE prepared WITH (FORCE)")
        superuser.execute("DROP ROLE hostile")


def connect_prepared(server, account):
    return subprocess.run(
        [IASQL, "connect", "--emulator", "--region", "eu-west-2", "--database", "prepared"], capture_output=True, text=True,
        env={**os.environ, "IASQL_DATA": str(server.data), "AWS_ENDPOINT_URL": account.url},
    )  # fmt: skip


def test_objects_that_were_there_before_the_extension(server, account, prepared):
    """Functions, operators and a view that our statements might mean: with the operator's rights none of them runs."""
    with psycopg.connect(prepared, autocommit=True) as owner:
        for statement in HOSTILE:
            owner.execute(statement)
        owner.execute("ALTER DATABASE prepared SET search_path = public, pg_catalog")
    finished = connect_prepared(server, account)
    assert "Traceback" not in finished.stderr
    with psycopg.connect(prepared, autocommit=True) as owner:
        with contextlib.suppress(psycopg.Error):
            owner.execute("SELECT * FROM iasql.iasql_install('aws_cloudwatch')")
    with server.superuser("prepared") as superuser:
        superuser.execute("SET search_path = pg_catalog, pg_temp")
        with contextlib.suppress(psycopg.Error):
            superuser.execute("ALTER EXTENSION iasql UPDATE")
        sprung = superuser.execute("SELECT who FROM public.sprung WHERE who <> 'hostile'").fetchall()
        assert sprung == []
        members = superuser.execute(
            "SELECT d.objid::regprocedure FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_extension e ON e.oid = refobjid"
            " WHERE d.deptype = 'e' AND e.extname = 'iasql' AND p.proowner = 'hostile'::regrole"
        ).fetchall()
        assert members == []


@pytest.mark.parametrize("object", ["", "; CREATE TABLE iasql.connection (only_one boolean)", "; CREATE FUNCTION iasql.repair() RETURNS void LANGUAGE sql AS ''"])
def test_a_schema_of_that_name(server, account, prepared, object):
    """The extension does not move into a house that somebody else has the keys to."""
    with psycopg.connect(prepared, autocommit=True) as owner:
        owner.execute(f"CREATE SCHEMA iasql{object}")
    finished = connect_prepared(server, account)
    assert finished.returncode == 1 and "schema iasql exists already and belongs to another role" in finished.stderr
    with server.superuser("prepared") as superuser:
        assert superuser.execute("SELECT FROM pg_extension WHERE extname = 'iasql'").fetchall() == []
