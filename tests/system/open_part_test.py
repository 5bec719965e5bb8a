"""Lists left open that AWS chose when an apply was then undone: nobody took their elements away."""

import pytest

import proxy as faults
from aws_objects import assert_agrees, in_aws
from elb_test import BALANCER, TARGETS
from rds_test import instance
from server import plan
from steps import applied, insert, install, refusal


@pytest.fixture
def elb(proxy, db):
    install(db, "aws_elb", "aws_vpc", "aws_security_group", "aws_cloudwatch")
    return db


def test_the_default_group_stays_when_something_else_of_the_apply_fails(account, proxy, elb):
    balancer = insert(elb, "load_balancer", **BALANCER)
    group = insert(elb, "target_group", **TARGETS)
    insert(elb, "listener", load_balancer_id=balancer, port=80, protocol="HTTP", target_group_id=group)
    proxy.on("CreateListener", faults.error("InvalidConfigurationRequest"))  # comes after the load balancer
    assert "InvalidConfigurationRequest" in refusal(elb, "SELECT * FROM iasql_apply()").message
    chosen = in_aws(account, "load_balancer_security_groups")
    assert len(chosen) == 1
    assert plan(elb) == [("create", "listener", "front:80")]
    applied(elb)
    assert proxy.count("SetSecurityGroups") == 0
    assert in_aws(account, "load_balancer_security_groups") == chosen
    assert_agrees(account, elb, "load_balancer", "load_balancer_security_groups", "listener")


def test_the_default_group_stays_when_the_answer_was_lost(account, database, proxy):
    database.set("iasql.in_doubt_wait", "0")
    db = database.connect()
    install(db, "aws_rds", "aws_security_group")
    instance(db)
    proxy.on("CreateDBInstance", faults.lose_response)
    refusal(db, "SELECT * FROM iasql_apply()")
    chosen = in_aws(account, "rds_security_groups")
    assert len(chosen) == 1
    applied(db)
    assert in_aws(account, "rds_security_groups") == chosen
    assert_agrees(account, db, "rds", "rds_security_groups")
