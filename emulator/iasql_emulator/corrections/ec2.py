"""VPCs, subnets, security groups and their rules."""

import functools
import ipaddress
import re

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError, InvalidVPCIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import EC2Response

from iasql_emulator.corrections import before

ALLOWED_IN_GROUP_NAME = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def invalid(parameter, value, reason):
    return EC2ClientError("InvalidParameterValue", f"Value ({value}) for parameter {parameter} is invalid. {reason}")


def groups_of(backend):
    return [group for groups in backend.groups.values() for group in groups.values()]


@before(EC2Response, "create_security_group")
def a_group_has_a_lawful_name_and_an_existing_vpc(response):
    name = response._get_param("GroupName") or ""
    description = response._get_param("Description") or ""
    vpc_id = response._get_param("VpcId")
    if name.lower().startswith("sg-"):
        raise invalid("GroupName", name, "Group names may not be in the format sg-*.")
    if not ALLOWED_IN_GROUP_NAME.fullmatch(name):
        raise invalid("GroupName", name, "Character sets beyond ASCII are not supported, nor more than 255 characters.")
    if description and not ALLOWED_IN_GROUP_NAME.fullmatch(description):
        raise invalid("GroupDescription", description, "Invalid security group description.")
    if vpc_id and vpc_id not in response.ec2_backend.vpcs:
        raise InvalidVPCIdError(vpc_id)


@before(EC2Response, "delete_security_group")
def a_default_or_referenced_group_stays(response):
    backend = response.ec2_backend
    group = backend.get_security_group_by_name_or_id(response._get_param("GroupId") or response._get_param("GroupName"))
    if group is None:
        return  # moto has the error for it
    if group.name == "default":
        raise EC2ClientError("CannotDelete", f"the specified group: \"{group.id}\" name: \"default\" cannot be deleted by a user")
    for other in groups_of(backend):
        for rule in [*other.ingress_rules, *other.egress_rules]:
            if other.id != group.id and rule.source_group.get("GroupId") == group.id:
                raise DependencyViolationError(f"resource {group.id} has a dependent object")
    for interface in backend.enis.values():
        if any(member.id == group.id for member in interface.group_set):
            raise DependencyViolationError(f"resource {group.id} has a dependent object")


@before(EC2Response, "delete_vpc")
def a_vpc_with_groups_stays(response):
    vpc_id = response._get_param("VpcId")
    if any(group.name != "default" for group in response.ec2_backend.groups.get(vpc_id, {}).values()):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


@before(EC2Response, "authorize_security_group_ingress", "authorize_security_group_egress")
def a_rule_has_a_known_protocol_and_lawful_ports(response):
    for permission in response._get_param("IpPermissions", []) or []:
        protocol = str(permission.get("IpProtocol", "-1")).lower()
        if protocol not in ("tcp", "udp", "icmp", "icmpv6", "-1") and not (protocol.isdigit() and int(protocol) <= 255):
            raise invalid("protocol", protocol, "Unknown protocol.")
        if protocol not in ("tcp", "udp", "6", "17"):
            continue
        ports = [permission.get("FromPort"), permission.get("ToPort")]
        if None in ports:
            raise EC2ClientError("MissingParameter", "The request must contain the parameter fromPort and toPort")
        first, last = map(int, ports)
        if not 0 <= first <= last <= 65535:
            raise invalid("portRange", f"{first}-{last}", "Must be from 0 to 65535, the first not above the last.")


@before(EC2Response, "create_subnet")
def a_subnet_lies_in_a_zone_of_its_region(response):
    zone = response._get_param("AvailabilityZone")
    zones = [known.name for known in RegionsAndZonesBackend.zones[response.region]]
    if zone and zone not in zones:
        raise invalid("availabilityZone", zone, f"Subnets can currently only be created in the following availability zones: {', '.join(zones)}.")


def add_missing_behaviour():
    create_vpc, create_subnet = EC2Backend.create_vpc, EC2Backend.create_subnet
    create_security_group = EC2Backend.create_security_group

    def canonical(block):
        try:
            return str(ipaddress.IPv4Network(block, strict=False))
        except ValueError:
            return block  # moto has the error for it

    @functools.wraps(create_vpc)
    def create_vpc_with_canonical_block(self, cidr_block, *arguments, **named):
        return create_vpc(self, canonical(cidr_block), *arguments, **named)

    @functools.wraps(create_subnet)
    def create_subnet_in_own_region(self, vpc_id, cidr_block, *arguments, **named):
        if not arguments and not named.get("availability_zone") and not named.get("availability_zone_id"):
            named["availability_zone"] = min(zone.name for zone in RegionsAndZonesBackend.zones[self.region_name])  # moto: us-east-1a
        return create_subnet(self, vpc_id, cidr_block and canonical(cidr_block), *arguments, **named)

    @functools.wraps(create_security_group)
    def create_default_group_with_its_ingress_rule(self, *arguments, **named):
        group = create_security_group(self, *arguments, **named)
        if group.is_default:
            itself = {"GroupId": group.id, "UserId": self.account_id}
            group.ingress_rules.append(SecurityGroupRule(self, "-1", group.id, None, None, None, itself, is_egress=False))
        return group

    EC2Backend.create_vpc = create_vpc_with_canonical_block
    EC2Backend.create_subnet = create_subnet_in_own_region
    EC2Backend.create_security_group = create_default_group_with_its_ingress_rule

    # Members of DescribeSecurityGroupRules that moto leaves out.
    SecurityGroupRule.group_owner_id = property(lambda rule: rule.ec2_backend.account_id)
    SecurityGroupRule.security_group_rule_arn = property(
        lambda rule: f"arn:aws:ec2:{rule.ec2_backend.region_name}:{rule.ec2_backend.account_id}:security-group-rule/{rule.id}"
    )


add_missing_behaviour()


def modify_every_kind_of_peer(modify):
    """moto's ModifySecurityGroupRules changes IPv4 peers only."""

    @functools.wraps(modify)
    def modified(backend, group_id, rules):
        modify(backend, group_id, rules)
        group = backend.get_security_group_by_name_or_id(group_id)
        for rule_id, wanted in rules.items():
            rule = group.get_rule(rule_id)
            if wanted.get("CidrIpv6"):
                rule.ip_range["CidrIpv6"] = wanted["CidrIpv6"]
            if wanted.get("PrefixListId"):
                rule.prefix_list_id = wanted["PrefixListId"]
            if wanted.get("ReferencedGroupId"):
                rule.source_group["GroupId"] = wanted["ReferencedGroupId"]

    return modified


def keep_every_description(authorize):
    """moto keeps the description of a network, shows none of a group and drops that of a prefix list."""

    @functools.wraps(authorize)
    def authorized(backend, *arguments, prefix_list_ids=None, **named):
        rules, group = authorize(backend, *arguments, prefix_list_ids=prefix_list_ids, **named)
        described = {item.get("PrefixListId"): item["Description"] for item in prefix_list_ids or [] if item.get("Description")}
        for rule in rules:
            if rule.prefix_list_id in described:
                rule.ip_range["Description"] = described[rule.prefix_list_id]
        return rules, group

    return authorized


SecurityGroupRule.description = property(
    lambda rule: rule.ip_range.get("Description") or rule.source_group.get("Description")
)
EC2Backend.authorize_security_group_ingress = keep_every_description(EC2Backend.authorize_security_group_ingress)
EC2Backend.authorize_security_group_egress = keep_every_description(EC2Backend.authorize_security_group_egress)
EC2Backend.modify_security_group_rules = modify_every_kind_of_peer(EC2Backend.modify_security_group_rules)
