"""Regions: one is enabled on connect; others can be, and what is in them then has rows too."""

import pytest

from aws_objects import assert_agrees, in_aws
from proxy import Proxy
from server import REGION, HostedDatabase, plan, rows, value
from steps import MODULES, applied, apply, assert_settled, every_module, insert, install, refusal, synced

OTHER = "us-east-1"


def enable(db, region=OTHER):
    db.execute("UPDATE aws_regions SET is_enabled = true WHERE region = %s", (region,))


@pytest.fixture
def both(account, db):
    """The other region enabled, with a log group and a repository in it that somebody else made."""
    account.client("logs", OTHER).create_log_group(logGroupName="/there")
    account.client("ecr", OTHER).create_repository(repositoryName="there")
    install(db, *MODULES)
    enable(db)
    synced(db)
    return db


def test_enabling_imports_at_the_next_sync(account, db):
    account.client("logs", OTHER).create_log_group(logGroupName="/there")
    install(db, *MODULES)
    assert rows(db, "SELECT * FROM log_group") == []
    enable(db)
    assert plan(db) == []
    done = synced(db)
    assert ("create", "log_group") in {change[:2] for change in done}
    assert {"vpc", "subnet", "security_group"} <= {change[1] for change in done}
    for region in (REGION, OTHER):
        assert_agrees(account, db, region=region)


def test_the_same_name_in_two_regions(account, both):
    for region in (REGION, OTHER):
        insert(both, "log_group", log_group_name="/app", region=region)
        insert(both, "repository", repository_name="app", region=region)
    assert len(applied(both)) == 4
    for region in (REGION, OTHER):
        assert "/app" in [there["log_group_name"] for there in in_aws(account, "log_group", region)]
        assert_agrees(account, both, "log_group", "repository", region=region)
    both.execute("DELETE FROM log_group WHERE region = %s AND log_group_name = '/app'", (OTHER,))
    assert [change[0] for change in applied(both)] == ["delete"]
    assert [there["log_group_name"] for there in in_aws(account, "log_group", REGION)] == ["/app"]
    assert [there["log_group_name"] for there in in_aws(account, "log_group", OTHER)] == ["/there"]


def test_disabling_removes_rows_and_deletes_nothing(account, both):
    there = {table: in_aws(account, table, OTHER) for table in ("log_group", "repository", "vpc", "security_group")}
    both.execute("UPDATE aws_regions SET is_enabled = false WHERE region = %s", (OTHER,))
    assert plan(both) == []
    assert apply(both) == []
    synced(both)
    for table in there:
        assert rows(both, f"SELECT * FROM {table} WHERE region = %s", OTHER) == []
    assert there == {table: in_aws(account, table, OTHER) for table in there}
    enable(both)
    synced(both)
    assert_agrees(account, both, region=OTHER)


def test_rows_deleted_in_a_disabled_region_delete_nothing(account, both):
    both.execute("DELETE FROM log_group WHERE region = %s", (OTHER,))
    both.execute("UPDATE aws_regions SET is_enabled = false WHERE region = %s", (OTHER,))
    assert plan(both) == [] and apply(both) == []
    assert len(in_aws(account, "log_group", OTHER)) == 1


def test_a_region_that_is_not_enabled_or_does_not_exist(db):
    install(db, "aws_cloudwatch")
    refused = refusal(db, "INSERT INTO log_group (log_group_name, region) VALUES ('/app', %s)", OTHER)
    assert refused.sqlstate == "IQ016" and OTHER in refused.message
    assert "is_enabled" in refused.hint
    refused = refusal(db, "INSERT INTO log_group (log_group_name, region) VALUES ('/app', 'moon-west-1')")
    assert "moon-west-1" in refused.message
    assert rows(db, "SELECT * FROM log_group") == []


def test_a_child_takes_its_parents_region_and_no_other(account, both):
    repository = value(both, "SELECT id FROM repository WHERE region = %s", OTHER)
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'
    refused = refusal(
        both,
        "INSERT INTO repository_policy (repository_id, policy_text, region) VALUES (%s, %s, %s)",
        repository, policy, REGION,
    )  # fmt: skip
    assert refused.sqlstate == "IQ016" and OTHER in refused.message and REGION in refused.message
    insert(both, "repository_policy", repository_id=repository, policy_text=policy)
    assert value(both, "SELECT region FROM repository_policy") == OTHER
    applied(both)
    assert_agrees(account, both, "repository_policy", region=OTHER)


def test_what_a_row_connects_is_in_one_region(both):
    install(both, "aws_elb", "aws_ecs_fargate")
    both.execute("INSERT INTO task_definition (family, region) VALUES ('app', %s)", (OTHER,))
    insert(both, "log_group", log_group_name="/here")
    refused = refusal(
        both,
        "INSERT INTO container_definition (name, image, task_definition_id, log_group_id)"
        " SELECT 'app', 'nginx', t.id, l.id FROM task_definition t, log_group l WHERE l.region = %s",
        REGION,
    )
    assert refused.sqlstate == "IQ016" and "container_definition.log_group_id" in refused.message
    assert OTHER in refused.message and REGION in refused.message
    insert(both, "load_balancer", load_balancer_name="front", scheme="internal", load_balancer_type="application",
           ip_address_type="ipv4", vpc="default", region=OTHER)  # fmt: skip
    join = (
        "INSERT INTO load_balancer_security_groups (load_balancer_id, security_group_id)"
        " SELECT l.id, g.id FROM load_balancer l, security_group g WHERE g.region = %s"
    )
    refused = refusal(both, join, REGION)
    assert refused.sqlstate == "IQ016" and "load_balancer_security_groups.security_group_id" in refused.message
    both.execute(join, (OTHER,))
    here = value(both, "SELECT id FROM security_group WHERE region = %s LIMIT 1", REGION)
    assert refusal(both, "UPDATE load_balancer_security_groups SET security_group_id = %s", here).sqlstate == "IQ016"


def test_the_default_region_is_that_of_new_rows(account, both):
    both.execute("SELECT default_aws_region(%s)", (OTHER,))
    insert(both, "log_group", log_group_name="/app")
    assert value(both, "SELECT region FROM log_group WHERE log_group_name = '/app'") == OTHER
    applied(both)
    assert in_aws(account, "log_group", REGION) == []
    assert refusal(both, "SELECT default_aws_region('eu-central-1')").sqlstate == "22023"


def test_a_row_that_moves_is_another_object(account, both):
    row = insert(both, "repository", repository_name="app", scan_on_push=True)
    applied(both)
    both.execute("UPDATE repository SET region = %s WHERE id = %s", (OTHER, row))
    assert sorted(change[0] for change in plan(both)) == ["create", "delete"]
    applied(both)
    assert in_aws(account, "repository", REGION) == []
    assert {there["repository_name"] for there in in_aws(account, "repository", OTHER)} == {"app", "there"}
    assert value(both, "SELECT id FROM repository WHERE repository_name = 'app'") == row
    assert_agrees(account, both, "repository", region=OTHER)


def test_the_default_cannot_be_disabled(db):
    install(db, "aws_account")
    assert refusal(db, "UPDATE aws_regions SET is_enabled = false WHERE region = %s", REGION).sqlstate == "23514"
    assert_settled(db)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_another_partition_is_never_asked(server, account, region):
    """AWS would refuse the key there, and with it every install and sync of the module."""
    account.client("ecr", region).create_repository(repositoryName="there")
    database, proxy = HostedDatabase(server, account.url, region), Proxy(account.url)
    try:
        database.use_endpoint(proxy.url)
        db = database.connect()
        install(db, *every_module(db))
        synced(db)
        assert [row["repository_name"] for row in rows(db, "SELECT * FROM repository")] == ["there"]
        assert rows(db, "SELECT * FROM public_repository") == []
        assert {call.region for call in proxy.calls} == {region}
        assert_settled(db)
    finally:
        database.remove()
        proxy.stop()
