"""The network interfaces that AWS services keep in a customer's subnets, and what they hold on to.

An interface of a service appears in DescribeNetworkInterfaces like any other. While it is there, its security groups, its
subnet and its VPC cannot be deleted, and nobody but the service can delete it.
"""

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.responses import EC2Response

from iasql_emulator import passing_time
from iasql_emulator.corrections import around, before


def make_interface(account_id, region, subnet_id, group_ids, description, requester):
    """An interface in the subnet that belongs to a service; without groups it has the VPC's default group."""
    backend = ec2_backends[account_id][region]
    interface = backend.create_network_interface(subnet_id, None, group_ids=list(group_ids), description=description)
    return managed(interface, requester)


def managed(interface, requester):
    interface.requester_managed = True
    interface.requester_id = requester
    interface.status = "in-use"
    return interface


def remove_interface(interface):
    interface.ec2_backend.enis.pop(interface.id, None)


def remove_interfaces_later(interfaces):
    """AWS cleans up a little after what the interfaces served is gone."""
    interfaces = list(interfaces)
    passing_time.later(lambda: [remove_interface(interface) for interface in interfaces])


def set_groups(interface, group_ids):
    interface._group_set = [interface.ec2_backend.get_security_group_from_id(group_id) for group_id in group_ids]


@around(NetworkInterface, "get_filter_value")
def filter_value(get, interface, filter_name, method_name=None):
    """The filters that moto lacks."""
    values = {
        "status": interface.status,
        "requester-managed": str(interface.requester_managed).lower(),
        "requester-id": interface.requester_id,
        "interface-type": interface.interface_type,
        "group-name": [group.name for group in interface.group_set],
    }
    return values[filter_name] if filter_name in values else get(interface, filter_name, method_name)


@before(EC2Response, "delete_subnet")
def a_subnet_with_interfaces_stays(response):
    subnet_id = response._get_param("SubnetId")
    if any(interface.subnet.id == subnet_id for interface in response.ec2_backend.enis.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


@before(EC2Response, "delete_vpc")
def a_vpc_with_interfaces_stays(response):
    vpc_id = response._get_param("VpcId")
    if any(interface.subnet.vpc_id == vpc_id for interface in response.ec2_backend.enis.values()):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


@before(EC2Response, "delete_network_interface")
def an_interface_in_use_stays(response):
    interface_id = response._get_param("NetworkInterfaceId")
    interface = response.ec2_backend.enis.get(interface_id)
    if interface is not None and (interface.requester_managed or interface.attachment_id):
        raise EC2ClientError("InvalidParameterValue", f"Network interface '{interface_id}' is currently in use.")
