"""Load balancers, target groups and listeners on the emulator: what AWS enforces."""

import pytest

from emulator_account import account, refused  # noqa: F401


class Network:
    """The default VPC, its subnets and a security group in it."""

    def __init__(self, account):
        ec2 = account.client("ec2")
        (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
        self.vpc_id = vpc["VpcId"]
        self.subnets = sorted(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"])
        self.group = ec2.create_security_group(GroupName="web", Description="web", VpcId=self.vpc_id)["GroupId"]
        self.default_group = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]


@pytest.fixture
def network(account):
    return Network(account)


@pytest.fixture
def elb(account):
    return account.client("elbv2")


@pytest.fixture
def ec2(account):
    return account.client("ec2")


def make_balancer(elb, network, name="web", **parameters):
    parameters = {"Subnets": network.subnets, "SecurityGroups": [network.group], **parameters}
    return elb.create_load_balancer(Name=name, **parameters)["LoadBalancers"][0]


def make_group(elb, network, name="web", **parameters):
    parameters = {"Protocol": "HTTP", "Port": 8088, "VpcId": network.vpc_id, "TargetType": "ip", **parameters}
    return elb.create_target_group(Name=name, **parameters)["TargetGroups"][0]


def forward(group):
    return [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]


def interfaces(ec2, group_id):
    found = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return found["NetworkInterfaces"]


def test_a_load_balancer_is_provisioning_then_active(account, elb, network):
    balancer = make_balancer(elb, network)
    assert balancer["State"]["Code"] == "provisioning"
    assert balancer["Scheme"] == "internet-facing" and balancer["Type"] == "application"
    arns = [balancer["LoadBalancerArn"]]
    for _ in range(2):  # looking changes nothing
        assert elb.describe_load_balancers(LoadBalancerArns=arns)["LoadBalancers"][0]["State"]["Code"] == "provisioning"
    account.let_time_pass()
    assert elb.describe_load_balancers(LoadBalancerArns=arns)["LoadBalancers"][0]["State"]["Code"] == "active"


def test_the_waiter_of_the_model_waits_for_it(account, elb, network):
    account.set_delay(0.3)
    arn = make_balancer(elb, network)["LoadBalancerArn"]
    elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 0.05})
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["State"]["Code"] == "active"


def test_without_groups_it_has_the_default_group(elb, network):
    assert make_balancer(elb, network, SecurityGroups=[])["SecurityGroups"] == [network.default_group]


@pytest.mark.parametrize("name", ["internal-web", "-web", "web-", "we_b", "w" * 33])
def test_unlawful_names(elb, network, name):
    refused("ValidationError", elb.create_load_balancer, Name=name, Subnets=network.subnets)


def test_the_same_load_balancer_again_or_another_of_its_name(elb, network):
    balancer = make_balancer(elb, network, Tags=[{"Key": "a", "Value": "1"}])
    again = make_balancer(elb, network, Tags=[{"Key": "a", "Value": "1"}])
    assert again["LoadBalancerArn"] == balancer["LoadBalancerArn"]
    for different in ({}, {"Tags": [{"Key": "a", "Value": "1"}], "Scheme": "internal"}):
        with pytest.raises(elb.exceptions.DuplicateLoadBalancerNameException):
            make_balancer(elb, network, **different)
    assert len(elb.describe_load_balancers()["LoadBalancers"]) == 1


def test_subnets_go_together(elb, ec2, network):
    create = elb.create_load_balancer
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_subnet(VpcId=other, CidrBlock="10.9.1.0/24", AvailabilityZone="eu-west-2c")["Subnet"]["SubnetId"]
    twin = ec2.create_subnet(VpcId=network.vpc_id, CidrBlock="172.31.100.0/24", AvailabilityZone="eu-west-2a")["Subnet"]
    refused("SubnetNotFound", create, Name="web", Subnets=["subnet-00000000", *network.subnets])
    refused("ValidationError", create, Name="web", Subnets=network.subnets[:1])
    refused("InvalidConfigurationRequest", create, Name="web", Subnets=[network.subnets[0], foreign])
    refused("InvalidConfigurationRequest", create, Name="web", Subnets=[*network.subnets, twin["SubnetId"]])
    foreign_group = ec2.create_security_group(GroupName="far", Description="far", VpcId=other)["GroupId"]
    refused("InvalidConfigurationRequest", create, Name="web", Subnets=network.subnets, SecurityGroups=[foreign_group])
    refused("InvalidSecurityGroup", create, Name="web", Subnets=network.subnets, SecurityGroups=["sg-00000000"])


def test_its_interfaces_hold_group_subnet_and_vpc_until_a_while_after_it_is_gone(account, elb, ec2, network):
    balancer = make_balancer(elb, network)
    made = interfaces(ec2, network.group)
    name = balancer["LoadBalancerArn"].split(":loadbalancer/")[1]
    assert {interface["Description"] for interface in made} == {f"ELB {name}"}
    assert all(interface["RequesterManaged"] and interface["Status"] == "in-use" for interface in made)
    assert sorted(interface["SubnetId"] for interface in made) == network.subnets
    for name, value in (("vpc-id", network.vpc_id), ("requester-managed", "true"), ("status", "in-use")):
        found = ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": [value]}])["NetworkInterfaces"]
        assert len(found) == len(made), name
    refused("InvalidParameterValue", ec2.delete_network_interface, NetworkInterfaceId=made[0]["NetworkInterfaceId"])
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    refused("LoadBalancerNotFound", elb.describe_load_balancers, LoadBalancerArns=[balancer["LoadBalancerArn"]])
    refused("LoadBalancerNotFound", elb.describe_load_balancers, Names=["web"])
    refused("DependencyViolation", ec2.delete_security_group, GroupId=network.group)
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=network.subnets[0])
    refused("DependencyViolation", ec2.delete_vpc, VpcId=network.vpc_id)
    account.let_time_pass()
    assert interfaces(ec2, network.group) == []
    ec2.delete_security_group(GroupId=network.group)
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])  # again: succeeds


def test_groups_subnets_and_address_type_change(account, elb, ec2, network):
    arn = make_balancer(elb, network)["LoadBalancerArn"]
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc_id)["GroupId"]
    elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    elb.set_ip_address_type(LoadBalancerArn=arn, IpAddressType="dualstack")
    elb.set_subnets(LoadBalancerArn=arn, Subnets=network.subnets[:2])
    (balancer,) = elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert balancer["SecurityGroups"] == [other] and balancer["IpAddressType"] == "dualstack"
    assert sorted(zone["SubnetId"] for zone in balancer["AvailabilityZones"]) == network.subnets[:2]
    ec2.delete_security_group(GroupId=network.group)  # nothing holds it any more
    assert len(interfaces(ec2, other)) == 3
    account.let_time_pass()
    assert sorted(interface["SubnetId"] for interface in interfaces(ec2, other)) == network.subnets[:2]
    refused("InvalidSecurityGroup", elb.set_security_groups, LoadBalancerArn=arn, SecurityGroups=["sg-00000000"])
    refused("ValidationError", elb.set_subnets, LoadBalancerArn=arn, Subnets=network.subnets[:1])


def test_a_network_load_balancer(elb, ec2, network):
    balancer = make_balancer(elb, network, Type="network", SecurityGroups=[], Subnets=network.subnets[:1])
    assert ":loadbalancer/net/web/" in balancer["LoadBalancerArn"] and balancer.get("SecurityGroups", []) == []
    group = make_group(elb, network, Protocol="TCP")
    create = elb.create_listener
    parameters = {"LoadBalancerArn": balancer["LoadBalancerArn"], "Port": 80, "DefaultActions": forward(group)}
    refused("ValidationError", create, Protocol="HTTP", **parameters)
    assert create(Protocol="TCP", **parameters)["Listeners"][0]["Protocol"] == "TCP"


def test_a_target_group_has_the_defaults_of_aws(elb, network):
    group = make_group(elb, network)
    del group["TargetGroupArn"]
    assert group == {
        "TargetGroupName": "web",
        "Protocol": "HTTP",
        "Port": 8088,
        "VpcId": network.vpc_id,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        "HealthCheckPath": "/",
        "Matcher": {"HttpCode": "200"},
        "TargetType": "ip",
        "ProtocolVersion": "HTTP1",
        "IpAddressType": "ipv4",
    }


def test_the_same_target_group_again_or_another_of_its_name(elb, network):
    group = make_group(elb, network)
    assert make_group(elb, network, HealthCheckPath="/")["TargetGroupArn"] == group["TargetGroupArn"]
    for different in ({"Port": 8089}, {"HealthCheckPath": "/health"}, {"Tags": [{"Key": "a", "Value": "1"}]}):
        with pytest.raises(elb.exceptions.DuplicateTargetGroupNameException):
            make_group(elb, network, **different)
    assert len(elb.describe_target_groups()["TargetGroups"]) == 1


@pytest.mark.parametrize(
    "parameters",
    [
        {"VpcId": "vpc-00000000"},
        {"name": "a_b"},
        {"name": "a" * 33},
        {"HealthCheckPath": "health"},
        {"HealthCheckIntervalSeconds": 301},
        {"HealthCheckTimeoutSeconds": 31},
        {"HealthCheckEnabled": False},
        {"Port": 70000},
    ],
)
def test_unlawful_target_groups(elb, network, parameters):
    with pytest.raises(elb.exceptions.ClientError) as caught:
        make_group(elb, network, **parameters)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_target_groups_come_in_pages(elb, network):
    for number in range(5):
        make_group(elb, network, f"group-{number}")
    pages = elb.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["TargetGroups"]) for page in pages] == [2, 2, 1]


def test_a_target_group_in_use_stays(elb, network):
    balancer, group = make_balancer(elb, network), make_group(elb, network)
    arn = balancer["LoadBalancerArn"]
    (listener,) = elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward(group))["Listeners"]
    (used,) = elb.describe_target_groups()["TargetGroups"]
    assert used["LoadBalancerArns"] == [arn]
    refused("ResourceInUse", elb.delete_target_group, TargetGroupArn=group["TargetGroupArn"])
    elb.delete_load_balancer(LoadBalancerArn=arn)
    refused("ListenerNotFound", elb.describe_listeners, ListenerArns=[listener["ListenerArn"]])
    refused("LoadBalancerNotFound", elb.describe_listeners, LoadBalancerArn=arn)
    assert elb.describe_target_groups()["TargetGroups"][0]["LoadBalancerArns"] == []
    elb.delete_target_group(TargetGroupArn=group["TargetGroupArn"])
    elb.delete_target_group(TargetGroupArn=group["TargetGroupArn"])  # again: succeeds


def test_a_port_has_one_listener(elb, network):
    balancer, group = make_balancer(elb, network), make_group(elb, network)
    parameters = {"LoadBalancerArn": balancer["LoadBalancerArn"], "Protocol": "HTTP"}
    (first,) = elb.create_listener(Port=80, DefaultActions=forward(group), **parameters)["Listeners"]
    assert "SslPolicy" not in first
    (same,) = elb.create_listener(Port=80, DefaultActions=forward(group), **parameters)["Listeners"]
    assert same["ListenerArn"] == first["ListenerArn"]
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    refused("DuplicateListener", elb.create_listener, Port=80, DefaultActions=answer, **parameters)
    (second,) = elb.create_listener(Port=81, DefaultActions=answer, **parameters)["Listeners"]
    refused("DuplicateListener", elb.modify_listener, ListenerArn=second["ListenerArn"], Port=80)
    elb.modify_listener(ListenerArn=second["ListenerArn"], Port=82, DefaultActions=forward(group))
    ports = [listener["Port"] for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]]
    assert sorted(ports) == [80, 82]


def test_what_a_listener_cannot_have(elb, ec2, network):
    balancer, group = make_balancer(elb, network), make_group(elb, network)
    create, arn = elb.create_listener, balancer["LoadBalancerArn"]
    missing = {"TargetGroupArn": f"{group['TargetGroupArn']}0"}
    refused("ValidationError", create, LoadBalancerArn=arn, Protocol="TCP", Port=80, DefaultActions=forward(group))
    refused("ValidationError", create, LoadBalancerArn=arn, Protocol="HTTPS", Port=443, DefaultActions=forward(group))
    refused("TargetGroupNotFound", create, LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward(missing))
    refused("LoadBalancerNotFound", create, LoadBalancerArn=f"{arn}0", Protocol="HTTP", Port=80, DefaultActions=forward(group))
    create(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward(group))
    other = make_balancer(elb, network, "other")["LoadBalancerArn"]
    actions = forward(group)
    refused("TargetGroupAssociationLimit", create, LoadBalancerArn=other, Protocol="HTTP", Port=80, DefaultActions=actions)
