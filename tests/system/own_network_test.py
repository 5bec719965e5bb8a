"""Load balancers in a VPC of one's own: its subnets come in the same apply, its default group has no row yet."""

import pytest

from aws_objects import assert_agrees, in_aws
from elb_test import BALANCER
from server import REGION, plan, rows, value
from steps import applied, apply, insert, install, refusal, synced


@pytest.fixture
def network(db):
    """A VPC that iasql made, and no sync since."""
    install(db, "aws_elb", "aws_vpc", "aws_security_group")
    insert(db, "vpc", cidr_block="10.7.0.0/16")
    apply(db)
    return db


def add_subnets(connection):
    own = value(connection, "SELECT id FROM vpc WHERE NOT is_default")
    for number, letter in enumerate("ab"):
        insert(connection, "subnet", vpc_id=own, cidr_block=f"10.7.{number}.0/24", availability_zone=f"{REGION}{letter}")


def add_balancer(connection):
    vpc_id = value(connection, "SELECT vpc_id FROM vpc WHERE NOT is_default")
    return insert(connection, "load_balancer", **{**BALANCER, "vpc": vpc_id})


def test_the_subnets_of_the_same_apply_are_the_load_balancers(account, network):
    add_subnets(network)
    add_balancer(network)
    done = [change[:2] for change in apply(network)]
    assert sorted(done) == [("create", "load_balancer"), ("create", "subnet"), ("create", "subnet")]
    assert done[-1] == ("create", "load_balancer")
    assert plan(network) == []
    (there,) = in_aws(account, "load_balancer")
    assert there["availability_zones"] == [f"{REGION}a", f"{REGION}b"]
    synced(network)
    assert_agrees(account, network, "load_balancer")


def test_a_default_group_without_a_row_stays(account, network):
    add_subnets(network)
    apply(network)
    add_balancer(network)
    assert apply(network) == [("create", "load_balancer", "front")]
    assert plan(network) == [] and apply(network) == []
    network.execute("""UPDATE load_balancer SET tags = '{"team": "web"}'""")
    assert apply(network) == [("update", "load_balancer", "front")]
    synced(network)
    (there,) = in_aws(account, "load_balancer_security_groups")
    assert there["security_group_id"] in [group["group_id"] for group in in_aws(account, "security_group")]
    assert_agrees(account, network, "load_balancer", "load_balancer_security_groups")


def test_zones_without_a_subnet_are_named(account, network):
    add_subnets(network)
    apply(network)
    add_balancer(network)
    apply(network)
    synced(network)
    before = in_aws(account, "load_balancer")
    network.execute("UPDATE load_balancer SET availability_zones = %s", ([f"{REGION}c"],))
    refused = refusal(network, "SELECT * FROM iasql_apply()")
    said = f"{refused.message} {refused.detail} {refused.hint}"
    assert "subnet" in said and "availability_zones" in said and "must be a string" not in said
    assert in_aws(account, "load_balancer") == before
    synced(network)


def test_zones_that_contradict_the_subnets_give_way(account, network):
    add_subnets(network)
    apply(network)
    add_balancer(network)
    apply(network)
    synced(network)
    own = value(network, "SELECT id FROM vpc WHERE NOT is_default")
    insert(network, "subnet", vpc_id=own, cidr_block="10.7.2.0/24", availability_zone=f"{REGION}c")
    apply(network)
    chosen = "SELECT array_agg(subnet_id) FROM subnet WHERE vpc_id = %s AND availability_zone <> %s"
    wanted = value(network, chosen, own, f"{REGION}b")
    zones = [f"{REGION}b", f"{REGION}c"]
    rows(network, "UPDATE load_balancer SET subnets = %s, availability_zones = %s", wanted, zones)
    assert applied(network) == [("update", "load_balancer", "front")]
    (there,) = in_aws(account, "load_balancer")
    assert sorted(there["subnets"]) == sorted(wanted)
    assert there["availability_zones"] == [f"{REGION}a", f"{REGION}c"]
    assert_agrees(account, network, "load_balancer")
