"""What answers in AWS's place misbehaves: bounded, refused, and no request goes anywhere else."""

import time

import psycopg
import pytest

import proxy as faults
from proxy import Answer
from server import HostedDatabase, plan, rows, value


@pytest.fixture(scope="module")
def connected(server, emulator):
    emulator.reset()
    proxy = faults.Proxy(emulator.url)
    database = HostedDatabase(server, proxy.url)
    rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch')")
    yield database, proxy
    proxy.stop()
    database.remove()


@pytest.fixture
def proxy(connected):
    connected[1].clear()
    return connected[1]


@pytest.fixture
def db(connected, proxy, account):
    with connected[0].connect() as db:
        rows(db, "SELECT * FROM iasql_sync()")
        db.execute("INSERT INTO repository (repository_name) VALUES ('one'), ('two'), ('three')")
        plan(db, "iasql_apply")
        db.execute("SET iasql.max_retries = 1")
        proxy.calls.clear()
        yield db


def unchanged(db, account):
    assert value(db, "SELECT count(*) FROM repository") == 3
    assert len(account.client("ecr").describe_repositories()["repositories"]) == 3
    assert plan(db) == []


@pytest.mark.parametrize("to", ["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "gopher://127.0.0.1:1/"])
def test_a_redirect_is_not_followed(db, proxy, account, to):
    elsewhere = faults.Proxy(account.url)
    if to.startswith("http://169"):
        to = elsewhere.url  # were it followed, it would be seen
    proxy.on("DescribeRepositories", lambda exchange: exchange.send(Answer(302, {"Location": to}, b"")), times=9)
    with pytest.raises(psycopg.Error):
        plan(db, "iasql_sync")
    assert elsewhere.calls == []
    elsewhere.stop()
    proxy.clear()
    unchanged(db, account)


def test_huge_headers(db, proxy, account):
    proxy.on(
        "DescribeRepositories", lambda exchange: exchange.send(Answer(200, {"X-Huge": "x" * 10_000_000}, b"{}")), times=9
    )
    with pytest.raises(psycopg.Error):
        plan(db, "iasql_sync")
    proxy.clear()
    unchanged(db, account)


def test_an_endless_body(db, proxy, account):
    """The limit on an answer is 64 MiB."""

    def endless(exchange):
        exchange.send(Answer(200, {"Content-Type": "application/x-amz-json-1.1"}, b'{"repositories": ['), length=1 << 40)
        try:
            for _ in range(2000):
                exchange.connection.sendall(b" " * 65536)
        except OSError:
            exchange.call.fault = "closed by the client"

    proxy.on("DescribeRepositories", endless, times=9)
    with pytest.raises(psycopg.Error):
        plan(db, "iasql_sync")
    memory = int(value(db, "SELECT pg_backend_pid()"))
    with open(f"/proc/{memory}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 600 * 1024, "kilobytes"
    proxy.clear()
    unchanged(db, account)


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_nesting(db, proxy, account, depth):
    body = b'{"repositories": ' + b"[" * depth + b"]" * depth + b"}"
    proxy.on("DescribeRepositories", lambda exchange: exchange.send(Answer(200, {}, body)), times=9)
    with pytest.raises(psycopg.Error):
        plan(db, "iasql_sync")
    proxy.clear()
    unchanged(db, account)


def test_a_drip_is_ended_by_the_statement_timeout(db, proxy, account):
    """A byte now and then; our own deadline is minutes, the user's shorter."""

    def drip(exchange):
        exchange.send(Answer(200, {}, b"{"), length=1000)
        try:
            for _ in range(600):
                exchange.connection.sendall(b" ")
                time.sleep(0.1)
        except OSError:
            pass

    proxy.on("DescribeRepositories", drip)
    db.execute("SET statement_timeout = '500ms'")
    started = time.monotonic()
    with pytest.raises(psycopg.errors.QueryCanceled):
        plan(db, "iasql_sync")
    assert time.monotonic() - started < 1.5
    db.execute("SET statement_timeout = 0")
    unchanged(db, account)


# -- listings that are not whole


@pytest.mark.parametrize("pages", [faults.Pages.one_item, faults.Pages.empty_first])
def test_pages_are_all_read(db, proxy, account, pages):
    proxy.on("DescribeRepositories", faults.paginate(pages, "repositories"), times=faults.FOREVER)
    assert plan(db, "iasql_sync") == []
    assert proxy.count("DescribeRepositories") >= 2
    proxy.clear()
    unchanged(db, account)


@pytest.mark.parametrize("pages", [faults.Pages.same_token, faults.Pages.expired_token])
def test_a_listing_that_cannot_be_finished_deletes_nothing(db, proxy, account, pages):
    proxy.on("DescribeRepositories", faults.paginate(pages, "repositories"), times=faults.FOREVER)
    for function in ("iasql_sync", "iasql_plan_sync"):
        with pytest.raises(psycopg.Error):
            plan(db, function)
    assert proxy.count() < 100, "a loop is noticed"
    proxy.clear()
    unchanged(db, account)


@pytest.mark.parametrize("fault", [faults.error("AccessDeniedException", "no", 400), faults.status(503), faults.garble(0)])
def test_a_failed_listing_deletes_nothing(db, proxy, account, fault):
    """Other tables stay as they were too: a sync is whole or not at all."""
    account.client("logs").create_log_group(logGroupName="elsewhere")
    proxy.on("DescribeRepositories", fault, times=faults.FOREVER)
    with pytest.raises(psycopg.Error):
        plan(db, "iasql_sync")
    assert value(db, "SELECT count(*) FROM log_group") == 0
    proxy.clear()
    unchanged(db, account)


def test_a_stale_listing_right_after_a_create(connected, db, proxy, account):
    """Within the service's read lag absence does not count: no row goes, and nothing is made again."""
    database, _ = connected
    database.set("iasql.read_lag", "3")
    try:
        with database.connect() as fresh:
            stale = proxy.capture("DescribeRepositories", region="eu-west-2")
            rows(fresh, "SELECT * FROM iasql_plan_sync()")
            fresh.execute("INSERT INTO repository (repository_name) VALUES ('four')")
            assert plan(fresh, "iasql_apply") == [("create", "repository", "four")]
            proxy.on("DescribeRepositories", faults.replay(stale[0]), times=2, region="eu-west-2")
            assert plan(fresh, "iasql_sync") == []
            assert proxy.count("CreateRepository") == 1
            assert value(fresh, "SELECT count(*) FROM repository") == 4
    finally:
        database.set("iasql.read_lag", "0")


# Where the rules of a service's endpoints refuse: (setting, call, what they say).
KINDS_OF_ENDPOINT = [
    ("iasql.use_fips_endpoint", "'s3', 'ListBuckets', '{}', 'cn-north-1'", "Partition does not support FIPS"),
    (
        "iasql.use_dualstack_endpoint",
        """'s3', 'HeadBucket', '{"Bucket": "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/subject"}', 'us-east-1'""",
        "S3 Object Lambda does not support Dual-stack",
    ),
]


@pytest.mark.parametrize("setting, call, refusal", KINDS_OF_ENDPOINT)
def test_a_kind_of_endpoint_that_there_is_none_of_is_refused_unsent(connected, setting, call, refusal):
    database, proxy = connected
    database.set("iasql.endpoint_url", "")
    try:
        with database.connect() as db:
            db.execute(f"SET {setting} = on")
            with pytest.raises(psycopg.DatabaseError, match=refusal):
                rows(db, f"SELECT iasql.aws({call})")
    finally:
        database.set("iasql.endpoint_url", proxy.url)
