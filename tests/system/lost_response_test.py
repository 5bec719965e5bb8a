"""The answer to a call does not arrive, or not whole: afterwards there is exactly one of everything, and no create was
repeated blindly."""

import json

import psycopg
import pytest

import proxy as faults
from proxy import Answer
from server import HostedDatabase, plan, rows, value

SUBJECTS = {
    "repository": (
        "INSERT INTO repository (repository_name) VALUES ('subject')",
        "CreateRepository",
        lambda account: [
            one for one in account.client("ecr").describe_repositories()["repositories"] if one["repositoryName"] == "subject"
        ],
    ),
    "log_group": (
        "INSERT INTO log_group (log_group_name) VALUES ('subject')",
        "CreateLogGroup",
        lambda account: account.client("logs").describe_log_groups()["logGroups"],
    ),
    # Neither a unique name nor a token: AWS would make a second one.
    "vpc": (
        "INSERT INTO vpc (cidr_block) VALUES ('10.9.0.0/16')",
        "CreateVpc",
        lambda account: [
            one for one in account.client("ec2").describe_vpcs()["Vpcs"] if one["CidrBlock"] == "10.9.0.0/16"
        ],
    ),
    "security_group": (
        "INSERT INTO security_group (group_name, description) VALUES ('subject', 'of the test')",
        "CreateSecurityGroup",
        lambda account: [
            one for one in account.client("ec2").describe_security_groups()["SecurityGroups"] if one["GroupName"] == "subject"
        ],
    ),
}

# What becomes of the call, and whether AWS may have carried it out for all that the client can tell.
FAULTS = {
    "lost": faults.lose_response,
    "dropped": faults.drop_request,
    "truncated": faults.truncate(7),
    "empty": faults.truncate(0),
    "garbled": faults.garble(5),
    "garbled-at-once": faults.garble(0),
    "unavailable": faults.status(503),
    "bad-gateway": faults.status(502, b"<html><body>Bad Gateway</body></html>", "text/html"),
    "carried-then-503": lambda exchange: (exchange.forward(), exchange.send(Answer(503, {}, b""))),
}


@pytest.fixture(scope="module")
def connected(server, emulator):
    """One database with every module, and its proxy, for all the tests here."""
    emulator.reset()
    between = faults.Proxy(emulator.url)
    database = HostedDatabase(server, between.url)
    database.set("iasql.in_doubt_wait", "0")  # nothing here arrives late
    rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch', 'aws_security_group')")
    yield database, between
    between.stop()
    database.remove()


@pytest.fixture
def proxy(connected):
    _, proxy = connected
    proxy.clear()
    return proxy


@pytest.fixture
def db(connected, proxy, account):
    database, _ = connected
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_sync()")
        proxy.calls.clear()
        yield db


@pytest.mark.parametrize(
    "table, fault",
    # Every fault for the kind that nothing but our own care protects, the commonest for the others.
    [(table, fault) for table in SUBJECTS for fault in FAULTS if table == "vpc" or fault in ("lost", "dropped", "truncated")],
)
def test_exactly_one(db, proxy, account, table, fault):
    insert, operation, look = SUBJECTS[table]
    db.execute(insert)
    proxy.on(operation, FAULTS[fault])
    try:
        plan(db, "iasql_apply")
    except psycopg.Error as error:
        assert error.sqlstate == "IQ012", error
        assert proxy.count(operation) == 1, "a create was repeated though it may have been carried out"
        assert [action for action, *_ in plan(db)] == ["in doubt"]
        assert value(db, "SELECT count(*) FROM iasql.progress WHERE state = 'in doubt'") == 1
        assert "not known" in value(db, "SELECT error FROM iasql.history ORDER BY \"when\" DESC LIMIT 1")
        plan(db, "iasql_apply")
    assert len(look(account)) == 1
    assert plan(db) == []
    assert value(db, "SELECT count(*) FROM iasql.progress WHERE state = 'in doubt'") == 0
    assert [row for row in plan(db, "iasql_plan_sync") if row[1] == table and table != "security_group"] == []


@pytest.mark.parametrize("table", ["repository", "vpc"])
def test_not_sent_is_sent_again(db, proxy, account, table):
    """A connection that ends before a byte of the request was read, or is refused: a create may be repeated."""
    insert, operation, look = SUBJECTS[table]
    db.execute(insert)
    proxy.down()
    with pytest.raises(psycopg.Error) as refused:
        plan(db, "iasql_apply")
    assert refused.value.sqlstate in ("IQ010", "IQ011", "IQ012", "IQ023")
    assert look(account) == []
    proxy.up()
    assert [action for action, *_ in plan(db)] == ["create"], "what was never sent is not in doubt"
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["create"]
    assert len(look(account)) == 1 and plan(db) == []


def test_updates_and_deletes_are_repeated(db, proxy, account):
    """Repeating them does no harm, so the transport may."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    plan(db, "iasql_apply")
    for fault in (faults.lose_response, faults.drop_request, faults.status(503)):
        proxy.on("PutImageScanningConfiguration", fault)
        db.execute("UPDATE repository SET scan_on_push = NOT scan_on_push")
        assert [action for action, *_ in plan(db, "iasql_apply")] == ["update"]
    proxy.on("DeleteRepository", faults.drop_request)
    db.execute("DELETE FROM repository")
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["delete"]
    assert account.client("ecr").describe_repositories()["repositories"] == []
    assert plan(db) == []


def test_a_delete_whose_answer_is_lost_is_done(db, proxy, account):
    """The second attempt finds nothing left to delete: that is what was wanted."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    plan(db, "iasql_apply")
    proxy.on("DeleteRepository", faults.lose_response)
    db.execute("DELETE FROM repository")
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["delete"]


def test_truncated_at_every_byte(db, proxy, account):
    """A body of few bytes, cut after each of them: a hundred creates in doubt at once, and none is lost or doubled."""
    lengths = []

    def small(exchange):
        answer = exchange.forward()
        members = json.loads(answer.body)["repository"]
        body = json.dumps({"repository": {"repositoryArn": members["repositoryArn"]}}).encode()
        cut = len(lengths)
        lengths.append(cut)
        exchange.send(Answer(200, answer.headers, body[: min(cut, len(body) - 1)]), length=len(body))

    size = len('{"repository": {"repositoryArn": "arn:aws:ecr:eu-west-2:123456789012:repository/bytes-100"}}')
    db.execute(
        "INSERT INTO repository (repository_name) SELECT format('bytes-%%s', number) FROM generate_series(1, %s) AS number",
        (size,),
    )
    proxy.on("CreateRepository", small, times=faults.FOREVER)
    with pytest.raises(psycopg.Error) as failed:
        plan(db, "iasql_apply")
    assert failed.value.sqlstate == "IQ012"
    assert proxy.count("CreateRepository") == size == len(lengths)
    proxy.clear()
    assert {action for action, *_ in plan(db)} == {"in doubt"}
    assert plan(db, "iasql_apply") == []
    assert proxy.count("CreateRepository") == 0, "each was found"
    assert len(account.client("ecr").describe_repositories(maxResults=1000)["repositories"]) == size
    assert plan(db) == []


def test_an_update_in_doubt_counts_as_made_when_the_sent_columns_have_the_sent_values(db, proxy, account):
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    plan(db, "iasql_apply")
    db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
    db.execute("SET iasql.max_retries = 0")
    proxy.on("PutImageTagMutability", faults.lose_response)
    with pytest.raises(psycopg.Error) as failed:
        plan(db, "iasql_apply")
    assert failed.value.sqlstate == "IQ012"
    # Somebody changes another column meanwhile: that stays drift.
    account.client("ecr").put_image_scanning_configuration(
        repositoryName="subject", imageScanningConfiguration={"scanOnPush": True}
    )
    assert plan(db) == [("in doubt", "repository", "subject")]
    proxy.calls.clear()
    assert plan(db, "iasql_apply") == []
    assert proxy.count("PutImageTagMutability") == 0
    assert plan(db) == []
    assert [action for action, *_ in plan(db, "iasql_plan_sync")] == ["update"]


def test_html_is_an_error_at_once(db, proxy, account):
    """What moto answers to what it does not implement: no retry, and the message names the operation."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    proxy.on("CreateRepository", faults.html_500, times=faults.FOREVER)
    with pytest.raises(psycopg.Error, match="subject"):
        plan(db, "iasql_apply")
    assert proxy.count("CreateRepository") == 1
    proxy.clear()
    plan(db, "iasql_apply")
    assert len(SUBJECTS["repository"][2](account)) == 1
    assert plan(db) == []


def test_a_throttled_create_is_repeated(db, proxy, account):
    """AWS said that it did nothing."""
    db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.9.0.0/16')")
    proxy.on("CreateVpc", faults.throttle("RequestLimitExceeded"))
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["create"]
    assert proxy.count("CreateVpc") == 2
    assert len(SUBJECTS["vpc"][2](account)) == 1


def test_partial_update(db, proxy, account):
    """Two calls for one row, and the second fails: the next plan shows only the remainder."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    plan(db, "iasql_apply")
    db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE', scan_on_push = true")
    proxy.on("PutImageScanningConfiguration", faults.error("InvalidParameterException", "no such thing"))
    with pytest.raises(psycopg.Error, match="no such thing") as failed:
        plan(db, "iasql_apply")
    assert failed.value.sqlstate == "IQ010"
    assert "injected-request-id" in failed.value.diag.message_detail
    (repository,) = SUBJECTS["repository"][2](account)
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert plan(db) == [("update", "repository", "subject")]
    proxy.calls.clear()
    assert plan(db, "iasql_apply") == [("update", "repository", "subject")]
    assert proxy.count("PutImageTagMutability") == 0, "only the remainder"
    assert proxy.count("PutImageScanningConfiguration") == 1
    assert plan(db) == []
