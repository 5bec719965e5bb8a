"""Wrong values, wrong keys, an AWS that refuses, fails or is not there: a clear error, and nothing lost."""

import pytest

from aws_objects import assert_agrees, in_aws
from proxy import FOREVER, Pages, error, html_500, paginate, status, throttle
from server import CommandFailed, Emulator, plan, rows, value
from steps import MODULES, applied, apply, assert_settled, insert, install, notices, refusal, synced

# -- values


@pytest.mark.parametrize(
    "statement, column, part",
    [
        ("INSERT INTO repository (repository_name) VALUES ('UPPER')", "repository_name", ""),
        (f"INSERT INTO repository (repository_name) VALUES ('{'a' * 300}')", "repository_name", "256"),
        ("INSERT INTO repository (repository_name) VALUES ('a')", "repository_name", "2"),
        (f"INSERT INTO log_group (log_group_name) VALUES ('/{'a' * 600}')", "log_group_name", "512"),
        ("INSERT INTO log_group (log_group_name) VALUES ('not allowed')", "log_group_name", ""),
        (
            "INSERT INTO repository (repository_name, image_tag_mutability) VALUES ('app', 'SOMETIMES')",
            "image_tag_mutability",
            "IMMUTABLE",
        ),
        ("INSERT INTO vpc (cidr_block) VALUES ('somewhere')", "cidr_block", ""),
    ],
    ids=["capitals", "300 characters", "one character", "600 characters", "a blank", "no such value", "no network"],
)
def test_a_value_that_aws_does_not_take_is_refused_when_it_is_written(db, statement, column, part):
    install(db, *MODULES)
    refused = refusal(db, statement)
    assert refused.sqlstate == "IQ016"
    assert column in refused.message and part in refused.message
    assert plan(db) == []


def test_null_where_aws_needs_a_value(account, db):
    install(db, *MODULES)
    insert(db, "security_group", group_name="no description")
    insert(db, "log_group", log_group_name="/app")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ017"
    assert "security_group" in refused.message and "description" in refused.message
    db.execute("UPDATE security_group SET description = 'given' WHERE group_name = 'no description'")
    applied(db)
    assert_agrees(account, db)
    assert refusal(db, "INSERT INTO log_group (log_group_name) VALUES (NULL)").sqlstate == "23502"


def test_a_row_that_points_at_nothing(db):
    install(db, *MODULES)
    policy = '{"Version": "2012-10-17", "Statement": []}'
    refused = refusal(db, "INSERT INTO repository_policy (repository_id, policy_text) VALUES (4711, %s)", policy)
    assert refused.sqlstate == "23503" and "repository" in refused.detail
    assert rows(db, "SELECT * FROM repository_policy") == []


def test_a_text_that_points_at_nothing_is_awss_error(account, proxy, database):
    connection = database.connect()
    install(connection, *MODULES)
    insert(connection, "security_group", group_name="web", description="Web", vpc_id="vpc-00000000000000000")
    proxy.on("CreateSecurityGroup", error("InvalidVpcID.NotFound", "The vpc ID does not exist"))
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "InvalidVpcID.NotFound" in refused.message + refused.detail
    assert "injected-request-id" in refused.detail


# -- what AWS refuses


def test_one_of_ten_changes_is_refused(account, proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch", "aws_ecr")
    for number in range(9):
        insert(connection, "log_group", log_group_name=f"/{number}")
    insert(connection, "repository", repository_name="tenth")
    proxy.on("CreateRepository", error("InvalidParameterException", "There are too many repositories"))
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "repository tenth" in refused.message
    assert "InvalidParameterException" in refused.message + refused.detail
    assert "injected-request-id" in refused.detail and "CreateRepository" in refused.detail
    assert len(in_aws(account, "log_group")) == 9 and in_aws(account, "repository") == []
    # The error took the table's writes along; the journal has what was made.
    assert plan(connection) == [("create", "repository", "tenth")]
    assert applied(connection) == [("create", "repository", "tenth")]
    assert value(connection, "SELECT count(*) FROM log_group WHERE log_group_arn IS NULL") == 0
    assert_agrees(account, connection, "log_group", "repository")
    failures = rows(connection, "SELECT * FROM iasql.history WHERE error IS NOT NULL")
    assert [(row["table_name"], row["aws_request_id"]) for row in failures] == [("repository", "injected-request-id")]


def test_every_failure_is_listed_and_what_depends_on_one_is_not_tried(account, proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch", "aws_ecr")
    repository = insert(connection, "repository", repository_name="app")
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'
    insert(connection, "repository_policy", repository_id=repository, policy_text=policy)
    insert(connection, "log_group", log_group_name="/bad")
    insert(connection, "log_group", log_group_name="/good")
    proxy.on("CreateRepository", error("InvalidParameterException"))
    proxy.on("CreateLogGroup", error("OperationAbortedException"))
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "2 of 4" in refused.message
    assert "InvalidParameterException" in refused.detail and "OperationAbortedException" in refused.detail
    assert "Not tried" in refused.detail and "repository_policy app" in refused.detail
    assert proxy.count("SetRepositoryPolicy") == 0
    assert len(in_aws(account, "log_group")) == 1
    assert len(plan(connection)) == 3
    applied(connection)
    assert_agrees(account, connection, "log_group", "repository", "repository_policy")


def test_a_refused_update_and_a_refused_delete(account, proxy, database):
    connection = database.connect()
    install(connection, "aws_ecr")
    insert(connection, "repository", repository_name="app")
    insert(connection, "repository", repository_name="other")
    applied(connection)
    connection.execute("UPDATE repository SET scan_on_push = true WHERE repository_name = 'app'")
    connection.execute("DELETE FROM repository WHERE repository_name = 'other'")
    proxy.on("PutImageScanningConfiguration", error("ValidationException", "not now"))
    proxy.on("DeleteRepository", error("KmsException", "not that"))
    planned = plan(connection)
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert "not now" in refused.detail and "not that" in refused.detail
    assert plan(connection) == planned
    applied(connection)
    assert_agrees(account, connection, "repository")


# -- AWS that fails


def test_the_emulator_is_down(account, proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    insert(connection, "log_group", log_group_name="/kept")
    applied(connection)
    insert(connection, "log_group", log_group_name="/app")
    proxy.down()
    for function in ("iasql_sync", "iasql_plan_sync"):
        assert refusal(connection, f"SELECT * FROM {function}()").sqlstate in ("IQ011", "IQ023")
    assert refusal(connection, "SELECT * FROM iasql_install('aws_ecr')").sqlstate in ("IQ011", "IQ023")
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate in ("IQ010", "IQ023")
    assert value(connection, "SELECT count(*) FROM log_group") == 2
    assert value(connection, "SELECT to_regclass('repository') IS NULL")
    proxy.up()
    assert applied(connection) == [("create", "log_group", "/app")]
    assert_agrees(account, connection, "log_group")


@pytest.mark.parametrize("fault", [status(403), status(503), error("AccessDeniedException", "no")], ids=["403", "503", "denied"])
@pytest.mark.parametrize("operation", ["DescribeLogGroups", "DescribeSubnets"])
def test_a_listing_that_fails_is_an_error_and_changes_nothing(account, proxy, database, fault, operation):
    connection = database.connect()
    install(connection, *MODULES)
    insert(connection, "log_group", log_group_name="/app")
    applied(connection)
    account.client("ecr").create_repository(repositoryName="elsewhere")
    counts = "SELECT (SELECT count(*) FROM log_group) AS log_groups, (SELECT count(*) FROM subnet) AS subnets"
    before = rows(connection, counts)
    proxy.on(operation, fault, times=FOREVER)
    for function in ("iasql_plan_sync", "iasql_sync"):
        refused = refusal(connection, f"SELECT * FROM {function}()")
        assert refused.sqlstate == "IQ011"
    assert rows(connection, counts) == before
    assert rows(connection, "SELECT * FROM repository") == []
    assert plan(connection) == []
    proxy.clear()
    assert [change[:2] for change in synced(connection)] == [("create", "repository")]


def test_an_html_500_is_an_error_at_once(proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    proxy.on("DescribeLogGroups", html_500, times=FOREVER)
    before = proxy.count("DescribeLogGroups")
    assert refusal(connection, "SELECT * FROM iasql_sync()").sqlstate == "IQ011"
    assert proxy.count("DescribeLogGroups") == before + 1


def test_a_throttling_storm_is_bounded(account, proxy, database):
    """Nine of ten calls are throttled: calls stay bounded, and what came of it is known."""
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    for number in range(10):
        insert(connection, "log_group", log_group_name=f"/{number}")
    start = proxy.count()
    proxy.on("CreateLogGroup", throttle(), times=9)
    connection.execute("SET iasql.max_retries = 10")
    apply(connection)
    calls = proxy.count() - start
    proxy.clear()
    assert calls <= 3 * 30 + 9
    assert len(in_aws(account, "log_group")) == 10
    assert_settled(connection)


def test_throttling_without_end_ends(account, proxy, database):
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    for number in range(5):
        insert(connection, "log_group", log_group_name=f"/{number}")
    proxy.on("CreateLogGroup", throttle(), times=FOREVER)
    refused = refusal(connection, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010" and "ThrottlingException" in refused.message + refused.detail
    assert proxy.count("CreateLogGroup") <= 3 * 5
    assert in_aws(account, "log_group") == []
    proxy.clear()
    assert len(applied(connection)) == 5


# -- lists


@pytest.fixture
def listed(account, proxy, database):
    """Five log groups with rows, and a connection through the proxy."""
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    for number in range(5):
        insert(connection, "log_group", log_group_name=f"/{number}")
    applied(connection)
    proxy.clear()
    return connection


@pytest.mark.parametrize("pages", [Pages.one_item, Pages.empty_first])
def test_any_pages_are_the_whole_list(account, proxy, listed, pages):
    proxy.on("DescribeLogGroups", paginate(pages, "logGroups"), times=FOREVER)
    assert_settled(listed)
    account.client("logs").create_log_group(logGroupName="/new")
    assert [change[:2] for change in synced(listed)] == [("create", "log_group")]
    assert_agrees(account, listed, "log_group")


@pytest.mark.parametrize("pages", [Pages.same_token, Pages.expired_token])
def test_a_list_that_cannot_be_finished_is_an_error_and_deletes_nothing(proxy, listed, pages):
    proxy.on("DescribeLogGroups", paginate(pages, "logGroups"), times=FOREVER)
    for function in ("iasql_plan_sync", "iasql_sync"):
        assert refusal(listed, f"SELECT * FROM {function}()").sqlstate == "IQ011"
    assert value(listed, "SELECT count(*) FROM log_group") == 5
    assert proxy.count("DescribeLogGroups") < 20
    assert plan(listed) == []


def test_a_fault_on_the_second_page_deletes_nothing(proxy, listed):
    proxy.on("DescribeLogGroups", paginate(Pages.one_item, "logGroups"), times=FOREVER)
    proxy.on("DescribeLogGroups", status(503), after=1, times=FOREVER)
    assert refusal(listed, "SELECT * FROM iasql_sync()").sqlstate == "IQ011"
    assert value(listed, "SELECT count(*) FROM log_group") == 5


def test_a_throttled_page_is_asked_for_again(proxy, listed):
    proxy.on("DescribeLogGroups", paginate(Pages.one_item, "logGroups"), times=FOREVER)
    proxy.on("DescribeLogGroups", throttle(), after=2, times=1)
    assert plan(listed, "iasql_plan_sync") == []


# -- rights and keys


def test_a_role_without_the_right(server, database, db):
    install(db, "aws_cloudwatch")
    insert(db, "log_group", log_group_name="/app")
    with database.superuser() as superuser:
        role = f"reader{database.name[:8]}"
        superuser.execute(f'CREATE ROLE "{role}"')
        try:
            superuser.execute(f'SET ROLE "{role}"')
            for function in ("iasql_plan_apply", "iasql_apply", "iasql_sync", "delete_all_records"):
                with pytest.raises(Exception) as caught:
                    superuser.execute(f"SELECT * FROM {function}()")
                assert caught.value.diag.sqlstate == "42501"
            with pytest.raises(Exception) as caught:
                superuser.execute("SELECT * FROM log_group")
            assert caught.value.diag.sqlstate == "42501"
        finally:
            superuser.execute("RESET ROLE")
            superuser.execute(f'DROP ROLE "{role}"')
    assert plan(db) == [("create", "log_group", "/app")]


@pytest.fixture(scope="module")
def strict_emulator():
    """An emulator that checks signatures."""
    emulator = Emulator("--authenticate-after", "0")
    yield emulator
    emulator.stop()


def test_wrong_keys_connect_nothing(server, strict_emulator):
    before = server.iasql("databases")
    with pytest.raises(CommandFailed) as caught:
        server.iasql(
            "connect", "--access-key-id", "AKIAIOSFODNN7EXAMPLE", "--region", "eu-west-2",
            input="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
            AWS_ENDPOINT_URL=strict_emulator.url,
        )  # fmt: skip
    assert caught.value.output == ""
    assert "InvalidClientTokenId" in caught.value.errors or "AuthFailure" in caught.value.errors
    assert "wJalrXUtnFEMI" not in caught.value.errors
    assert server.iasql("databases") == before


def test_notices_of_an_apply_name_each_change(db):
    install(db, "aws_cloudwatch")
    insert(db, "log_group", log_group_name="/app")
    db.notices.clear()
    apply(db)
    assert notices(db, "creating log_group /app") and notices(db, "created log_group /app")
