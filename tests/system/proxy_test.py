"""The proxy and the emulator's corrections, with boto3 as the client: what judges others is judged first."""

import botocore.exceptions
import pytest

import proxy as faults
from proxy import FOREVER, Moment, Pages, Proxy
from server import Emulator


@pytest.fixture
def through(account):
    """A proxy and a function that makes boto3 clients which go through it."""
    proxy = Proxy(account.url)
    direct, account.url = account.url, proxy.url
    yield proxy, account.client
    account.url = direct
    proxy.stop()


def test_calls_are_recorded(through):
    proxy, client = through
    client("logs").create_log_group(logGroupName="one")
    client("ec2", "us-east-1").describe_vpcs()
    assert [(call.service, call.operation, call.region, call.status) for call in proxy.calls] == [
        ("logs", "CreateLogGroup", "eu-west-2", 200),
        ("ec2", "DescribeVpcs", "us-east-1", 200),
    ]
    assert proxy.calls[0].parameter("logGroupName") == "one"


def test_a_lost_response_has_its_effect_and_a_dropped_request_has_none(through):
    proxy, client = through
    logs = client("logs")
    proxy.on("CreateLogGroup", faults.lose_response)
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        logs.create_log_group(logGroupName="lost")
    proxy.on("CreateLogGroup", faults.drop_request)
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        logs.create_log_group(logGroupName="dropped")
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["lost"]


def test_faults_are_for_the_calls_they_were_planned_for(through):
    proxy, client = through
    logs = client("logs")
    proxy.on("CreateLogGroup", faults.throttle(), after=1, times=2)
    refused = 0
    for name in "abcd":
        try:
            logs.create_log_group(logGroupName=name)
        except logs.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "ThrottlingException"
            refused += 1
    assert refused == 2
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["a", "d"]


@pytest.mark.parametrize("service, operation, method, element, result", [
    ("logs", "DescribeLogGroups", "describe_log_groups", "logGroups", "logGroups"),
    ("ecr", "DescribeRepositories", "describe_repositories", "repositories", "repositories"),
    ("ec2", "DescribeVpcs", "describe_vpcs", "vpcSet", "Vpcs"),
])  # fmt: skip
def test_listings_are_cut_into_pages(through, service, operation, method, element, result):
    proxy, client = through
    for name in ("one", "two"):
        client("logs").create_log_group(logGroupName=name)
        client("ecr").create_repository(repositoryName=name)
    client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    paginator = client(service).get_paginator(method)
    proxy.on(operation, faults.paginate(Pages.one_item, element), times=FOREVER)
    assert [len(page[result]) for page in paginator.paginate()] == [1, 1]
    proxy.on(operation, faults.paginate(Pages.empty_first, element), times=FOREVER)
    assert [len(page[result]) for page in paginator.paginate()] == [0, 2]
    proxy.on(operation, faults.paginate(Pages.same_token, element), times=FOREVER)
    with pytest.raises(botocore.exceptions.PaginationError):
        list(paginator.paginate())
    proxy.on(operation, faults.paginate(Pages.expired_token, element), times=FOREVER)
    with pytest.raises(botocore.exceptions.ClientError):
        list(paginator.paginate())


def test_a_paused_response_comes_when_it_is_released(through):
    import threading

    proxy, client = through
    pause = proxy.pause("CreateLogGroup", Moment.response)
    done = threading.Event()
    thread = threading.Thread(target=lambda: (client("logs").create_log_group(logGroupName="held"), done.set()))
    thread.start()
    pause.reached()
    assert client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "held"
    assert not done.is_set()
    pause.release()
    thread.join()
    assert done.is_set()


def test_an_earlier_answer_is_replayed(through):
    proxy, client = through
    logs = client("logs")
    earlier = proxy.capture("DescribeLogGroups")
    assert logs.describe_log_groups()["logGroups"] == []
    logs.create_log_group(logGroupName="new")
    proxy.on("DescribeLogGroups", faults.replay(earlier[0]))
    assert logs.describe_log_groups()["logGroups"] == []
    assert len(logs.describe_log_groups()["logGroups"]) == 1


def test_a_proxy_that_is_down_refuses_connections(through):
    proxy, client = through
    proxy.down()
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        client("ec2").describe_vpcs()
    proxy.up()
    client("ec2").describe_vpcs()


def refusal(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"]


def test_the_emulator_refuses_what_aws_refuses(ec2, logs, ecr):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.7/16")["Vpc"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.1.0/24")["Subnet"]
    assert subnet["AvailabilityZone"] in ("eu-west-2a", "eu-west-2b", "eu-west-2c")
    make = lambda name, vpc_id=vpc["VpcId"]: ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc_id)
    group, other = make("one")["GroupId"], make("two")["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "UserIdGroupPairs": [{"GroupId": other}]}
    rule = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"][0]
    assert rule["GroupOwnerId"] == "123456789012"
    assert refusal(make, name="three", vpc_id="vpc-0000") == "InvalidVpcID.NotFound"
    assert refusal(make, name="sg-three") == "InvalidParameterValue"
    assert refusal(ec2.create_subnet, VpcId="vpc-0000", CidrBlock="10.0.2.0/24") == "InvalidVpcID.NotFound"
    assert refusal(ec2.delete_security_group, GroupId=other) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    assert refusal(ec2.delete_vpc, VpcId=vpc["VpcId"]) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_security_group(GroupId=other)
    ec2.delete_vpc(VpcId=vpc["VpcId"])
    (default,) = ec2.describe_security_groups()["SecurityGroups"]
    assert refusal(ec2.delete_security_group, GroupId=default["GroupId"]) == "CannotDelete"
    assert default["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == default["GroupId"]
    assert refusal(logs.create_log_group, logGroupName="aws/mine") == "InvalidParameterException"
    assert refusal(logs.create_log_group, logGroupName="with space") == "InvalidParameterException"
    assert refusal(ecr.create_repository, repositoryName="Capital") == "InvalidParameterException"


def test_the_emulator_can_check_signatures():
    emulator = Emulator("--authenticate-after", "0")
    try:
        assert refusal(emulator.client("sts").get_caller_identity) == "InvalidClientTokenId"
    finally:
        emulator.stop()
