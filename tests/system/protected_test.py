"""What AWS makes for every account stays, whatever happens to its rows."""

import pytest

from aws_objects import in_aws
from server import REGION, plan, rows, value
from steps import MODULES, TABLES, applied, apply, assert_settled, insert, install, refusal, synced

AWSS_OWN = ("vpc", "subnet", "security_group", "security_group_rule")


def everything(account):
    return {table: sorted(map(str, in_aws(account, table))) for table in TABLES}


def test_deleting_every_row_of_every_table(account, db):
    install(db, *MODULES)
    before = everything(account)
    for table in reversed(TABLES):
        db.execute(f"DELETE FROM {table}")
    assert {change[0] for change in plan(db)} == {"delete"}
    assert {change[1] for change in plan(db)} == set(AWSS_OWN)
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ013"
    assert "iasql_sync()" in refused.hint
    assert everything(account) == before
    synced(db)
    assert everything(account) == before


@pytest.mark.parametrize(
    "table, condition",
    [
        ("security_group_rule", "true"),
        ("security_group", "group_name = 'default'"),
        ("subnet", "cidr_block = (SELECT min(cidr_block) FROM subnet)"),
    ],
)
def test_an_explicit_delete_is_refused_before_anything_else_is_done(account, db, table, condition):
    install(db, *MODULES)
    insert(db, "log_group", log_group_name="/app")
    if table == "security_group":
        db.execute("DELETE FROM security_group_rule")
    db.execute(f"DELETE FROM {table} WHERE {condition}")
    assert "delete" in {change[0] for change in plan(db)}
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ013" and table in refused.message
    assert in_aws(account, "log_group") == []


def test_a_replace_is_refused_too(account, db):
    install(db, "aws_security_group")
    before = everything(account)
    db.execute("UPDATE security_group SET description = 'mine' WHERE group_name = 'default'")
    assert refusal(db, "SELECT * FROM iasql_apply()").sqlstate == "IQ013"
    assert everything(account) == before
    synced(db)


def test_an_update_is_made(account, db):
    install(db, "aws_security_group", "aws_vpc")
    db.execute("UPDATE vpc SET tags = '{\"Name\": \"default\"}' WHERE is_default")
    db.execute("UPDATE security_group SET tags = '{\"Name\": \"default\"}' WHERE group_name = 'default'")
    assert {change[:2] for change in applied(db)} == {("update", "vpc"), ("update", "security_group")}
    (vpc,) = in_aws(account, "vpc")
    assert vpc["tags"] == {"Name": "default"}


def test_delete_all_records_leaves_it(account, db):
    install(db, *MODULES)
    before = everything(account)
    insert(db, "log_group", log_group_name="/app")
    applied(db)
    counts = {table: value(db, f"SELECT count(*) FROM {table}") for table in AWSS_OWN}
    db.execute("SELECT delete_all_records()")
    assert counts == {table: value(db, f"SELECT count(*) FROM {table}") for table in AWSS_OWN}
    assert [change[:2] for change in applied(db)] == [("delete", "log_group")]
    assert everything(account) == before


def test_the_default_group_of_a_vpc_of_ones_own_goes_with_the_vpc(account, db):
    install(db, *MODULES)
    vpc = insert(db, "vpc", cidr_block="10.1.0.0/16")
    apply(db)
    synced(db)
    groups = len(in_aws(account, "security_group"))
    assert value(db, "SELECT count(*) FROM security_group WHERE group_name = 'default'") == groups == 2
    db.execute("SELECT delete_all_records()")
    assert rows(db, "SELECT id FROM vpc WHERE id = %s", vpc) == []
    assert [change[:2] for change in plan(db)] == [("delete", "vpc")]
    apply(db)
    synced(db)
    assert value(db, "SELECT count(*) FROM vpc") == 1
    assert len(in_aws(account, "vpc")) == 1


def test_awss_own_egress_rule_of_a_new_group(account, db):
    install(db, "aws_security_group")
    insert(db, "security_group", group_name="closed", description="No row for the rule")
    opened = insert(db, "security_group", group_name="open", description="A row for the rule")
    insert(db, "security_group_rule", security_group_id=opened, is_egress=True, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")
    done = applied(db)
    assert ("create", "security_group_rule", "egress -1 0.0.0.0/0 of open") in done
    ((_, _, removed),) = [change for change in done if change[0] == "delete"]
    assert removed.startswith("sgr-")
    groups = {there["group_id"]: there["group_name"] for there in in_aws(account, "security_group")}
    rules = [groups[there["security_group_id"]] for there in in_aws(account, "security_group_rule")]
    assert "open" in rules and "closed" not in rules
    assert rules.count("open") == 1


def test_an_account_without_anything_of_its_own_has_nothing_to_apply(db):
    install(db, *MODULES)
    assert_settled(db)
    assert value(db, "SELECT count(*) FROM subnet WHERE region = %s", REGION) > 0
