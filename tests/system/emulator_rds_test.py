"""Database instances on the emulator: the states they pass through, and what AWS refuses."""

import pytest

from emulator_account import account, refused  # noqa: F401

SECRET = "correct-horse"


@pytest.fixture
def rds(account):
    return account.client("rds")


@pytest.fixture
def ec2(account):
    return account.client("ec2")


def make(rds, identifier="one", **parameters):
    settings = {
        "DBInstanceClass": "db.t3.micro",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "MasterUsername": "owner",
        "MasterUserPassword": SECRET,
        **parameters,
    }
    return rds.create_db_instance(DBInstanceIdentifier=identifier, **settings)["DBInstance"]


def look(rds, identifier="one"):
    return rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


def make_group(ec2, name="db"):
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc["VpcId"])["GroupId"]


def test_an_instance_is_creating_then_available(account, rds):
    made = make(rds, "One")
    assert made["DBInstanceIdentifier"] == "one" and made["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in look(rds)
    account.let_time_pass()
    found = look(rds, "ONE")
    assert found["DBInstanceStatus"] == "available"
    assert found["Endpoint"]["Address"].startswith("one.") and found["Endpoint"]["Port"] == 5432
    assert found["Endpoint"]["HostedZoneId"]
    with pytest.raises(rds.exceptions.DBInstanceAlreadyExistsFault):
        make(rds, "one")


def test_the_waiters_of_the_model_wait(account, rds):
    account.set_delay(0.2)
    make(rds)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="one", WaiterConfig={"Delay": 0.05})
    rds.delete_db_instance(DBInstanceIdentifier="one", SkipFinalSnapshot=True)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="one", WaiterConfig={"Delay": 0.05})
    refused("DBInstanceNotFound", rds.describe_db_instances, DBInstanceIdentifier="one")


def test_a_change_is_pending_then_made(account, rds):
    make(rds)
    refused("InvalidDBInstanceState", rds.modify_db_instance, DBInstanceIdentifier="one", AllocatedStorage=30)
    account.let_time_pass()
    changed = rds.modify_db_instance(
        DBInstanceIdentifier="one", AllocatedStorage=30, MasterUserPassword="other-horse", ApplyImmediately=True
    )["DBInstance"]
    assert changed["DBInstanceStatus"] == "modifying" and changed["AllocatedStorage"] == 20
    assert changed["PendingModifiedValues"] == {"AllocatedStorage": 30, "MasterUserPassword": "****"}
    account.let_time_pass()
    found = look(rds)
    assert found["DBInstanceStatus"] == "available" and found["AllocatedStorage"] == 30
    assert not found.get("PendingModifiedValues")


def test_without_apply_immediately_a_change_waits_for_the_maintenance_window(account, rds):
    make(rds)
    account.let_time_pass()
    rds.modify_db_instance(DBInstanceIdentifier="one", DBInstanceClass="db.t3.small")
    account.let_time_pass()
    found = look(rds)
    assert found["DBInstanceClass"] == "db.t3.micro" and found["DBInstanceStatus"] == "available"
    assert found["PendingModifiedValues"] == {"DBInstanceClass": "db.t3.small"}


def test_storage_grows_by_a_tenth_and_never_shrinks(account, rds):
    make(rds, AllocatedStorage=100)
    account.let_time_pass()
    refused("InvalidParameterCombination", rds.modify_db_instance, DBInstanceIdentifier="one", AllocatedStorage=99)
    rds.modify_db_instance(DBInstanceIdentifier="one", AllocatedStorage=101, ApplyImmediately=True)
    account.let_time_pass()
    assert look(rds)["AllocatedStorage"] == 110


def test_versions(account, rds):
    assert make(rds, "whole", EngineVersion="13.4")["EngineVersion"] == "13.4"
    assert make(rds, "major", EngineVersion="15")["EngineVersion"].startswith("15.")
    assert make(rds, "default")["EngineVersion"].count(".") == 1
    account.let_time_pass()
    modify = rds.modify_db_instance
    refused("InvalidParameterCombination", modify, DBInstanceIdentifier="whole", EngineVersion="13.3")
    refused("InvalidParameterCombination", modify, DBInstanceIdentifier="whole", EngineVersion="14.5")
    modify(DBInstanceIdentifier="whole", EngineVersion="14.5", AllowMajorVersionUpgrade=True, ApplyImmediately=True)
    account.let_time_pass()
    assert look(rds, "whole")["EngineVersion"] == "14.5"


@pytest.mark.parametrize(
    "code, parameters",
    [
        ("InvalidParameterCombination", {"EngineVersion": "99.1"}),
        ("InvalidParameterCombination", {"AllocatedStorage": 10}),
        ("InvalidParameterValue", {"MasterUserPassword": "short"}),
        ("InvalidParameterValue", {"MasterUserPassword": "with a space"}),
        ("InvalidParameterValue", {"AvailabilityZone": "us-east-1a"}),
        ("InvalidParameterValue", {"DBInstanceClass": "t3.micro"}),
        ("InvalidParameterValue", {"VpcSecurityGroupIds": ["sg-00000000"]}),
        ("InvalidParameterValue", {"BackupRetentionPeriod": 36}),
        ("InvalidParameterCombination", {"AvailabilityZone": "eu-west-2a", "MultiAZ": True}),
        ("InvalidParameterValue", {"identifier": "1one"}),
    ],
)
def test_unlawful_instances(rds, code, parameters):
    with pytest.raises(rds.exceptions.ClientError) as caught:
        make(rds, **parameters)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    assert rds.describe_db_instances()["DBInstances"] == []


def test_a_delete_says_what_becomes_of_the_data(account, rds):
    make(rds)
    refused("InvalidParameterCombination", rds.delete_db_instance, DBInstanceIdentifier="one")
    snapshot = {"DBInstanceIdentifier": "one", "FinalDBSnapshotIdentifier": "last"}
    refused("InvalidParameterCombination", rds.delete_db_instance, SkipFinalSnapshot=True, **snapshot)
    refused("InvalidDBInstanceState", rds.delete_db_instance, **snapshot)
    account.let_time_pass()
    assert rds.delete_db_instance(**snapshot)["DBInstance"]["DBInstanceStatus"] == "deleting"
    assert look(rds)["DBInstanceStatus"] == "deleting"
    refused("InvalidDBInstanceState", rds.delete_db_instance, DBInstanceIdentifier="one", SkipFinalSnapshot=True)
    with pytest.raises(rds.exceptions.DBInstanceAlreadyExistsFault):
        make(rds)
    account.let_time_pass()
    refused("DBInstanceNotFound", rds.describe_db_instances, DBInstanceIdentifier="one")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]["DBInstanceIdentifier"] == "one"
    refused("DBInstanceNotFound", rds.delete_db_instance, DBInstanceIdentifier="one", SkipFinalSnapshot=True)


def test_its_interface_holds_its_groups_until_it_is_gone(account, rds, ec2):
    first, second = make_group(ec2, "first"), make_group(ec2, "second")
    make(rds, VpcSecurityGroupIds=[first], AvailabilityZone="eu-west-2b")
    account.let_time_pass()
    (interface,) = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [first]}])["NetworkInterfaces"]
    assert interface["Description"] == "RDSNetworkInterface" and interface["AvailabilityZone"] == "eu-west-2b"
    refused("DependencyViolation", ec2.delete_security_group, GroupId=first)
    rds.modify_db_instance(DBInstanceIdentifier="one", VpcSecurityGroupIds=[second], ApplyImmediately=True)
    assert [group["VpcSecurityGroupId"] for group in look(rds)["VpcSecurityGroups"]] == [second]
    ec2.delete_security_group(GroupId=first)
    rds.delete_db_instance(DBInstanceIdentifier="one", SkipFinalSnapshot=True)
    refused("DependencyViolation", ec2.delete_security_group, GroupId=second)
    account.let_time_pass()
    ec2.delete_security_group(GroupId=second)
