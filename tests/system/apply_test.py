"""From rows to objects: what a plan shows, and that applying makes the account so."""

from aws_objects import assert_agrees, in_aws
from server import REGION, plan, rows, value
from steps import MODULES, applied, apply, assert_settled, insert, install, sync, synced

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}'


def write_rows(db):
    """A row in each table, children pointing at parents that do not exist yet."""
    repository = insert(db, "repository", repository_name="app", scan_on_push=True)
    insert(db, "repository_policy", repository_id=repository, policy_text=POLICY)
    insert(db, "log_group", log_group_name="/app")
    vpc = insert(db, "vpc", cidr_block="10.1.0.0/16")
    insert(db, "subnet", vpc_id=vpc, cidr_block="10.1.1.0/24", availability_zone=f"{REGION}a")
    group = insert(db, "security_group", group_name="web", description="Web")
    for port in (80, 443):
        insert(
            db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=port,
            to_port=port, cidr_ipv4="0.0.0.0/0",
        )  # fmt: skip


CREATES = {
    ("create", "repository", "app"),
    ("create", "repository_policy", "app"),
    ("create", "log_group", "/app"),
    ("create", "vpc", "10.1.0.0/16"),
    ("create", "subnet", "10.1.1.0/24"),
    ("create", "security_group", "web"),
    ("create", "security_group_rule", "ingress tcp 80 0.0.0.0/0 of web"),
    ("create", "security_group_rule", "ingress tcp 443 0.0.0.0/0 of web"),
}
# Apply lists what a plan, being local, cannot know: AWS's own egress rule, which no row describes.
AWS_EGRESS_RULE = ("delete", "security_group_rule")

# AWS makes a default security group with every VPC; it stays, and the next sync imports it.
WITH_A_VPC = {("create", "security_group"), ("create", "security_group_rule")}


def creates(changes):
    return {change for change in changes if change[:2] != AWS_EGRESS_RULE}


def assert_parents_first(changes):
    tables = [table for _, table, _ in changes]
    for parent, child in (("repository", "repository_policy"), ("vpc", "subnet"), ("security_group", "security_group_rule")):
        assert tables.index(parent) < tables.index(child)


def test_a_plan_lists_each_row_once_and_parents_first(db):
    install(db, *MODULES)
    write_rows(db)
    planned = plan(db)
    assert set(planned) == CREATES and len(planned) == len(CREATES)
    assert_parents_first(planned)


def test_a_plan_changes_nothing(account, db):
    install(db, *MODULES)
    write_rows(db)
    before = {table: in_aws(account, table) for table in ("repository", "log_group", "vpc", "security_group")}
    plan(db)
    assert before == {table: in_aws(account, table) for table in before}
    assert rows(db, "SELECT * FROM iasql.history") == []


def test_a_plan_has_the_rows_ids(db):
    install(db, "aws_cloudwatch")
    row = insert(db, "log_group", log_group_name="/app")
    assert value(db, "SELECT id FROM iasql_plan_apply()") == row
    assert value(db, "SELECT id FROM iasql_apply()") == row
    db.execute("DELETE FROM log_group")
    assert value(db, "SELECT id FROM iasql_plan_apply()") is None


def test_everything_in_one_transaction(account, database):
    connection = database.connect(autocommit=False)
    install(connection, *MODULES)
    write_rows(connection)
    assert set(plan(connection)) == CREATES
    done = apply(connection)
    assert creates(done) == CREATES
    assert_parents_first(done)
    assert plan(connection) == []
    connection.commit()
    assert {change[:2] for change in plan(connection, "iasql_plan_sync")} == WITH_A_VPC
    synced(connection)
    assert_agrees(account, connection)


def test_everything_in_many_transactions(account, database, db):
    install(db, *MODULES)
    write_rows(db)
    done = apply(database.connect())
    assert creates(done) == CREATES
    assert [change for change in done if change[:2] == AWS_EGRESS_RULE] != []
    assert plan(database.connect()) == []
    synced(database.connect())
    assert_agrees(account, db)


def test_deletes_are_named_by_what_aws_calls_them_and_children_go_first(account, db):
    install(db, *MODULES)
    write_rows(db)
    apply(db)
    sync(db)
    gone = {
        value(db, "SELECT repository_arn FROM repository"),
        value(db, "SELECT log_group_arn FROM log_group"),
        value(db, "SELECT vpc_id FROM vpc WHERE NOT is_default"),
        value(db, "SELECT group_id FROM security_group WHERE group_name = 'web'"),
    }
    before = in_aws(account, "subnet")
    rules = {
        row["security_group_rule_id"]
        for row in rows(db, "SELECT security_group_rule_id FROM security_group_rule WHERE from_port IN (80, 443)")
    }
    for statement in (
        "repository_policy", "repository", "log_group", "subnet WHERE cidr_block = '10.1.1.0/24'",
        "vpc WHERE cidr_block = '10.1.0.0/16'", "security_group_rule WHERE from_port IN (80, 443)",
        "security_group WHERE group_name = 'web'",
    ):  # fmt: skip
        db.execute(f"DELETE FROM {statement}")
    planned = plan(db)
    assert {action for action, _, _ in planned} == {"delete"} and len(planned) == len(CREATES)
    assert gone | rules <= {description for _, _, description in planned}
    tables = [table for _, table, _ in planned]
    for parent, child in (("repository", "repository_policy"), ("vpc", "subnet"), ("security_group", "security_group_rule")):
        assert max(i for i, table in enumerate(tables) if table == child) < tables.index(parent)
    assert set(apply(db)) == set(planned)
    synced(db)
    assert_agrees(account, db)
    assert len(in_aws(account, "subnet")) == len(before) - 1
    assert in_aws(account, "repository") == in_aws(account, "log_group") == []


def test_truncate_is_a_delete_of_every_row(account, db):
    install(db, "aws_cloudwatch")
    for name in ("/a", "/b"):
        insert(db, "log_group", log_group_name=name)
    applied(db)
    db.execute("TRUNCATE log_group")
    assert [action for action, _, _ in applied(db)] == ["delete", "delete"]
    assert in_aws(account, "log_group") == []


def test_created_again_under_the_same_name(account, db):
    install(db, "aws_ecr", "aws_cloudwatch")
    for turn in range(2):
        insert(db, "repository", repository_name="app")
        insert(db, "log_group", log_group_name="/app")
        assert {action for action, _, _ in applied(db)} == {"create"}
        assert_agrees(account, db, "repository", "log_group")
        db.execute("DELETE FROM repository")
        db.execute("DELETE FROM log_group")
        assert {action for action, _, _ in applied(db)} == {"delete"}
        assert in_aws(account, "repository") == in_aws(account, "log_group") == []


def test_a_row_deleted_and_written_again_is_the_same_object(account, db):
    install(db, "aws_cloudwatch")
    insert(db, "log_group", log_group_name="/app", tags='{"a": "1"}')
    applied(db)
    created = in_aws(account, "log_group")[0]["creation_time"]
    db.execute("DELETE FROM log_group")
    insert(db, "log_group", log_group_name="/app", tags='{"a": "2"}')
    assert plan(db) == [("update", "log_group", "/app")]
    assert applied(db) == [("update", "log_group", "/app")]
    assert in_aws(account, "log_group")[0]["creation_time"] == created
    assert_agrees(account, db, "log_group")


def test_nothing_to_do_is_no_call(proxy, database):
    connection = database.connect()
    install(connection, *MODULES)
    before = proxy.count()
    assert plan(connection) == [] and apply(connection) == []
    assert proxy.count() == before


def test_apply_reads_only_what_it_touches(proxy, database):
    connection = database.connect()
    install(connection, *MODULES)
    insert(connection, "log_group", log_group_name="/app")
    before = len(proxy.calls)
    apply(connection)
    assert {call.service for call in proxy.calls[before:]} == {"logs"}


def test_history_names_each_change_with_its_request_id(db):
    install(db, "aws_cloudwatch", "aws_ecr")
    insert(db, "log_group", log_group_name="/app")
    apply(db)
    db.execute("UPDATE log_group SET tags = '{\"a\": \"1\"}'")
    apply(db)
    db.execute("DELETE FROM log_group")
    apply(db)
    history = rows(db, 'SELECT * FROM iasql.history ORDER BY "when"')
    assert [(row["action"], row["table_name"], row["description"].rpartition(":")[2]) for row in history] == [
        ("create", "log_group", "/app"), ("update", "log_group", "/app"), ("delete", "log_group", "/app")
    ]  # fmt: skip
    for row in history:
        assert row["aws_request_id"] and row["error"] is None
        assert row["who"] == value(db, "SELECT current_user::text")
    assert rows(db, "SELECT * FROM iasql.progress WHERE state <> 'done'") == []


def test_a_statement_of_the_plan_works_read_only_and_without_a_network(proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    insert(connection, "log_group", log_group_name="/app")
    proxy.down()
    connection.execute("BEGIN READ ONLY")
    assert plan(connection) == [("create", "log_group", "/app")]
    connection.execute("COMMIT")
