"""delete_all_records(): every row that may go, counted, and nothing in AWS before apply."""

import pytest

from aws_objects import in_aws, in_table
from server import plan, rows, value
from steps import MODULES, applied, insert, install, notices, synced

MINE = ("log_group", "repository", "repository_policy")


@pytest.fixture
def filled(account, db):
    """All modules, with something that existed before and something made here."""
    account.client("logs").create_log_group(logGroupName="/before")
    install(db, *MODULES)
    insert(db, "log_group", log_group_name="/here", tags='{"a": "1"}')
    repository = insert(db, "repository", repository_name="app")
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'
    insert(db, "repository_policy", repository_id=repository, policy_text=policy)
    insert(db, "security_group", group_name="web", description="Web")
    applied(db)
    return db


def test_a_notice_counts_what_went_what_stayed_and_what_had_existed_before(filled):
    filled.notices.clear()
    filled.execute("SELECT delete_all_records()")
    assert notices(filled, "log_group: 2 deleted, 0 stayed; 1 of the deleted had existed before this database")
    assert notices(filled, "repository_policy: 1 deleted, 0 stayed; 0 of")
    assert notices(filled, "security_group: 1 deleted, 1 stayed; 0 of")
    assert notices(filled, "vpc: 0 deleted, 1 stayed; 0 of")


def test_nothing_happens_in_aws_before_apply(account, filled):
    before = {table: in_aws(account, table) for table in MINE}
    filled.execute("SELECT delete_all_records()")
    assert before == {table: in_aws(account, table) for table in MINE}
    assert {change[:2] for change in plan(filled)} == {("delete", table) for table in (*MINE, "security_group")}
    applied(filled)
    assert all(in_aws(account, table) == [] for table in MINE)


def test_sync_undoes_it(filled):
    tables = (*MINE, "security_group", "vpc", "subnet", "security_group_rule")
    ids = {table: rows(filled, f"SELECT id FROM {table} ORDER BY id") for table in tables}
    before = {table: sorted(map(str, in_table(filled, table))) for table in tables}
    filled.execute("SELECT delete_all_records()")
    synced(filled)
    assert before == {table: sorted(map(str, in_table(filled, table))) for table in tables}
    assert ids == {table: rows(filled, f"SELECT id FROM {table} ORDER BY id") for table in tables}


def test_of_a_module_installed_only_as_a_dependency_only_what_was_made_here_goes(account, db):
    account.client("ec2").create_vpc(CidrBlock="10.8.0.0/16")
    install(db, "aws_security_group")
    insert(db, "vpc", cidr_block="10.9.0.0/16")
    rows(db, "SELECT * FROM iasql_apply()")
    db.execute("SELECT delete_all_records()")
    assert "10.8.0.0/16" in [row["cidr_block"] for row in rows(db, "SELECT cidr_block FROM vpc")]
    assert "10.9.0.0/16" not in [row["cidr_block"] for row in rows(db, "SELECT cidr_block FROM vpc")]


def test_the_accounts_configuration_stays(filled):
    filled.execute("SELECT delete_all_records()")
    assert value(filled, "SELECT count(*) FROM aws_account") == 1
    assert value(filled, "SELECT count(*) FROM aws_regions WHERE is_enabled") == 1
