"""What a database instance's request must say: versions that exist, storage that fits, passwords, zones and groups."""

import re

from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue

# The newest minor version of each major version, the default major version last.
NEWEST_VERSIONS = {
    "postgres": ["11.22", "12.22", "13.22", "14.19", "15.14", "16.10", "18.1", "17.6"],
    "mysql": ["5.7.44", "8.0.43", "8.4.6"],
    "mariadb": ["10.5.29", "10.6.23", "10.11.14", "11.8.3", "11.4.8"],
}
LICENSES = {"postgres": "postgresql-license"}
LEAST_STORAGE = {"gp2": 20, "gp3": 20, "standard": 5, "io1": 100, "io2": 100}
MOST_STORAGE = 65536


def numbers(version):
    return [int(number) for number in version.split(".")]


def major_of(engine, version):
    return version.split(".")[0] if engine == "postgres" else ".".join(version.split(".")[:2])


def full_version(engine, version):
    """The version that AWS takes for the one given: a major version means its newest minor version."""
    known = NEWEST_VERSIONS.get(engine)
    if known is None:
        return version
    if version is None:
        return known[-1]
    if re.fullmatch(r"\d+(\.\d+)*", version):
        for newest in known:
            if version == major_of(engine, newest):
                return newest
            if major_of(engine, version) == major_of(engine, newest) and numbers(version) <= numbers(newest):
                return version
    raise InvalidParameterCombination(f"Cannot find version {version} for {engine}")


def check_upgrade(database, version, allow_major):
    if numbers(version) < numbers(database.engine_version):
        raise InvalidParameterCombination(f"Cannot upgrade {database.engine} from {database.engine_version} to {version}")
    if major_of(database.engine, version) != major_of(database.engine, database.engine_version) and not allow_major:
        raise InvalidParameterCombination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        )


def check_storage(engine, storage_type, size):
    if not LEAST_STORAGE.get(storage_type, 1) <= size <= MOST_STORAGE:
        raise InvalidParameterCombination(
            f"Invalid storage size for engine name {engine} and storage type {storage_type}: {size}"
        )


def grown_storage(current, wanted):
    """Storage grows by a tenth at least and never shrinks."""
    if wanted < current:
        raise InvalidParameterCombination(f"Requested storage size {wanted} is less than the current storage size {current}")
    return wanted if wanted == current else max(wanted, -(-current * 11 // 10))


def check_password(password):
    if password is None:
        return
    if len(password) < 8:
        raise InvalidParameterValue(
            "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters."
        )
    if not password.isascii() or not password.isprintable() or set(password) & set("/@\" "):
        raise InvalidParameterValue(
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', "
            "' ' may be used."
        )


def check_class(name):
    if not re.fullmatch(r"db\.[a-z0-9-]+\.[a-z0-9-]+", name or ""):
        raise InvalidParameterValue(f"Invalid DB Instance class: {name}")


def check_retention(days):
    if days is not None and not 0 <= days <= 35:
        raise InvalidParameterValue(f"Invalid backup retention period: {days}. Must be between 0 and 35.")


def check_zone(region, zone, multi_az):
    if zone is None:
        return
    if multi_az:
        raise InvalidParameterCombination("Requesting a specific availability zone is not valid for Multi-AZ instances.")
    if zone not in [known.name for known in RegionsAndZonesBackend.zones[region]]:
        raise InvalidParameterValue(f"Invalid availability zone: '{zone}'")


def check_groups(backend, group_ids, vpc_id):
    for group_id in group_ids or []:
        group = ec2_backends[backend.account_id][backend.region_name].get_security_group_from_id(group_id)
        if group is None:
            raise InvalidParameterValue(f"Invalid security group , groupId= {group_id}, groupName=.")
        if group.vpc_id != vpc_id:
            raise InvalidParameterCombination(
                "The DB instance and EC2 security group are in different VPCs. "
                f"The DB instance is in {vpc_id} and the EC2 security group is in {group.vpc_id}"
            )
