"""`iasql connect --role-arn`: no key of the account is stored; the server assumes a role of the account's with a key of its
own and an external id that iasql made."""

import json
import re

import psycopg
import pytest

import proxy as faults
from proxy import Proxy
from server import REGION, CommandFailed, plan, rows, value

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/for-iasql"
OWN_KEY, OWN_SECRET = "AKIASERVERSOWN000001", "sErVeRsOwNsEcReT0123456789/+sErVeRsOwN"
REFUSED = 4


@pytest.fixture
def own_key(server):
    """The server's own key, in its file."""
    with server.own_key(OWN_KEY, OWN_SECRET) as file:
        yield file


class Trusting:
    """A proxy that stands for the role's trust policy, which the emulator does not read."""

    def __init__(self, account):
        self.proxy, self.asked = Proxy(account.url), []
        self.external_id = None
        self.proxy.on("AssumeRole", self._judge, times=faults.FOREVER)

    def _judge(self, exchange):
        asked = {name: exchange.call.parameter(name) for name in ("RoleArn", "ExternalId", "DurationSeconds")}
        self.asked.append(asked)
        if self.external_id is None or asked["ExternalId"] == self.external_id:
            return exchange.send(exchange.forward())
        return faults.error("AccessDenied", "User is not authorized to perform: sts:AssumeRole", 403)(exchange)


@pytest.fixture
def trusting(account):
    trusting = Trusting(account)
    yield trusting
    trusting.proxy.stop()


def connect(server, trusting, *more, role=ROLE):
    return server.iasql(
        "connect", "--role-arn", role, "--region", REGION, *more, AWS_ENDPOINT_URL=trusting.proxy.url
    ).strip()  # fmt: skip


def external_id(policy):
    return json.loads(policy)["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"]


@pytest.fixture
def connected(server, own_key, trusting):
    """The connection string of a database that is connected by role."""
    trusting.external_id = external_id(connect(server, trusting))
    url = connect(server, trusting)
    yield url
    server.iasql("disconnect", url.rpartition("/")[2], "--yes")


def test_first_the_trust_policy_then_the_database(server, own_key, trusting, connected):
    policy_id = trusting.external_id
    assert re.fullmatch(r"iasql-[A-Za-z0-9]{32}", policy_id)
    with psycopg.connect(connected, autocommit=True, row_factory=psycopg.rows.dict_row) as db:
        trusting.asked.clear()
        rows(db, "SELECT * FROM iasql_install('aws_ecr', 'aws_account')")
        assert value(db, "SELECT access_key_id FROM aws_account") == ROLE
        db.execute("INSERT INTO repository (repository_name) VALUES ('by-role')")
        rows(db, "SELECT * FROM iasql_apply()")
        assert plan(db) == [] and plan(db, "iasql_plan_sync") == []
    assert trusting.asked
    for asked in trusting.asked:
        assert (asked["RoleArn"], asked["ExternalId"]) == (ROLE, policy_id) and int(asked["DurationSeconds"]) <= 3600
    # The next connection gets another one.
    other = external_id(connect(server, trusting))
    assert other != policy_id
    with server.superuser() as superuser:
        superuser.execute("DELETE FROM public.reserved_external_id")


def test_the_policy_that_is_printed(server, own_key, trusting):
    policy = json.loads(connect(server, trusting))
    (statement,) = policy["Statement"]
    assert statement["Effect"] == "Allow" and statement["Action"] == "sts:AssumeRole"
    assert statement["Principal"] == {"AWS": ACCOUNT}, "the server's account, whose key it has"
    with server.superuser() as superuser:
        superuser.execute("DELETE FROM public.reserved_external_id")


def test_another_external_id_is_refused(server, own_key, trusting):
    """AWS's words, the policy once more, and nothing left behind."""
    policy_id = external_id(connect(server, trusting))
    trusting.external_id = "somebody-elses"
    with server.superuser() as superuser:
        before = superuser.execute("SELECT count(*) FROM pg_database").fetchone()
        with pytest.raises(CommandFailed) as refused:
            connect(server, trusting)
        assert refused.value.status == REFUSED and refused.value.output == ""
        assert "not authorized to perform: sts:AssumeRole" in refused.value.errors and policy_id in refused.value.errors
        assert superuser.execute("SELECT count(*) FROM pg_database").fetchone() == before
        superuser.execute("DELETE FROM public.reserved_external_id")


def test_a_role_of_another_account(server, own_key, trusting, connected):
    """Refused for a database with rows; and where AWS says that the role is of another account than its ARN."""
    other = "arn:aws:iam::210987654321:role/for-iasql"
    name = connected.rpartition("/")[2]
    with psycopg.connect(connected, autocommit=True, row_factory=psycopg.rows.dict_row) as db:
        rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')")
        db.execute("INSERT INTO log_group (log_group_name) VALUES ('ours')")
        rows(db, "SELECT * FROM iasql_apply()")
    trusting.external_id = external_id(connect(server, trusting, role=other))
    with pytest.raises(CommandFailed) as refused:
        connect(server, trusting, "--database", name, role=other)
    assert "210987654321" in refused.value.errors
    with server.superuser(name) as superuser:
        assert superuser.execute("SELECT account_id, access_key_id FROM iasql.connection").fetchone() == (ACCOUNT, ROLE)
    with server.superuser() as superuser:
        superuser.execute("DELETE FROM public.reserved_external_id")


def test_a_server_without_a_key_of_its_own(server, trusting):
    with pytest.raises(CommandFailed) as refused:
        connect(server, trusting)
    assert "the server has no AWS key of its own" in refused.value.errors and "keys/aws" in refused.value.errors


@pytest.mark.parametrize("arguments", [("--access-key-id", "AKIAIOSFODNN7EXAMPLE"), ("--database", "postgres://127.0.0.1/x")])
def test_what_makes_no_sense_with_a_role(server, trusting, arguments):
    with pytest.raises(CommandFailed) as refused:
        connect(server, trusting, *arguments)
    assert refused.value.status == 2


def test_what_is_no_roles_arn(server, own_key, trusting):
    with pytest.raises(CommandFailed) as refused:
        connect(server, trusting, role="arn:aws:iam::123456789012:user/me")
    assert refused.value.status == 2 and "is no role's ARN" in refused.value.errors


def test_the_servers_own_key_is_nowhere_but_in_its_file(server, own_key, connected):
    for path in server.data.rglob("*"):
        if path.is_file() and path != own_key:
            assert OWN_SECRET.encode() not in path.read_bytes(), path


def test_a_session_that_ends_in_the_middle_of_an_apply(connected, trusting, ec2):
    """What AWS refuses as expired it did not do: it is done with a new session, or where there is none, not at all."""
    expired = faults.error("ExpiredToken", "The security token included in the request is expired")

    def made():
        return sorted(vpc["CidrBlock"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"])

    with psycopg.connect(connected, autocommit=True, row_factory=psycopg.rows.dict_row) as db:
        rows(db, "SELECT * FROM iasql_install('aws_vpc')")
        db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16'), ('10.2.0.0/16')")
        trusting.proxy.on("CreateVpc", expired, times=2)
        trusting.asked.clear()
        assert len(plan(db, "iasql_apply")) == 2
        assert len(trusting.asked) == 2, "both wait for one new session"
        assert made() == ["10.1.0.0/16", "10.2.0.0/16"]

        db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.3.0.0/16')")
        trusting.proxy.on("CreateVpc", expired)
        trusting.proxy.on("AssumeRole", faults.error("AccessDenied", "no longer", 403), after=1)
        with pytest.raises(psycopg.Error, match="there is no newer one|ExpiredToken") as refused:
            plan(db, "iasql_apply")
        assert "no longer" in str(refused.value)
        assert plan(db) == [("create", "vpc", "10.3.0.0/16")] and len(made()) == 2
        plan(db, "iasql_apply")
        assert plan(db) == [] and made() == ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
