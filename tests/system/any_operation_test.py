"""iasql.aws(): any AWS operation as a function, and the views that say what there is."""

import base64
import json
import pathlib
import re
import time

import psycopg
import pytest

from background import Background
from proxy import FOREVER, Answer, Moment, Pages, lose_response, paginate, throttle
from server import REGION, rows, value
from steps import refusal


def aws(connection, service, operation, input=None, region=None):
    """The pages of the answer."""
    found = rows(
        connection,
        "SELECT iasql.aws(%s, %s, %s::jsonb, %s) AS page",
        service,
        operation,
        json.dumps(input or {}),
        region,
    )
    return [row["page"] for row in found]


@pytest.mark.every_postgresql
def test_operations_of_each_protocol(db, account):
    account.client("s3").create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    (page,) = aws(db, "s3", "ListBuckets")
    assert [bucket["Name"] for bucket in page["Buckets"]] == ["a-bucket"]
    assert page["Buckets"][0]["CreationDate"].endswith("Z")

    (queue,) = aws(db, "sqs", "CreateQueue", {"QueueName": "jobs", "Attributes": {"DelaySeconds": "3"}})
    (attributes,) = aws(db, "sqs", "GetQueueAttributes", {"QueueUrl": queue["QueueUrl"], "AttributeNames": ["All"]})
    assert attributes["Attributes"]["DelaySeconds"] == "3"
    assert account.client("sqs").list_queues()["QueueUrls"] == [queue["QueueUrl"]]

    key = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
           "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    aws(db, "dynamodb", "CreateTable", {"TableName": "things", **key})
    blob = base64.b64encode(b"\x00\xff bytes").decode()
    item = {"id": {"S": "1"}, "count": {"N": "12"}, "bytes": {"B": blob}}
    aws(db, "dynamodb", "PutItem", {"TableName": "things", "Item": item})
    (found,) = aws(db, "dynamodb", "GetItem", {"TableName": "things", "Key": {"id": {"S": "1"}}})
    assert found["Item"] == item

    (identity,) = aws(db, "sts", "GetCallerIdentity")
    assert identity["Account"] == "123456789012"
    assert rows(db, "SELECT iasql.aws('lambda', 'ListFunctions') -> 'Functions' AS found") == [{"found": []}]


def test_a_row_for_each_page(account, database, proxy):
    db = database.connect()
    ec2 = account.client("ec2")
    for number in range(3):
        ec2.create_security_group(GroupName=f"group {number}", Description="one of many", VpcId=default_vpc(ec2))
    proxy.on("DescribeSecurityGroups", paginate(Pages.one_item, "securityGroupInfo"), times=FOREVER)
    wanted = {"Filters": [{"Name": "description", "Values": ["one of many"]}]}
    pages = aws(db, "ec2", "DescribeSecurityGroups", wanted)
    assert [len(page["SecurityGroups"]) for page in pages] == [1, 1, 1]
    assert {page["SecurityGroups"][0]["GroupName"] for page in pages} == {"group 0", "group 1", "group 2"}

    (second,) = aws(db, "ec2", "DescribeSecurityGroups", {**wanted, "NextToken": "page-1"})
    assert second["NextToken"] == "page-2"
    assert second["SecurityGroups"] == pages[1]["SecurityGroups"]
    assert len(aws(db, "ec2", "DescribeSecurityGroups", {**wanted, "MaxResults": 5})) == 1

    proxy.clear()
    proxy.on("DescribeSecurityGroups", paginate(Pages.same_token, "securityGroupInfo"), times=FOREVER)
    refused = refusal(db, "SELECT iasql.aws('ec2', 'DescribeSecurityGroups')")
    assert refused.sqlstate == "IQ011"
    assert "same page token twice" in refused.message


def test_a_number_of_items_that_must_be_given_still_gives_every_page(db, account):
    """It is no opinion: without it AWS refuses the call."""
    for number in range(3):
        account.client("cognito-idp").create_user_pool(PoolName=f"pool {number}")
    pages = aws(db, "cognito-idp", "ListUserPools", {"MaxResults": 1})
    assert [pool["Name"] for page in pages for pool in page["UserPools"]] == ["pool 0", "pool 1", "pool 2"]
    assert [len(page["UserPools"]) for page in pages] == [1, 1, 1]
    (last,) = aws(db, "cognito-idp", "ListUserPools", {"MaxResults": 1, "NextToken": pages[1]["NextToken"]})
    assert last == pages[2]


def default_vpc(ec2):
    return ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]


def test_the_region_is_the_default_one_or_the_one_named(account, database, proxy):
    db = database.connect()
    aws(db, "logs", "DescribeLogGroups")
    aws(db, "logs", "DescribeLogGroups", region="eu-north-1")
    rows(db, "SELECT * FROM iasql_install('aws_account')")
    rows(db, "UPDATE aws_regions SET is_enabled = true WHERE region = 'us-west-1'")
    rows(db, "SELECT default_aws_region('us-west-1')")
    aws(db, "logs", "DescribeLogGroups")
    asked = [call.region for call in proxy.calls if call.operation == "DescribeLogGroups"]
    assert asked == [REGION, "eu-north-1", "us-west-1"]
    refused = refusal(db, "SELECT iasql.aws('logs', 'DescribeLogGroups', '{}', 'not a region')")
    assert refused.sqlstate == "IQ016"


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ("'dynamo', 'Query'", 'AWS has no service "dynamo"', "Did you mean dynamodb?"),
        ("'EC2', 'DescribeVpcs'", 'AWS has no service "EC2"', "Did you mean ec2?"),
        ("'ec2', 'describe-vpcs'", 'service ec2 has no operation "describe-vpcs"', "Did you mean DescribeVpcs?"),
        ("'sqs', 'CreateQueues'", 'service sqs has no operation "CreateQueues"', "Did you mean CreateQueue?"),
        ("'sqs', 'CreateQueue', '{\"QueueNames\": \"x\"}'", "the input of CreateQueue has no member QueueNames", "Did you mean QueueName?"),
        ("'sqs', 'CreateQueue', '[]'", "the input of an operation is an object: its members by their names", ""),
        ("'sqs', 'CreateQueue', '{\"QueueName\": 1}'", "QueueName must be a string, not a number", ""),
    ],
)  # fmt: skip
def test_wrong_names_and_values(db, arguments, message, hint):
    refused = refusal(db, f"SELECT iasql.aws({arguments})")
    assert (refused.sqlstate, refused.message, refused.hint) == ("IQ016", message, hint)


def test_what_is_missing(db):
    refused = refusal(db, "SELECT iasql.aws('sqs', 'CreateQueue')")
    assert (refused.sqlstate, refused.message) == ("IQ017", "QueueName is required")
    assert refusal(db, "SELECT iasql.aws(NULL, 'CreateQueue')").sqlstate == "22004"


def test_an_error_of_aws(db):
    refused = refusal(db, "SELECT iasql.aws('sqs', 'GetQueueUrl', '{\"QueueName\": \"nothing\"}')")
    assert refused.sqlstate == "IQ011"
    assert "does not exist" in refused.message
    assert "Operation GetQueueUrl of sqs" in refused.detail


@pytest.mark.parametrize(
    ("service", "operation", "why"),
    [
        ("s3", "SelectObjectContent", "its messages are an event stream"),
        ("eventbridgev2", None, "protocol smithy-rpc-v2-cbor is not spoken here"),
        ("sdb", "ListDomains", "it takes signatures of version 2 only"),
        ("codecatalyst", "ListSpaces", "it takes bearer tokens only"),
    ],
)
def test_what_cannot_be_called_says_so(db, service, operation, why):
    operation = operation or value(
        db, "SELECT min(operation) FROM iasql.aws_operations WHERE service = %s", service
    )
    refused = refusal(db, "SELECT iasql.aws(%s, %s)", service, operation)
    assert refused.sqlstate == "0A000"
    assert refused.message == f"operation {operation} of {service} cannot be called: {why}"
    (listed,) = rows(
        db,
        "SELECT supported, unsupported_because FROM iasql.aws_operations WHERE service = %s AND operation = %s",
        service,
        operation,
    )
    assert listed == {"supported": False, "unsupported_because": why}


def test_a_read_only_transaction_reads(db, account):
    with db.transaction():
        rows(db, "SET TRANSACTION READ ONLY")
        assert len(aws(db, "ec2", "DescribeVpcs")) == 1
    with db.transaction():
        rows(db, "SET TRANSACTION READ ONLY")
        refused = refusal(db, "SELECT iasql.aws('ec2', 'CreateVpc', '{\"CidrBlock\": \"10.0.0.0/16\"}')")
        rows(db, "ROLLBACK")
        rows(db, "BEGIN")
    assert refused.sqlstate == "25006"
    assert refused.message == "CreateVpc of ec2 may change the AWS account, which a read-only transaction does not"
    assert len(account.client("ec2").describe_vpcs()["Vpcs"]) == 1


def test_a_parallel_query_reads(db, account):
    """Whatever a function of the tenant's own claims to be."""
    for name, operation, input in (("reading", "DescribeVpcs", "{}"), ("writing", "CreateVpc", '{"CidrBlock": "10.0.0.0/16"}')):
        db.execute(
            f"CREATE FUNCTION {name}() RETURNS bigint LANGUAGE sql PARALLEL SAFE AS"
            f" $$ SELECT count(*) FROM iasql.aws('ec2', '{operation}', '{input}') $$"
        )
    (force,) = rows(db, "SELECT name FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query')")
    db.execute(f"SET {force['name']} = on")
    assert value(db, "SELECT reading()") == 1
    refused = refusal(db, "SELECT writing()")
    assert refused.sqlstate == "55000"
    assert refused.message == "CreateVpc of ec2 may change the AWS account, which a parallel query does not"
    assert len(account.client("ec2").describe_vpcs()["Vpcs"]) == 1


def test_a_long_list_takes_no_more_memory_than_a_short_one(database, proxy):
    """Page by page it is read, and then it is where every large result is."""
    groups = [{"logGroupName": f"group-{number}", "storedBytes": number} for number in range(5000)]

    def answer(exchange):
        page = int(exchange.call.parameter("nextToken") or 0) + 1
        output = {"logGroups": groups}
        if page < int(exchange.call.parameter("logGroupNamePrefix")):
            output["nextToken"] = str(page)
        exchange.send(Answer(200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(output).encode()))

    proxy.on("DescribeLogGroups", answer, times=FOREVER)
    db = database.connect()
    status = pathlib.Path(f"/proc/{db.info.backend_pid}/status")

    def most_memory_after(pages):
        read = "SELECT count(*) FROM iasql.aws('logs', 'DescribeLogGroups', jsonb_build_object('logGroupNamePrefix', %s::text))"
        assert value(db, read, str(pages)) == pages
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text()).group(1))

    few = most_memory_after(3)
    assert most_memory_after(40) < few + 20_000


def test_a_write_takes_effect_whatever_becomes_of_the_transaction(db, account):
    rows(db, "BEGIN")
    aws(db, "sqs", "CreateQueue", {"QueueName": "stays"})
    rows(db, "ROLLBACK")
    assert len(account.client("sqs").list_queues()["QueueUrls"]) == 1
    assert rows(db, "SELECT * FROM iasql.history") == []


def test_a_write_is_not_repeated(account, database, proxy):
    db = database.connect()
    create = "SELECT iasql.aws('ec2', 'CreateVpc', '{\"CidrBlock\": \"10.0.0.0/16\"}')"
    proxy.on("CreateVpc", lose_response)
    refused = refusal(db, create)
    assert refused.sqlstate == "IQ023"
    assert "whether it took effect is not known" in refused.detail
    assert proxy.count("CreateVpc") == 1
    proxy.on("CreateVpc", throttle("RequestLimitExceeded"))
    rows(db, create)
    assert proxy.count("CreateVpc") == 3
    proxy.on("DescribeVpcs", lose_response)
    assert len(aws(db, "ec2", "DescribeVpcs")[0]["Vpcs"]) == 3


def test_sensitive_members_are_not_shown(db, account):
    account.client("secretsmanager").create_secret(Name="one", SecretString="the very secret itself")
    (found,) = aws(db, "secretsmanager", "GetSecretValue", {"SecretId": "one"})
    assert found["Name"] == "one"
    assert found["SecretString"] == "***"
    (key,) = aws(db, "iam", "CreateUser", {"UserName": "someone"}) and aws(
        db, "iam", "CreateAccessKey", {"UserName": "someone"}
    )
    assert key["AccessKey"]["SecretAccessKey"] == "***"
    assert key["AccessKey"]["AccessKeyId"] != "***"


@pytest.mark.every_postgresql
def test_a_blob_comes_as_base64(db, account):
    s3 = account.client("s3")
    s3.create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    content = bytes(range(256)) * 8192
    s3.put_object(Bucket="a-bucket", Key="a key/with ü", Body=content)
    (found,) = aws(db, "s3", "GetObject", {"Bucket": "a-bucket", "Key": "a key/with ü"})
    assert base64.b64decode(found["Body"]) == content
    assert found["ContentLength"] == len(content)


def test_a_page_of_html_may_be_an_object(db, account):
    s3 = account.client("s3")
    s3.create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    page = b"<!DOCTYPE html><html><body>a site of one page</body></html>"
    s3.put_object(Bucket="a-bucket", Key="index.html", Body=page, ContentType="text/html")
    (found,) = aws(db, "s3", "GetObject", {"Bucket": "a-bucket", "Key": "index.html"})
    assert base64.b64decode(found["Body"]) == page
    assert found["ContentType"] == "text/html"


def test_a_cancel_ends_it(account, database, proxy):
    db = database.connect()
    pause = proxy.pause("DescribeVpcs", Moment.request)
    running = Background(db, "SELECT iasql.aws('ec2', 'DescribeVpcs')")
    pause.reached()
    started = time.monotonic()
    db.cancel()
    error = running.error()
    assert time.monotonic() - started < 1
    pause.release()
    assert isinstance(error, psycopg.errors.QueryCanceled)
    assert value(db, "SELECT 1 AS one") == 1


def test_only_the_databases_owner_may_call(server, database, db):
    with database.superuser() as superuser:
        superuser.execute("CREATE ROLE any_operation_reader LOGIN")
        superuser.execute("GRANT USAGE ON SCHEMA iasql TO any_operation_reader")
    try:
        rows(db, "GRANT SELECT ON iasql.aws_services, iasql.aws_operations TO any_operation_reader")
        rows(db, "GRANT EXECUTE ON FUNCTION iasql.aws_service_list(), iasql.aws_operation_list() TO any_operation_reader")
        with database.superuser() as reader:
            reader.execute("SET ROLE any_operation_reader")
            refused = refusal(reader, "SELECT iasql.aws('ec2', 'DescribeVpcs')")
            assert refused.sqlstate == "42501"
            assert rows(reader, "SELECT count(*) FROM iasql.aws_services") == [(439,)]
        rows(db, "GRANT EXECUTE ON FUNCTION iasql.aws(text, text, jsonb, text) TO PUBLIC")  # only a warning
        assert value(
            db, "SELECT has_function_privilege('any_operation_reader', 'iasql.aws(text, text, jsonb, text)', 'EXECUTE')"
        ) is False  # fmt: skip
    finally:
        rows(db, "REVOKE ALL ON iasql.aws_services, iasql.aws_operations FROM any_operation_reader")
        rows(db, "REVOKE ALL ON FUNCTION iasql.aws_service_list(), iasql.aws_operation_list() FROM any_operation_reader")
        with database.superuser() as superuser:
            superuser.execute("DROP OWNED BY any_operation_reader")
            superuser.execute("DROP ROLE any_operation_reader")


@pytest.mark.every_postgresql
def test_what_there_is_to_call(db):
    assert value(db, "SELECT count(*) FROM iasql.aws_services") == 439
    assert value(db, "SELECT sum(operations) FROM iasql.aws_services") == 19_796
    assert value(db, "SELECT count(*) FROM iasql.aws_operations") == 19_796
    assert rows(db, "SELECT * FROM iasql.aws_services WHERE service = 'ec2'") == [
        {
            "service": "ec2", "full_name": "Amazon Elastic Compute Cloud", "api_version": "2016-11-15", "protocol": "ec2",
            "signing_name": "ec2", "operations": 830, "supported": True, "unsupported_because": None,
        }
    ]  # fmt: skip
    assert rows(db, "SELECT * FROM iasql.aws_operations WHERE service = 's3' AND operation = 'ListBuckets'") == [
        {
            "service": "s3", "operation": "ListBuckets", "read_only": True, "paginated": True, "supported": True,
            "unsupported_because": None,
            "documentation": "https://docs.aws.amazon.com/goto/WebAPI/s3-2006-03-01/ListBuckets",
        }
    ]  # fmt: skip
    unsupported = rows(db, "SELECT service FROM iasql.aws_services WHERE NOT supported ORDER BY service")
    assert "eventbridgev2" in {row["service"] for row in unsupported}


def test_the_members_of_an_operation(db):
    members = rows(db, "SELECT * FROM iasql.aws_members('sqs', 'CreateQueue')")
    assert [(one["direction"], one["path"], one["type"], one["required"]) for one in members] == [
        ("input", "QueueName", "string", True),
        ("input", "Attributes", "map of string", False),
        ("input", "tags", "map of string", False),
        ("output", "QueueUrl", "string", False),
    ]
    (state,) = rows(
        db,
        "SELECT * FROM iasql.aws_members('ec2', 'DescribeVpcs') WHERE path = 'Vpcs[].State' AND direction = 'output'",
    )
    assert state["allowed_values"] == ["pending", "available", "deleting"]
    (secret,) = rows(
        db, "SELECT * FROM iasql.aws_members('secretsmanager', 'GetSecretValue') WHERE path = 'SecretString'"
    )
    assert secret["sensitive"]
    assert refusal(db, "SELECT iasql.aws_members('sqs', 'CreateQueu')").hint == "Did you mean CreateQueue?"


def test_offline_it_says_what_is_there_and_calls_nothing(account, database, proxy):
    db = database.connect()
    proxy.calls.clear()
    rows(db, "SELECT * FROM iasql.aws_services")
    rows(db, "SELECT * FROM iasql.aws_members('ec2', 'RunInstances')")
    assert proxy.calls == []
