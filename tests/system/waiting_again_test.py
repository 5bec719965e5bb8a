"""An apply that was cut off while it waited for a new object: the next one waits on."""

import psycopg

from aws_objects import assert_agrees, in_aws
from background import Background
from elb_test import BALANCER
from server import value, wait_until
from steps import assert_settled, insert, install


def test_the_next_apply_waits_until_the_load_balancer_is_active(account, proxy, db, slowly):
    install(db, "aws_elb", "aws_vpc", "aws_security_group")
    slowly(3600)
    insert(db, "load_balancer", **BALANCER)
    running = Background(db, "SELECT * FROM iasql_apply()")
    wait_until(lambda: in_aws(account, "load_balancer"), "the load balancer")
    wait_until(lambda: proxy.count("DescribeLoadBalancers") > 1, "the wait for it")
    db.cancel()
    assert isinstance(running.error(), psycopg.errors.QueryCanceled)
    looked = proxy.count("DescribeLoadBalancers")
    running = Background(db, "SELECT * FROM iasql_apply()")
    wait_until(
        lambda: not running.is_running() or proxy.count("DescribeLoadBalancers") > looked + 2, "the wait for it again"
    )
    assert running.is_running()
    slowly(0)
    running.result()
    assert value(db, "SELECT state FROM load_balancer") == "active"
    assert_settled(db)
    assert proxy.count("CreateLoadBalancer") == 1
    assert_agrees(account, db, "load_balancer")
