"""Rows that move to another region: what they leave behind goes once there is something in the new place."""

from aws_objects import assert_agrees, in_aws
from elb_test import BALANCER, TARGETS, elb  # noqa: F401, elb is a fixture
from regions_test import OTHER, enable
from server import plan, rows
from steps import applied, insert, refusal, synced


def test_what_cannot_be_made_in_the_new_region_stays_in_the_old(account, elb, ec2):
    vpc_id = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    enable(elb)
    synced(elb)
    insert(elb, "target_group", **{**TARGETS, "vpc": vpc_id})
    applied(elb)
    before = in_aws(account, "target_group")
    elb.execute("UPDATE target_group SET region = %s", (OTHER,))
    assert sorted(change[:2] for change in plan(elb)) == [("create", "target_group"), ("delete", "target_group")]
    assert vpc_id in refusal(elb, "SELECT * FROM iasql_apply()").message
    assert in_aws(account, "target_group") == before and in_aws(account, "target_group", OTHER) == []
    elb.execute("UPDATE target_group SET vpc = 'default'")
    assert sorted(change[:2] for change in applied(elb)) == [("create", "target_group"), ("delete", "target_group")]
    assert in_aws(account, "target_group") == []
    assert_agrees(account, elb, "target_group", region=OTHER)


def test_a_moved_load_balancer_is_in_the_subnets_of_the_new_region(account, elb):
    enable(elb)
    synced(elb)
    insert(elb, "load_balancer", **BALANCER)
    applied(elb)
    elb.execute("UPDATE load_balancer SET region = %s, subnets = NULL, availability_zones = NULL", (OTHER,))
    elb.execute("DELETE FROM load_balancer_security_groups")
    applied(elb)
    assert in_aws(account, "load_balancer") == []
    (there,) = in_aws(account, "load_balancer", OTHER)
    own = [row["subnet_id"] for row in rows(elb, "SELECT subnet_id FROM subnet WHERE region = %s", OTHER)]
    assert set(there["subnets"]) == set(own)
    assert_agrees(account, elb, "load_balancer", "load_balancer_security_groups", region=OTHER)
