"""Processes die in the middle of an apply: afterwards there is exactly one of everything, and nothing is forgotten.

Each operation is stopped at three moments, by a proxy that holds it:

    unsent    the intent is durable, and AWS never sees the request
    carried   AWS has carried it out, and the answer is lost with the process
    answered  the outcome is durable too; entry, row and fold mark are lost with the transaction

kill -9 of any process makes PostgreSQL restart all others, so the servers here are the tests' own.
"""

import os
import pathlib
import signal

import psycopg
import pytest

from background import Background
from proxy import Moment, Pause, Proxy
from server import HostedDatabase, plan, rows, server_of_its_own, value, wait_until

pytestmark = pytest.mark.every_postgresql


class HeldAndDropped(Pause):
    """Holds a request; AWS never sees it."""

    def __init__(self):
        super().__init__(Moment.request)

    def __call__(self, exchange):
        self._held.set()
        self._released.wait()
        exchange.reset()


class Operation:
    """One kind of change: how a row is made ready for it, the change, AWS's operation, the read that follows it, and what
    boto3 then sees of the object: how many there are, or the value that was changed."""

    def __init__(self, name, before, change, operation, following, look, wanted):
        self.name, self.before, self.change, self.operation = name, before, change, operation
        self.following, self.look, self.wanted = following, look, wanted


def repositories(account):
    return account.client("ecr").describe_repositories()["repositories"]


def count_repositories(account):
    return sum(one["repositoryName"] == "subject" for one in repositories(account))


def count_vpcs(account):
    vpcs = account.client("ec2").describe_vpcs()["Vpcs"]
    return sum(vpc["CidrBlock"] == "10.9.0.0/16" for vpc in vpcs)


def count_subnets(account):
    return sum(subnet["CidrBlock"] == "10.9.1.0/24" for subnet in account.client("ec2").describe_subnets()["Subnets"])


def count_rules(account):
    rules = account.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    return sum(rule.get("FromPort") == 443 and rule["IsEgress"] is False for rule in rules)


def rule_description(account):
    rules = account.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    return [rule.get("Description") for rule in rules if rule.get("FromPort") == 443]


def count_policies(account):
    try:
        account.client("ecr").get_repository_policy(repositoryName="subject")
        return 1
    except account.client("ecr").exceptions.RepositoryPolicyNotFoundException:
        return 0


def drift(db):
    """What a sync would change. AWS gives each VPC a security group with rules of its own, which no row describes yet."""
    return [row for row in plan(db, "iasql_plan_sync") if not row[1].startswith("security_group")]


REPOSITORY = "INSERT INTO repository (repository_name) VALUES ('subject')"
GROUP = "INSERT INTO log_group (log_group_name) VALUES ('subject')"
VPC = "INSERT INTO vpc (cidr_block) VALUES ('10.9.0.0/16')"
SUBNET = (
    "INSERT INTO subnet (availability_zone, cidr_block, vpc_id)"
    " SELECT 'eu-west-2a', '10.9.1.0/24', id FROM vpc WHERE cidr_block = '10.9.0.0/16'"
)
SECURITY_GROUP = "INSERT INTO security_group (group_name, description) VALUES ('subject', 'of the test')"
RULE = (
    "INSERT INTO security_group_rule (security_group_id, is_egress, ip_protocol, from_port, to_port, cidr_ipv4, description)"
    " SELECT id, false, 'tcp', 443, 443, '0.0.0.0/0', 'first' FROM security_group WHERE group_name = 'subject'"
)
POLICY = (
    "INSERT INTO repository_policy (repository_id, policy_text) SELECT id, '"
    '{"Version": "2012-10-17", "Statement": [{"Sid": "pull", "Effect": "Allow",'
    ' "Principal": "*", "Action": ["ecr:BatchGetImage"]}]}'
    "' FROM repository WHERE repository_name = 'subject'"
)

OPERATIONS = [
    # Has a unique name.
    Operation("create repository", [], REPOSITORY, "CreateRepository", "DescribeRepositories", count_repositories, 1),
    # Has neither a unique name nor a token: found by the hidden tag.
    Operation("create vpc", [], VPC, "CreateVpc", "DescribeVpcs", count_vpcs, 1),
    # A child of what exists.
    Operation("create subnet", [VPC], SUBNET, "CreateSubnet", "DescribeSubnets", count_subnets, 1),
    Operation(
        "create rule",
        [SECURITY_GROUP],
        RULE,
        "AuthorizeSecurityGroupIngress",
        "DescribeSecurityGroupRules",
        count_rules,
        1,
    ),
    # Has no tags, and a second one overwrites the first.
    Operation(
        "create policy", [REPOSITORY], POLICY, "SetRepositoryPolicy", "GetRepositoryPolicy", count_policies, 1
    ),
    Operation(
        "update repository",
        [REPOSITORY],
        "UPDATE repository SET image_tag_mutability = 'IMMUTABLE' WHERE repository_name = 'subject'",
        "PutImageTagMutability",
        "DescribeRepositories",
        lambda account: [one["imageTagMutability"] for one in repositories(account)],
        ["IMMUTABLE"],
    ),
    Operation(
        "update rule",
        [SECURITY_GROUP, RULE],
        "UPDATE security_group_rule SET description = 'second' WHERE from_port = 443",
        "ModifySecurityGroupRules",
        "DescribeSecurityGroupRules",
        rule_description,
        ["second"],
    ),
    Operation(
        "delete repository",
        [REPOSITORY],
        "DELETE FROM repository WHERE repository_name = 'subject'",
        "DeleteRepository",
        None,
        count_repositories,
        0,
    ),
    Operation(
        "delete vpc", [VPC], "DELETE FROM vpc WHERE cidr_block = '10.9.0.0/16'", "DeleteVpc", None, count_vpcs, 0
    ),
]
MODULES = "'aws_ecr', 'aws_cloudwatch', 'aws_security_group'"


@pytest.fixture(scope="module")
def server():
    """A server that may be killed."""
    with server_of_its_own() as server:
        yield server


@pytest.fixture(scope="module")
def everything(server, emulator):
    """A database with every module, for all the tests here, connected through a proxy."""
    emulator.reset()
    proxy = Proxy(emulator.url)
    database = HostedDatabase(server, proxy.url)
    database.set("iasql.in_doubt_wait", "1")
    rows(database.connect(), f"SELECT * FROM iasql_install({MODULES})")
    yield database, proxy
    proxy.stop()
    database.remove()


@pytest.fixture
def subject(everything, emulator):
    """The database, empty but for AWS's own, and the proxy."""
    database, proxy = everything
    proxy.clear()
    emulator.reset()
    rows(database.connect(), "SELECT * FROM iasql_sync()")
    proxy.calls.clear()
    return database, proxy


def hold(proxy, operation, moment):
    """Plans the hold of the operation at that moment; None where there is no such moment."""
    if moment == "carried":
        return proxy.pause(operation.operation, Moment.response)
    if moment == "unsent":
        held = HeldAndDropped()
        proxy._pauses.append(held)
        proxy.on(operation.operation, held)
        return held
    if operation.following is None:
        return None

    # The read that follows the operation: by then the outcome is durable.
    held = Pause(Moment.request)
    proxy._pauses.append(held)

    def then_hold(exchange):
        answer = exchange.forward()
        proxy.on(operation.following, held)  # before the client has its answer and goes on
        exchange.send(answer)

    proxy.on(operation.operation, then_hold)
    return held


def kill_backend(server, running):
    server.kill_backend(running.pid)


def terminate_backend(server, running):
    with server.superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s)", (running.pid,))
        wait_until(lambda: not pathlib.Path(f"/proc/{running.pid}").exists(), "the backend's end")


def stop_immediately(server, _running):
    server.crash()
    server.start()


def kill_worker(server, running):
    with server.superuser() as superuser:
        (worker,) = superuser.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'iasql journal'"
        ).fetchone()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not pathlib.Path(f"/proc/{running.pid}").exists(), "the backend's end")
    wait_until(server.accepts, "connections after the crash")


DEATHS = {"kill": kill_backend, "crash": stop_immediately, "terminate": terminate_backend, "worker": kill_worker}
CASES = [
    pytest.param(death, operation, moment, id=f"{death}-{operation.name.replace(' ', '-')}-{moment}")
    for death in DEATHS
    for operation in OPERATIONS
    for moment in ("unsent", "carried", "answered")
    # Every operation for kill -9; the others differ in what is left running, not in what is left behind.
    if death == "kill" or (operation.name in ("create vpc", "update repository") and not (death == "worker" and moment == "unsent"))
    if not (moment == "answered" and operation.following is None)
]


@pytest.mark.parametrize("death, operation, moment", CASES)
def test_death_during(server, account, subject, death, operation, moment):
    database, proxy = subject
    db = database.connect()
    for statement in operation.before:
        db.execute(statement)
    plan(db, "iasql_apply")
    db.execute(operation.change)
    proxy.calls.clear()
    held = hold(proxy, operation, moment)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    DEATHS[death](server, running)
    assert isinstance(running.error(), psycopg.OperationalError)
    held.release()
    proxy.clear()

    db = database.connect()
    action = operation.name.split()[0]
    assert operation.look(account) == operation.wanted or moment == "unsent"
    assert [row[0] for row in plan(db)] == ([] if moment == "answered" else ["in doubt"])
    done = plan(db, "iasql_apply")
    redone = [row[0] for row in done]
    assert redone == ([action] if moment == "unsent" else [])  or operation.name == "create policy"
    assert operation.look(account) == operation.wanted
    assert plan(db) == [] and drift(db) == []
    assert rows(db, "SELECT * FROM iasql.progress WHERE state IN ('running', 'in doubt')") == []


@pytest.mark.parametrize("moment", ["unsent", "carried", "answered"])
@pytest.mark.parametrize("operation", OPERATIONS[:2], ids=lambda operation: operation.name.replace(" ", "-"))
def test_rows_and_apply_in_one_transaction(server, account, subject, operation, moment):
    """The row went with the transaction: nobody wants what was made, and the next apply deletes it."""
    database, proxy = subject
    db = database.connect()
    held = hold(proxy, operation, moment)
    db.execute("BEGIN")
    db.execute(operation.change)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    server.kill_backend(running.pid)
    running.error()
    proxy.clear()

    db = database.connect()
    assert [row[0] for row in plan(db)] == (["delete"] if moment == "answered" else ["in doubt"])
    assert [row[0] for row in plan(db, "iasql_apply")] == ([] if moment == "unsent" else ["delete"])
    assert operation.look(account) == 0
    assert plan(db) == [] and drift(db) == []


def test_a_sync_finds_out_too(server, account, subject):
    """A sync resolves what is in doubt, and repeats nothing."""
    database, proxy = subject
    for moment, expected in (("carried", 1), ("unsent", 0)):
        db = database.connect()
        held = hold(proxy, OPERATIONS[1], moment)
        db.execute(VPC)
        running = Background(db, "SELECT * FROM iasql_apply()")
        held.reached()
        server.kill_backend(running.pid)
        running.error()
        proxy.clear()
        db = database.connect()
        rows(db, "SELECT * FROM iasql_sync()")
        assert proxy.count("CreateVpc") == 0
        assert count_vpcs(account) == expected
        assert value(db, "SELECT count(*) FROM vpc WHERE cidr_block = '10.9.0.0/16' AND vpc_id IS NOT NULL") == expected
        assert plan(db) == [] and drift(db) == []
        db.execute("DELETE FROM vpc WHERE cidr_block = '10.9.0.0/16'")
        plan(db, "iasql_apply")


def test_a_late_request(server, account, subject):
    """A create without token or unique name counts as not carried out only when it can no longer be."""
    database, proxy = subject
    db = database.connect()
    db.execute(VPC)
    held = proxy.pause("CreateVpc", Moment.request)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    server.kill_backend(running.pid)
    running.error()
    db = database.connect()
    db.execute("SET iasql.in_doubt_wait = 30")
    proxy.calls.clear()
    applying = Background(db, "SELECT * FROM iasql_apply()")
    wait_until(lambda: proxy.count("DescribeVpcs") >= 2, "the look-up")
    assert applying.is_running() and count_vpcs(account) == 0
    held.release()
    assert applying.result() == []
    assert count_vpcs(account) == 1
    assert proxy.count("CreateVpc") == 0
    assert plan(db) == [] and drift(db) == []


def test_a_tree_of_creates(server, account, subject):
    """Parents and children at once: a group, four rules, a repository and its policy, killed at each of their calls."""
    database, proxy = subject
    for number in range(8):
        db = database.connect()
        proxy.clear()
        db.execute(REPOSITORY)
        db.execute(POLICY)
        db.execute(VPC)
        db.execute(SUBNET)
        db.execute(SECURITY_GROUP)
        db.execute(RULE)
        held = Pause(Moment.response if number % 2 else Moment.request)
        proxy.on(None, held, after=number * 2)
        running = Background(db, "SELECT * FROM iasql_apply()")
        held.reached()
        server.kill_backend(running.pid)
        running.error()
        held.release()
        proxy.clear()
        db = database.connect()
        rows(db, "SELECT * FROM iasql_apply()")
        looks = [look(account) for look in (count_repositories, count_policies, count_vpcs, count_subnets, count_rules)]
        assert looks == [1] * 5
        groups = account.client("ec2").describe_security_groups(GroupNames=["subject"])["SecurityGroups"]
        assert len(groups) == 1
        assert plan(db) == [] and drift(db) == []
        account.reset()
        rows(db, "SELECT * FROM iasql_sync()")


def test_the_worker_told_to_end(server, account, subject):
    """The worker's death stops the apply before the next call; what was called is in doubt."""
    database, proxy = subject
    db = database.connect()
    db.execute("SET iasql.parallelism = 1")
    db.execute("INSERT INTO repository (repository_name) VALUES ('one'), ('two'), ('three')")
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    with server.superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'iasql journal'")
        wait_until(
            lambda: superuser.execute("SELECT FROM pg_stat_activity WHERE backend_type = 'iasql journal'").fetchone() is None,
            "the worker's end",
        )
    held.release()
    error = running.error()
    assert error.sqlstate == "IQ020" and "worker is gone" in str(error)
    assert len(repositories(account)) == 1
    assert proxy.count("CreateRepository") == 1
    assert sorted(row[0] for row in plan(db)) == ["create", "create", "in doubt"]
    plan(db, "iasql_apply")
    assert len(repositories(account)) == 3
    assert plan(db) == []


def test_the_lock_is_free_after_a_crash(server, account, subject):
    database, proxy = subject
    db = database.connect()
    db.execute(REPOSITORY)
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    server.kill_backend(running.pid)
    running.error()
    db = database.connect()
    db.execute("SET lock_timeout = '1ms'")
    assert [row[0] for row in plan(db, "iasql_apply")] in ([], ["create"])
    assert count_repositories(account) == 1
