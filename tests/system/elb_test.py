"""Load balancers and target groups: what AWS fills in, what takes time, and what cannot be deleted yet."""

import pytest

from aws_containers import default_vpc
from aws_objects import assert_agrees, in_aws
from proxy import FOREVER, error
from server import REGION, plan, rows, value
from steps import applied, apply, insert, install, refusal, synced

BALANCER = {
    "load_balancer_name": "front",
    "scheme": "internet-facing",
    "load_balancer_type": "application",
    "vpc": "default",
    "ip_address_type": "ipv4",
}
TARGETS = {"target_group_name": "web", "target_type": "ip", "protocol": "HTTP", "port": 8088, "vpc": "default"}


@pytest.fixture
def elb(db):
    install(db, "aws_elb", "aws_vpc", "aws_security_group")
    return db


def interface(ec2, **columns):
    return ec2.create_network_interface(**columns)["NetworkInterface"]["NetworkInterfaceId"]


def one(connection, table):
    (row,) = rows(connection, f"SELECT * FROM {table}")
    return row


def test_apply_waits_until_a_load_balancer_is_active(account, elb, slowly):
    slowly(2)
    insert(elb, "load_balancer", **BALANCER)
    assert applied(elb) == [("create", "load_balancer", "front")]
    row = one(elb, "load_balancer")
    assert row["state"] == "active" and row["dns_name"].startswith("front-")
    assert row["created_time"] and row["load_balancer_arn"] and row["canonical_hosted_zone_id"]
    assert_agrees(account, elb, "load_balancer", "load_balancer_security_groups")


def test_left_open_it_is_in_all_subnets_of_its_vpc(account, elb):
    insert(elb, "load_balancer", **BALANCER)
    applied(elb)
    row = one(elb, "load_balancer")
    defaults = rows(elb, "SELECT subnet_id, availability_zone FROM subnet")
    assert sorted(row["subnets"]) == sorted(subnet["subnet_id"] for subnet in defaults)
    assert sorted(row["availability_zones"]) == sorted(subnet["availability_zone"] for subnet in defaults)


def test_a_list_without_subnets_is_left_open_too(account, elb):
    """Some clients read NULL as an empty list, and write that back."""
    insert(elb, "load_balancer", **{**BALANCER, "subnets": []})
    applied(elb)
    assert len(one(elb, "load_balancer")["subnets"]) == 3
    assert_agrees(account, elb, "load_balancer")
    elb.execute("UPDATE load_balancer SET subnets = '{}'")
    assert plan(elb, "iasql_plan_apply") == []


def test_zones_choose_among_the_subnets(account, elb):
    insert(elb, "load_balancer", **BALANCER, availability_zones=[f"{REGION}a", f"{REGION}b"])
    applied(elb)
    chosen = "SELECT array_agg(subnet_id ORDER BY subnet_id) FROM subnet WHERE availability_zone = ANY (%s)"
    assert sorted(one(elb, "load_balancer")["subnets"]) == value(elb, chosen, [f"{REGION}a", f"{REGION}b"])
    elb.execute("UPDATE load_balancer SET availability_zones = %s", ([f"{REGION}b", f"{REGION}c"],))
    assert applied(elb) == [("update", "load_balancer", "front")]
    assert sorted(one(elb, "load_balancer")["subnets"]) == value(elb, chosen, [f"{REGION}b", f"{REGION}c"])
    assert_agrees(account, elb, "load_balancer")


def test_the_default_vpc_is_called_so_however_it_was_named(account, elb):
    vpc_id = default_vpc(account, REGION)
    insert(elb, "load_balancer", **{**BALANCER, "vpc": vpc_id})
    insert(elb, "target_group", **TARGETS)
    applied(elb)
    synced(elb)
    assert one(elb, "load_balancer")["vpc"] == "default"
    assert one(elb, "target_group")["vpc"] == "default"
    elb.execute("UPDATE target_group SET vpc = %s", (vpc_id,))
    assert plan(elb) == []  # the same VPC


def test_another_vpc_keeps_its_id(account, elb):
    network = insert(elb, "vpc", cidr_block="10.7.0.0/16")
    insert(elb, "subnet", vpc_id=network, cidr_block="10.7.1.0/24", availability_zone=f"{REGION}a")
    insert(elb, "subnet", vpc_id=network, cidr_block="10.7.2.0/24", availability_zone=f"{REGION}b")
    apply(elb)
    synced(elb)
    vpc_id = value(elb, "SELECT vpc_id FROM vpc WHERE NOT is_default")
    insert(elb, "load_balancer", **{**BALANCER, "vpc": vpc_id})
    applied(elb)
    row = one(elb, "load_balancer")
    assert row["vpc"] == vpc_id and len(row["subnets"]) == 2


def test_health_checks_are_filled_in(account, elb):
    insert(elb, "target_group", **TARGETS, health_check_path="/health")
    assert applied(elb) == [("create", "target_group", "web")]
    row = one(elb, "target_group")
    for column in ("protocol", "port", "enabled", "interval_seconds", "timeout_seconds"):
        assert row[f"health_check_{column}"] is not None, column
    for column in ("healthy_threshold_count", "unhealthy_threshold_count", "protocol_version", "ip_address_type"):
        assert row[column] is not None, column
    assert_agrees(account, elb, "target_group")


def test_a_twin_made_by_somebody_else_is_taken_over(account, elb):
    client = account.client("elbv2")
    client.create_target_group(Name="web", Protocol="HTTP", Port=8088, TargetType="ip", VpcId=default_vpc(account, REGION))
    insert(elb, "target_group", **TARGETS, health_check_path="/health")
    ((action, table, description),) = applied(elb)
    assert (action, table) == ("update", "target_group") and "adopts existing" in description
    (there,) = in_aws(account, "target_group")
    assert there["health_check_path"] == "/health"


def test_a_listener_on_the_same_port_is_taken_over(account, elb):
    balancer = insert(elb, "load_balancer", **BALANCER)
    group = insert(elb, "target_group", **TARGETS)
    applied(elb)
    (arn,), (target,) = ([row[f"{table}_arn"] for row in in_aws(account, table)] for table in ("load_balancer", "target_group"))
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    account.client("elbv2").create_listener(LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=forward)
    insert(elb, "listener", load_balancer_id=balancer, port=80, protocol="HTTP", target_group_id=group)
    assert plan(elb) == [("create", "listener", "front:80")]
    ((action, _, description),) = applied(elb)
    assert action == "update" and "adopts existing" in description
    assert_agrees(account, elb, "listener")


def test_a_group_goes_once_aws_has_taken_the_load_balancers_interfaces_away(account, elb, slowly):
    slowly(2)
    group = insert(elb, "security_group", group_name="web", description="Web")
    balancer = insert(elb, "load_balancer", **BALANCER)
    rows(elb, "INSERT INTO load_balancer_security_groups VALUES (%s, %s)", balancer, group)
    applied(elb)
    rows(elb, "DELETE FROM load_balancer")
    rows(elb, "DELETE FROM security_group WHERE group_name = 'web'")
    rows(elb, "DELETE FROM security_group_rule WHERE security_group_id = %s", group)
    done = applied(elb)
    assert [change[:2] for change in done if change[1] != "security_group_rule"] == [
        ("delete", "load_balancer"),
        ("delete", "security_group"),
    ]
    assert in_aws(account, "load_balancer") == []
    assert [row["group_name"] for row in in_aws(account, "security_group")] == ["default"]


@pytest.mark.parametrize("table", ["security_group", "subnet"])
def test_what_holds_a_group_or_a_subnet_is_named(account, elb, ec2, table):
    network = insert(elb, "vpc", cidr_block="10.7.0.0/16")
    insert(elb, "subnet", vpc_id=network, cidr_block="10.7.1.0/24", availability_zone=f"{REGION}a")
    apply(elb)
    insert(elb, "security_group", group_name="web", description="Web", vpc_id=value(elb, "SELECT vpc_id FROM vpc WHERE NOT is_default"))
    apply(elb)
    synced(elb)
    (subnet,) = rows(elb, "SELECT subnet_id FROM subnet WHERE cidr_block = '10.7.1.0/24'")
    (group,) = rows(elb, "SELECT id, group_id FROM security_group WHERE group_name = 'web'")
    held_by = interface(
        ec2, SubnetId=subnet["subnet_id"], Groups=[group["group_id"]], Description="somebody's own", PrivateIpAddress="10.7.1.7"
    )
    if table == "subnet":
        rows(elb, "DELETE FROM subnet WHERE subnet_id = %s", subnet["subnet_id"])
    else:
        rows(elb, "DELETE FROM security_group_rule WHERE security_group_id = %s", group["id"])
        rows(elb, "DELETE FROM security_group WHERE id = %s", group["id"])
    refused = refusal(elb, "SELECT * FROM iasql_apply()")
    said = f"{refused.message} {refused.detail} {refused.hint}"
    assert held_by in said and "somebody's own" in said
    ec2.delete_network_interface(NetworkInterfaceId=held_by)
    assert ("delete", table) in [change[:2] for change in applied(elb)]


def test_a_refusal_is_told_where_nobody_may_see_what_holds_the_object(database, account, ec2, proxy):
    db = database.connect()  # after the proxy was put in between
    install(db, "aws_vpc")
    network = insert(db, "vpc", cidr_block="10.7.0.0/16")
    insert(db, "subnet", vpc_id=network, cidr_block="10.7.1.0/24", availability_zone=f"{REGION}a")
    apply(db)
    (subnet,) = rows(db, "SELECT subnet_id FROM subnet WHERE cidr_block = '10.7.1.0/24'")
    held_by = interface(ec2, SubnetId=subnet["subnet_id"])
    proxy.on("DescribeNetworkInterfaces", error("UnauthorizedOperation", "You may not look.", 403), times=FOREVER)
    rows(db, "DELETE FROM subnet WHERE subnet_id = %s", subnet["subnet_id"])
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    said = f"{refused.message} {refused.detail}"
    assert "DependencyViolation" in said
    assert "what holds it cannot be listed: UnauthorizedOperation: You may not look." in said
    assert held_by not in said


def test_values_that_aws_would_refuse(elb):
    for column, wrong in (("scheme", "public"), ("load_balancer_type", "classic"), ("ip_address_type", "ipv5")):
        names = {**BALANCER, column: wrong}
        statement = f"INSERT INTO load_balancer ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
        assert column in refusal(elb, statement, *names.values()).message


def test_functions_have_no_vpc(account, elb):
    account.client("elbv2").create_target_group(Name="functions", TargetType="lambda")
    synced(elb)
    row = one(elb, "target_group")
    assert (row["vpc"], row["port"], row["protocol"]) == ("", None, None)
    elb.execute("DELETE FROM target_group")
    applied(elb)
    insert(elb, "target_group", target_group_name="more", target_type="lambda", vpc="")
    assert applied(elb) == [("create", "target_group", "more")]
    assert_agrees(account, elb, "target_group")
