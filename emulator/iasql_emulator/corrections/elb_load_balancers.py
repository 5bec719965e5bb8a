"""Load balancers: how they are named, where they stand, when they are active, and the interfaces they have.

moto makes a load balancer of any name and of subnets that cannot go together, active as soon as it is looked at and without
any trace in EC2. Making one is therefore done here, and so is whatever moves its interfaces.
"""

import re

from moto.elbv2.exceptions import ELBClientError, LoadBalancerNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response
from moto.moto_api._internal import mock_random

from iasql_emulator import passing_time
from iasql_emulator.corrections import around, before
from iasql_emulator.corrections.interfaces import make_interface, remove_interfaces_later, set_groups

ARN_PARTS = {"application": "app", "network": "net", "gateway": "gwy"}


def invalid(message):
    return ELBClientError("ValidationError", message)


def lawful_name(name):
    if len(name) > 32:
        raise invalid(f"The load balancer name '{name}' cannot be longer than '32' characters")
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise invalid(
            f"The load balancer name '{name}' can only contain characters that are alphanumeric characters and hyphens(-)"
        )
    if name.startswith("-") or name.endswith("-"):
        raise invalid(f"The load balancer name '{name}' cannot begin or end with '-'")
    if name.startswith("internal-"):
        raise invalid(f"The load balancer name '{name}' cannot begin with 'internal-'")


def subnets_of(backend, subnet_ids, kind):
    """The subnets of those ids, which exist, are of one VPC and of zones that differ."""
    known = {subnet.id: subnet for subnet in backend.ec2_backend.describe_subnets()}
    for subnet_id in subnet_ids:
        if subnet_id not in known:
            raise ELBClientError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    subnets = [known[subnet_id] for subnet_id in dict.fromkeys(subnet_ids)]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise ELBClientError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < len(subnets):
        raise ELBClientError(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if not subnets:
        raise invalid("At least one subnet must be specified")
    if kind == "application" and len(zones) < 2:
        raise invalid("At least two subnets in two different Availability Zones must be specified")
    return subnets


def check_groups(backend, group_ids, vpc_id):
    for group_id in group_ids:
        group = backend.ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            raise ELBClientError("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise ELBClientError(
                "InvalidConfigurationRequest", f"Security group '{group_id}' does not belong to VPC '{vpc_id}'"
            )


def add_interfaces(backend, balancer):
    """One interface in each of the balancer's subnets that has none yet."""
    name = balancer.arn.split(":loadbalancer/")[1]
    taken = {interface.subnet.id for interface in balancer.interfaces}
    for subnet in balancer.subnets:
        if subnet.id not in taken:
            interface = make_interface(
                backend.account_id,
                backend.region_name,
                subnet.id,
                balancer.security_groups,
                f"ELB {name}",
                "amazon-elb",
            )
            balancer.interfaces.append(interface)


def settings_of(balancer):
    subnets = {subnet.id for subnet in balancer.subnets}
    return subnets, set(balancer.security_groups), balancer.scheme, balancer.type, balancer.ip_address_type


@around(ELBv2Backend, "create_load_balancer")
def create_load_balancer(
    _create,
    backend,
    name,
    security_groups,
    subnet_ids,
    subnet_mappings=None,
    scheme=None,
    loadbalancer_type=None,
    ip_address_type=None,
    tags=None,
):
    lawful_name(name)
    kind = loadbalancer_type or "application"
    scheme = scheme or "internet-facing"
    subnets = subnets_of(backend, [*subnet_ids, *(mapping["SubnetId"] for mapping in subnet_mappings or [])], kind)
    vpc_id = subnets[0].vpc_id
    check_groups(backend, security_groups or [], vpc_id)
    if kind == "application" and not security_groups:
        security_groups = [backend.ec2_backend.get_default_security_group(vpc_id).id]
    identifier = mock_random.get_random_hex(16)
    arn = (
        f"arn:aws:elasticloadbalancing:{backend.region_name}:{backend.account_id}"
        f":loadbalancer/{ARN_PARTS[kind]}/{name}/{identifier}"
    )
    host = f"{'internal-' if scheme == 'internal' else ''}{name}-{int(identifier[:8], 16)}"
    domain = "elb.{}.amazonaws.com" if kind == "network" else "{}.elb.amazonaws.com"
    balancer = FakeLoadBalancer(
        name=name,
        security_groups=list(security_groups or []),
        subnets=subnets,
        vpc_id=vpc_id,
        arn=arn,
        dns_name=f"{host}.{domain.format(backend.region_name)}",
        state="provisioning",
        scheme=scheme,
        loadbalancer_type=kind,
        ip_address_type=ip_address_type or "ipv4",
    )
    for other in backend.load_balancers.values():
        if other.name == name:
            same_tags = backend.tagging_service.get_tag_dict_for_resource(other.arn) == {
                tag["Key"]: tag.get("Value", "") for tag in tags or []
            }
            if settings_of(other) == settings_of(balancer) and same_tags:
                return other
            raise ELBClientError(
                "DuplicateLoadBalancerName",
                f"A load balancer with the same name '{name}' exists, but with different settings",
            )
    balancer.interfaces = []
    add_interfaces(backend, balancer)
    backend.load_balancers[arn] = balancer
    backend.tagging_service.tag_resource(arn, tags)
    passing_time.later(lambda: setattr(balancer, "state", "active"))
    return balancer


@around(FakeLoadBalancer, "activate")
def looking_changes_nothing(_activate, _balancer):
    """moto makes a load balancer active when it is described."""


@around(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(delete, backend, arn):
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        return
    if balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    delete(backend, arn)
    for gone in (arn, *balancer.listeners):
        backend.tagging_service.delete_all_tags_for_resource(gone)
    remove_interfaces_later(balancer.interfaces)


@around(ELBv2Backend, "set_security_groups")
def set_security_groups(set_them, backend, arn, group_ids):
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    check_groups(backend, group_ids, balancer.vpc_id)
    if balancer.type == "network" and not balancer.security_groups:
        raise ELBClientError(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a Network Load Balancer that was created without security groups",
        )
    if balancer.type == "application" and not group_ids:
        raise ELBClientError(
            "InvalidConfigurationRequest", "An Application Load Balancer must have at least one security group"
        )
    set_them(backend, arn, group_ids)
    for interface in balancer.interfaces:
        set_groups(interface, group_ids)


@around(ELBv2Backend, "set_subnets")
def set_subnets(_set_them, backend, arn, subnet_ids, subnet_mappings):
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    wanted = [*subnet_ids, *(mapping["SubnetId"] for mapping in subnet_mappings)]
    subnets = subnets_of(backend, wanted, balancer.type)
    if subnets[0].vpc_id != balancer.vpc_id:
        raise ELBClientError("InvalidConfigurationRequest", f"All subnets must belong to the same VPC: '{balancer.vpc_id}'")
    balancer.subnets = subnets
    left = [interface for interface in balancer.interfaces if interface.subnet not in subnets]
    balancer.interfaces = [interface for interface in balancer.interfaces if interface.subnet in subnets]
    remove_interfaces_later(left)
    add_interfaces(backend, balancer)
    return balancer.availability_zones


@around(ELBV2Response, "create_load_balancer")
def an_address_pool_is_shown(create, response):
    answer = create(response)
    for balancer in answer.result["LoadBalancers"]:
        balancer.customer_owned_ipv4_pool = response._get_param("CustomerOwnedIpv4Pool")
    return answer


@before(ELBV2Response, "describe_tags")
def tags_are_of_twenty_resources_that_exist(response):
    arns = response._get_param("ResourceArns") or []
    if len(arns) > 20:
        raise invalid("Tags can be described for up to 20 resources at once")
    for arn in arns:
        response.elbv2_backend._get_resource_by_arn(arn)


@before(ELBV2Response, "describe_load_balancers")
def a_page_begins_after_a_load_balancer_that_exists(response):
    marker = response._get_param("Marker")
    if marker and all(balancer.name != marker for balancer in response.elbv2_backend.load_balancers.values()):
        raise invalid(f"The marker '{marker}' is invalid")
