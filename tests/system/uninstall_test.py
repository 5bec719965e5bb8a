"""Uninstalling drops tables and never touches AWS; installing again brings the same content."""

import pytest

from aws_objects import assert_agrees, in_aws, in_table
from server import rows, value
from steps import MODULES, TABLES, applied, assert_settled, insert, install, refusal, uninstall


@pytest.fixture
def log_group(db):
    install(db, "aws_cloudwatch")
    row = insert(db, "log_group", log_group_name="/app", tags='{"a": "1"}')
    applied(db)
    return row


def test_reinstalling_brings_the_same_content_with_ids_of_its_own(account, db):
    install(db, *MODULES)
    group = insert(db, "security_group", group_name="web", description="Web", tags='{"a": "1"}')
    insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80,
        cidr_ipv4="10.0.0.0/8", description="http",
    )  # fmt: skip
    insert(db, "repository", repository_name="app", scan_on_push=True)
    insert(db, "log_group", log_group_name="/one")
    insert(db, "log_group", log_group_name="/two")
    applied(db)
    db.execute("DELETE FROM log_group WHERE log_group_name = '/one'")
    applied(db)
    before = {table: sorted(map(str, in_table(db, table))) for table in TABLES}
    cloud = {table: in_aws(account, table) for table in TABLES}
    dropped = uninstall(db, *MODULES)
    assert {(table, count) for _, table, count in dropped} == {(table, len(before[table])) for table in TABLES}
    assert cloud == {table: in_aws(account, table) for table in TABLES}
    install(db, *MODULES)
    assert before == {table: sorted(map(str, in_table(db, table))) for table in TABLES}
    assert value(db, "SELECT id FROM log_group") == 1
    assert_agrees(account, db)
    assert_settled(db)


@pytest.mark.parametrize("order", [("aws_vpc", "aws_security_group"), ("aws_security_group", "aws_vpc")])
def test_any_order_of_names(db, order):
    install(db, "aws_security_group")
    uninstall(db, *order)
    assert [row["module_name"] for row in rows(db, "SELECT * FROM iasql_modules_installed()")] == ["aws_account"]
    assert value(db, "SELECT to_regclass('vpc') IS NULL AND to_regclass('security_group') IS NULL")


def test_a_module_that_another_one_needs_stays(db):
    install(db, "aws_security_group")
    refused = refusal(db, "SELECT * FROM iasql_uninstall('aws_vpc')")
    assert refused.sqlstate == "IQ002"
    assert "aws_security_group" in refused.message and "aws_security_group" in refused.hint
    assert value(db, "SELECT to_regclass('vpc') IS NOT NULL")


def test_changes_that_were_not_applied_stop_it(account, db, log_group):
    db.execute("UPDATE log_group SET tags = '{\"a\": \"2\"}'")
    refused = refusal(db, "SELECT * FROM iasql_uninstall('aws_cloudwatch')")
    assert refused.sqlstate == "IQ002" and "log_group" in refused.message
    assert "iasql.discard_changes" in refused.hint
    db.execute("SET iasql.discard_changes = on")
    assert uninstall(db, "aws_cloudwatch") == [("aws_cloudwatch", "log_group", 1)]
    (there,) = in_aws(account, "log_group")
    assert there["tags"] == {"a": "1"}


def test_changes_of_another_module_do_not(db, log_group):
    install(db, "aws_ecr")
    insert(db, "repository", repository_name="app")
    uninstall(db, "aws_cloudwatch")


def test_what_is_not_installed_is_a_notice_and_what_there_is_not_an_error(db):
    assert uninstall(db, "aws_ecr") == []
    assert [notice for notice in db.notices if "aws_ecr is not installed" in notice]
    assert refusal(db, "SELECT * FROM iasql_uninstall('aws_erc')").sqlstate == "IQ001"


def test_a_users_view_on_a_table_stops_it(db, log_group):
    db.execute("CREATE VIEW names AS SELECT log_group_name FROM log_group")
    refused = refusal(db, "SELECT * FROM iasql_uninstall('aws_cloudwatch')")
    assert refused.sqlstate == "2BP01"
    assert rows(db, "SELECT * FROM names") == [{"log_group_name": "/app"}]


def test_a_rolled_back_uninstall_leaves_everything(account, database, db, log_group):
    connection = database.connect(autocommit=False)
    uninstall(connection, "aws_cloudwatch")
    connection.rollback()
    assert_agrees(account, db, "log_group")
    assert_settled(db)
    db.execute("UPDATE log_group SET tags = '{}'")
    assert [change[:2] for change in applied(db)] == [("update", "log_group")]


def test_uninstall_and_install_in_one_transaction(account, database, log_group):
    connection = database.connect(autocommit=False)
    uninstall(connection, "aws_cloudwatch")
    install(connection, "aws_cloudwatch")
    connection.commit()
    assert_agrees(account, connection, "log_group")
    assert_settled(connection)


def test_what_changed_meanwhile_is_imported(account, db, logs, log_group):
    uninstall(db, "aws_cloudwatch")
    logs.delete_log_group(logGroupName="/app")
    logs.create_log_group(logGroupName="/new")
    assert install(db, "aws_cloudwatch") == [("aws_cloudwatch", "log_group", 1)]
    assert value(db, "SELECT log_group_name FROM log_group") == "/new"
    assert_settled(db)
