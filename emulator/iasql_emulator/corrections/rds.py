"""Database instances: creating, available, modifying and deleting, each for a while; and the interface they hold.

Members of Aurora clusters are left to moto.
"""

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.moto_api._internal import mock_random
from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    DBInstanceNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend

from iasql_emulator import passing_time
from iasql_emulator.corrections import around
from iasql_emulator.corrections import rds_checks as checks
from iasql_emulator.corrections.interfaces import make_interface, remove_interface, set_groups

# What waits for the end of the modification, as PendingModifiedValues names it. The rest changes at once.
PENDING = {
    "db_instance_class": "DBInstanceClass",
    "allocated_storage": "AllocatedStorage",
    "master_user_password": "MasterUserPassword",
    "db_port_number": "Port",
    "backup_retention_period": "BackupRetentionPeriod",
    "multi_az": "MultiAZ",
    "engine_version": "EngineVersion",
    "license_model": "LicenseModel",
    "iops": "Iops",
    "storage_throughput": "StorageThroughput",
    "new_db_instance_identifier": "DBInstanceIdentifier",
    "storage_type": "StorageType",
    "ca_certificate_identifier": "CACertificateIdentifier",
}
NOT_SETTINGS = ("db_instance_identifier", "apply_immediately", "allow_major_version_upgrade")
HOSTED_ZONE = "Z1TTGA775OQIYO"


def wrong_state(message):
    return RDSClientError("InvalidDBInstanceState", message)


def subnet_for(backend, subnet_group_name, zone):
    """A subnet of the group, of the default VPC without one, in that zone if it is given."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    if subnet_group_name:
        subnets = backend.describe_db_subnet_groups(subnet_group_name)[0].subnets
    else:
        if ec2.default_vpc is None:
            raise InvalidParameterCombination("No default subnet detected in VPC. Please contact AWS Support.")
        subnets = ec2.describe_subnets(filters={"vpc-id": [ec2.default_vpc.id]})
    for subnet in sorted(subnets, key=lambda subnet: subnet.availability_zone):
        if zone in (None, subnet.availability_zone):
            return subnet
    raise RDSClientError("InvalidVPCNetworkStateFault", f"Cannot create a DB instance in {zone}: no subnet is in that zone")


def check_new(backend, wanted):
    checks.check_class(wanted.get("db_instance_class"))
    checks.check_zone(backend.region_name, wanted.get("availability_zone"), wanted.get("multi_az"))
    checks.check_password(wanted.get("master_user_password"))
    checks.check_retention(wanted.get("backup_retention_period"))
    if not wanted.get("master_username"):
        raise InvalidParameterValue("Invalid master user name")
    if not wanted.get("master_user_password") and not wanted.get("manage_master_user_password"):
        raise InvalidParameterCombination("The parameter MasterUserPassword must be provided and must not be blank.")
    storage_type = wanted.get("storage_type") or ("io1" if wanted.get("iops") else "gp2")
    if wanted.get("allocated_storage") is None:
        raise InvalidParameterValue("The parameter AllocatedStorage must be provided and must not be blank.")
    checks.check_storage(wanted.get("engine"), storage_type, wanted["allocated_storage"])


@around(RDSBackend, "create_db_instance")
def create_db_instance(create, backend, db_kwargs):
    if db_kwargs.get("db_cluster_identifier"):
        return create(backend, db_kwargs)
    wanted = dict(db_kwargs)
    wanted["db_instance_identifier"] = wanted["db_instance_identifier"].lower()
    backend._validate_db_identifier(wanted["db_instance_identifier"])
    if wanted["db_instance_identifier"] in backend.databases:
        raise DBInstanceAlreadyExists()
    check_new(backend, wanted)
    wanted["engine_version"] = checks.full_version(wanted["engine"], wanted.get("engine_version"))
    wanted.setdefault("license_model", checks.LICENSES.get(wanted["engine"], "general-public-license"))
    if not wanted.get("availability_zone"):
        wanted["availability_zone"] = min(zone.name for zone in RegionsAndZonesBackend.zones[backend.region_name])
    subnet = subnet_for(backend, wanted.get("db_subnet_group_name"), wanted["availability_zone"])
    checks.check_groups(backend, wanted.get("vpc_security_group_ids"), subnet.vpc_id)
    database = create(backend, wanted)
    database.dbi_resource_id = f"db-{mock_random.get_random_string(26, lower_case=False).upper()}"
    database.vpc_id, database.has_endpoint, database.status = subnet.vpc_id, False, "creating"
    database.interface = make_interface(
        backend.account_id,
        backend.region_name,
        subnet.id,
        database.vpc_security_group_ids,
        "RDSNetworkInterface",
        "amazon-rds",
    )

    def available():
        database.has_endpoint = True
        if database.status == "creating":
            database.status = "available"

    passing_time.later(available)
    return database


def shown_endpoint(of_moto):
    """An instance has an address once it has been available."""

    def endpoint(database):
        return {**of_moto(database), "HostedZoneId": HOSTED_ZONE} if getattr(database, "has_endpoint", True) else None

    return property(endpoint)


DBInstance.endpoint = shown_endpoint(DBInstance.endpoint.fget)


def instance(backend, identifier):
    database = backend.databases.get(identifier.lower())
    if database is None:
        raise DBInstanceNotFoundError(identifier)
    return database


def checked_changes(backend, database, asked):
    """The settings that the request asks for, as AWS takes them. Raises where AWS refuses."""
    changes = {name: value for name, value in asked.items() if name not in NOT_SETTINGS and value is not None}
    checks.check_password(changes.get("master_user_password"))
    checks.check_retention(changes.get("backup_retention_period"))
    checks.check_groups(backend, changes.get("vpc_security_group_ids"), database.vpc_id)
    if "db_instance_class" in changes:
        checks.check_class(changes["db_instance_class"])
    if "allocated_storage" in changes:
        changes["allocated_storage"] = checks.grown_storage(database.allocated_storage, changes["allocated_storage"])
        checks.check_storage(database.engine, changes.get("storage_type", database.storage_type), changes["allocated_storage"])
    if "engine_version" in changes:
        changes["engine_version"] = checks.full_version(database.engine, changes["engine_version"])
        checks.check_upgrade(database, changes["engine_version"], asked.get("allow_major_version_upgrade"))
    if "new_db_instance_identifier" in changes:
        new = changes["new_db_instance_identifier"] = changes["new_db_instance_identifier"].lower()
        backend._validate_db_identifier(new)
        if new in backend.databases and new != database.db_instance_identifier:
            raise DBInstanceAlreadyExists()
    return changes


@around(RDSBackend, "modify_db_instance")
def modify_db_instance(modify, backend, db_instance_identifier, db_kwargs):
    database = instance(backend, db_instance_identifier)
    if database.db_cluster_identifier:
        return modify(backend, db_instance_identifier, db_kwargs)
    if database.status != "available":
        raise wrong_state("Database instance is not in available state.")
    changes = checked_changes(backend, database, dict(db_kwargs))
    waiting = {name: value for name, value in changes.items() if name in PENDING}
    at_once = {name: value for name, value in changes.items() if name not in PENDING}
    modify(backend, database.db_instance_identifier, at_once)
    if "vpc_security_group_ids" in at_once:
        set_groups(database.interface, database.vpc_security_group_ids)
    pending = {**getattr(database, "pending", {}), **waiting}
    database.pending = pending
    shown = {PENDING[name]: "****" if name == "master_user_password" else value for name, value in pending.items()}
    database.pending_modified_values = shown
    if pending and db_kwargs.get("apply_immediately"):
        database.status = "modifying"
        passing_time.later(lambda: apply_pending(modify, backend, database))
    return database


def apply_pending(modify, backend, database):
    if database.status != "modifying":  # deleted meanwhile
        return
    changes, database.pending, database.pending_modified_values = database.pending, {}, None
    if "db_port_number" in changes:
        changes["port"] = changes.pop("db_port_number")
    try:
        modify(backend, database.db_instance_identifier, changes)
    except ServiceException:
        pass  # what the request named is gone: the instance stays as it was
    database.status = "available"


@around(RDSBackend, "delete_db_instance")
def delete_db_instance(
    delete,
    backend,
    db_instance_identifier,
    final_db_snapshot_identifier=None,
    skip_final_snapshot=False,
    delete_automated_backups=True,
):
    database = instance(backend, db_instance_identifier)
    if database.db_cluster_identifier:
        return delete(
            backend, db_instance_identifier, final_db_snapshot_identifier, skip_final_snapshot, delete_automated_backups
        )
    if skip_final_snapshot and final_db_snapshot_identifier:
        raise InvalidParameterCombination("You cannot specify both FinalDBSnapshotIdentifier and SkipFinalSnapshot")
    if not skip_final_snapshot and not final_db_snapshot_identifier:
        raise InvalidParameterCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.")
    if database.deletion_protection:
        raise InvalidParameterCombination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again."
        )
    name = database.db_instance_identifier
    if database.status == "deleting":
        raise wrong_state(f"Instance {name} is already being deleted.")
    if final_db_snapshot_identifier:
        if database.status != "available":
            raise wrong_state(
                f"Cannot create a snapshot because the database instance {name} is not currently in the available state."
            )
        backend.create_db_snapshot(name, final_db_snapshot_identifier, snapshot_type="manual")
    database.status = "deleting"

    def gone():
        delete(backend, name, None, True, delete_automated_backups)
        remove_interface(database.interface)

    passing_time.later(gone)
    return database
