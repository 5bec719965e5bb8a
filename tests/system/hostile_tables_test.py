"""Tables that cannot be trusted to show all their rows are an error that names them, never a delete."""

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
    rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch')")
    yield database, proxy
    proxy.stop()
    database.remove()


@pytest.fixture
def db(connected, account):
    """The owner's connection; two log groups and a repository exist and have rows. What a test does is rolled back."""
    database, proxy = connected
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_sync()")
        db.execute("INSERT INTO repository (repository_name) VALUES ('kept')")
        db.execute("INSERT INTO log_group (log_group_name) VALUES ('kept'), ('kept-too')")
        plan(db, "iasql_apply")
        proxy.calls.clear()
        db.execute("BEGIN")
        yield db
        db.execute("ROLLBACK")


def there(account):
    repositories = account.client("ecr").describe_repositories()["repositories"]
    groups = account.client("logs").describe_log_groups()["logGroups"]
    return len(repositories), len(groups)


TAMPERINGS = {
    "dropped": ("DROP TABLE log_group CASCADE", "was dropped"),
    "renamed": ("ALTER TABLE log_group RENAME TO logs", 'was renamed to "logs"'),
    "moved": ("CREATE SCHEMA elsewhere; ALTER TABLE log_group SET SCHEMA elsewhere", 'was moved to schema "elsewhere"'),
    "made anew": ("DROP TABLE log_group CASCADE; CREATE TABLE log_group (id integer, log_group_name text)", "was dropped"),
    "a view in its place": (
        "ALTER TABLE log_group RENAME TO logs; CREATE VIEW log_group AS SELECT * FROM logs WHERE false",
        "was renamed",
    ),
    "without a log": ("ALTER TABLE log_group SET UNLOGGED", "is unlogged: a crash would empty it"),
    "an inheritance child": ("CREATE TABLE child () INHERITS (log_group)", "has an inheritance child"),
    "an inheritance parent": (
        "CREATE TABLE parent (region text); ALTER TABLE log_group INHERIT parent",
        "inherits from another table",
    ),
    "a rule instead": ("CREATE RULE rule AS ON DELETE TO log_group DO INSTEAD NOTHING", "has a rewrite rule"),
    "a rule also": ("CREATE RULE rule AS ON INSERT TO log_group DO ALSO NOTIFY inserted", "has a rewrite rule"),
    "forced row security": (
        "ALTER TABLE log_group ENABLE ROW LEVEL SECURITY; ALTER TABLE log_group FORCE ROW LEVEL SECURITY",
        "row-level security",
    ),
    "a lost column": ("ALTER TABLE log_group DROP COLUMN log_group_arn CASCADE", 'has no column "log_group_arn"'),
    "a renamed column": ("ALTER TABLE log_group RENAME COLUMN log_group_name TO name", 'has no column "log_group_name"'),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_is_an_error_that_names_the_table(db, account, connected, tampering):
    statements, reason = TAMPERINGS[tampering]
    for statement in statements.split(";"):
        db.execute(statement)
    check_that_all_refuse(db, "log_group", reason)
    assert connected[1].calls == [], "nothing was asked of AWS, let alone changed"
    assert there(account) == (1, 2)


def check_that_all_refuse(db, table, reason):
    for function in ("iasql_plan_apply", "iasql_apply", "iasql_sync", "iasql_plan_sync"):
        db.execute("SAVEPOINT here")
        with pytest.raises(psycopg.Error) as refused:
            plan(db, function)
        assert refused.value.sqlstate == "IQ004", (function, refused.value)
        assert table in str(refused.value) and reason in str(refused.value)
        db.execute("ROLLBACK TO here")
    db.execute("SAVEPOINT here")
    with pytest.raises(psycopg.Error):
        db.execute("SELECT delete_all_records()")
    db.execute("ROLLBACK TO here")


def test_a_lost_foreign_key_replaces_nothing(database, ec2):
    """Without it the number of the row pointed at would be a change of what AWS has."""
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_vpc', 'aws_cloudwatch')")
    db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16')")
    db.execute(
        "INSERT INTO subnet (vpc_id, cidr_block, availability_zone) "
        "SELECT id, '10.1.1.0/24', 'eu-west-2a' FROM vpc WHERE NOT is_default"
    )
    plan(db, "iasql_apply")
    subnets = {subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]}
    with db.transaction(force_rollback=True):
        db.execute("ALTER TABLE subnet DROP CONSTRAINT subnet_vpc_id_fkey")
        check_that_all_refuse(db, "subnet", 'has no foreign key on column "vpc_id" any more')
        with pytest.raises(psycopg.Error, match="has no foreign key"), db.transaction():
            db.execute("UPDATE subnet SET cidr_block = '10.1.2.0/24' WHERE cidr_block = '10.1.1.0/24'")
        db.execute("INSERT INTO log_group (log_group_name) VALUES ('another-table')")
        db.execute("ALTER TABLE subnet ADD FOREIGN KEY (vpc_id) REFERENCES vpc")
        assert plan(db) == [("create", "log_group", "another-table")]
    assert {subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]} == subnets


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "ALTER TABLE load_balancer_security_groups DROP CONSTRAINT load_balancer_security_groups_security_group_id_fkey",
            'has no foreign key on column "security_group_id"',
        ),
        ("DROP TABLE load_balancer_security_groups", "was dropped"),
    ],
)
def test_what_is_wrong_with_a_part_keeps_rows_out_of_its_owner_alone(database, statement, reason):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_elb')")
    db.execute(statement)
    db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16')")
    with pytest.raises(psycopg.Error) as refused:
        db.execute("INSERT INTO load_balancer (load_balancer_name, load_balancer_type) VALUES ('a', 'application')")
    assert refused.value.sqlstate == "IQ004", refused.value
    assert "load_balancer_security_groups" in str(refused.value) and reason in str(refused.value)


def test_row_security_hides_rows_from_others_not_from_us(db, account, connected):
    """A policy for other roles does not concern the table's owner: all rows are seen, and none is deleted."""
    db.execute("ALTER TABLE log_group ENABLE ROW LEVEL SECURITY")
    db.execute("CREATE POLICY partly ON log_group USING (log_group_name = 'kept')")
    assert plan(db) == [] and plan(db, "iasql_apply") == [] and plan(db, "iasql_sync") == []
    assert there(account) == (1, 2)


def test_row_security_for_a_caller_that_sees_less(connected, account, db):
    """Whoever calls, the table's owner reads."""
    database, _ = connected
    db.execute("COMMIT")
    role = f"reader_{database.name}"
    with database.superuser() as superuser:
        superuser.execute(f"CREATE ROLE {role}")
        superuser.execute(f"GRANT {role} TO {db.info.user}")
    try:
        db.execute("ALTER TABLE log_group ENABLE ROW LEVEL SECURITY")
        db.execute("CREATE POLICY partly ON log_group USING (log_group_name = 'kept')")
        db.execute(f"GRANT USAGE ON SCHEMA iasql TO {role}")
        db.execute(f"GRANT EXECUTE ON FUNCTION iasql.iasql_plan_apply(), iasql.iasql_apply() TO {role}")
        db.execute(f"GRANT SELECT ON log_group TO {role}")
        db.execute(f"SET ROLE {role}")
        assert value(db, "SELECT count(*) FROM log_group") == 1
        assert plan(db, "iasql.iasql_plan_apply") == []
        assert plan(db, "iasql.iasql_apply") == []
    finally:
        db.execute("RESET ROLE")
        db.execute("DROP POLICY partly ON log_group")
        db.execute("ALTER TABLE log_group DISABLE ROW LEVEL SECURITY")
        db.execute(f"REVOKE ALL ON log_group FROM {role}")
        db.execute(f"REVOKE ALL ON FUNCTION iasql.iasql_plan_apply(), iasql.iasql_apply() FROM {role}")
        db.execute(f"REVOKE ALL ON SCHEMA iasql FROM {role}")
        with database.superuser() as superuser:
            superuser.execute(f"DROP ROLE {role}")
        db.execute("BEGIN")
    assert there(account) == (1, 2)


def test_truncate_is_a_delete_of_every_row(db, account):
    db.execute("TRUNCATE log_group")
    assert [(action, table) for action, table, _ in plan(db)] == [("delete", "log_group")] * 2
    db.execute("ROLLBACK")
    assert plan(db) == []
    db.execute("TRUNCATE log_group")
    db.execute("SET iasql.max_deletes = 1")
    with pytest.raises(psycopg.Error, match="iasql.max_deletes") as refused:
        plan(db, "iasql_apply")
    assert refused.value.sqlstate == "IQ014"
    assert there(account) == (1, 2)
    db.execute("SET iasql.max_deletes = 2")
    assert len(plan(db, "iasql_apply")) == 2
    assert there(account) == (1, 0)
    db.execute("BEGIN")


def test_what_the_owner_may_add(db, account):
    """Columns, constraints, indexes, grants: the extension does not fight them."""
    for statement in (
        "ALTER TABLE log_group ADD COLUMN team text DEFAULT 'nobody'",
        "ALTER TABLE log_group ADD CONSTRAINT short CHECK (length(log_group_name) < 100)",
        "CREATE INDEX ON log_group (team)",
        "CREATE TABLE alarm (log_group integer REFERENCES log_group (id))",
        "INSERT INTO alarm SELECT id FROM log_group",
        "ALTER TABLE log_group ALTER COLUMN log_group_name SET STORAGE EXTERNAL",
        "CREATE VIEW groups AS SELECT * FROM log_group",
        "GRANT SELECT ON log_group TO PUBLIC",
    ):
        db.execute(statement)
    db.execute("INSERT INTO log_group (log_group_name, team) VALUES ('mine', 'us')")
    assert plan(db, "iasql_apply") == [("create", "log_group", "mine")]
    assert plan(db, "iasql_sync") == []
    assert value(db, "SELECT team FROM log_group WHERE log_group_name = 'mine'") == "us"
    assert value(db, "SELECT count(*) FROM alarm JOIN log_group ON id = log_group") == 2
