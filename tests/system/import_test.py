"""Installing a module imports what the account has."""

import pytest

from aws_objects import READERS, assert_agrees, in_aws
from server import REGION, rows, value
from steps import MODULES, assert_settled, every_module, install, notices, refusal


TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]}}]}"""
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}'


def fill(account):
    """An account in use: something for each table, made with boto3."""
    ec2, logs, ecr = account.client("ec2"), account.client("logs"), account.client("ecr")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    for block in ("10.1.1.0/24", "10.1.2.0/24"):
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}a")
    group = ec2.create_security_group(GroupName="web", Description="Web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": group}]},
        ],
    )
    for name in ("/a", "/b", "/c"):
        logs.create_log_group(logGroupName=name, tags={"of": name})
    for name in ("one", "two"):
        ecr.create_repository(repositoryName=name, tags=[{"Key": "of", "Value": name}])
    ecr.set_repository_policy(repositoryName="one", policyText=POLICY)
    account.client("ecr-public", "us-east-1").create_repository(repositoryName="public", tags=[{"Key": "of", "Value": "x"}])
    iam, rds = account.client("iam"), account.client("rds")
    for name in ("worker", "reader"):
        iam.create_role(RoleName=name, Path="/team/", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "of", "Value": name}])
    iam.attach_role_policy(RoleName="reader", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    rds.create_db_instance(
        DBInstanceIdentifier="Before",
        AllocatedStorage=20,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="me",
        MasterUserPassword="long-password",
        Tags=[{"Key": "of", "Value": "x"}],
    )
    rds.create_db_cluster(
        DBClusterIdentifier="cluster", Engine="aurora-postgresql", MasterUsername="me", MasterUserPassword="long-password"
    )
    rds.create_db_instance(
        DBInstanceIdentifier="member",
        DBInstanceClass="db.t4g.medium",
        Engine="aurora-postgresql",
        DBClusterIdentifier="cluster",
    )
    rds.get_waiter("db_instance_available").wait(
        DBInstanceIdentifier="before", WaiterConfig={"Delay": 0.05, "MaxAttempts": 1000}
    )


def test_counts_and_rows_are_those_of_the_account(account, db):
    fill(account)
    installed = install(db, *MODULES, "aws_iam", "aws_rds")
    assert [table for _, table, _ in installed] == [
        "role", "log_group", "public_repository", "repository", "repository_policy", "security_group",
        "security_group_rule", "vpc", "subnet", "rds", "rds_security_groups",
    ]  # fmt: skip
    for _, table, count in installed:
        assert count == len(in_aws(account, table)) == value(db, f"SELECT count(*) FROM {table}"), table
    assert_agrees(account, db)
    assert_settled(db)


def test_order_is_the_librarys_whatever_order_is_named(db):
    modules = [module for module, _, _ in install(db, "aws_vpc", "aws_security_group", "aws_ecr", "aws_account")]
    assert modules == ["aws_account"] * 2 + ["aws_ecr"] * 3 + ["aws_security_group"] * 2 + ["aws_vpc"] * 2


def test_dependencies_come_along_in_a_notice(db):
    installed = install(db, "aws_security_group")
    assert {module for module, _, _ in installed} == {"aws_security_group"}
    assert notices(db, "aws_account, aws_vpc")
    assert {row["module_name"] for row in rows(db, "SELECT * FROM iasql_modules_installed()")} == {
        "aws_account", "aws_vpc", "aws_security_group"
    }  # fmt: skip


def test_what_is_installed_already_is_a_notice(db):
    install(db, "aws_ecr")
    assert install(db, "aws_ecr") == []
    assert notices(db, "aws_ecr is already installed")
    assert [module for module, _, _ in install(db, "aws_ecr", "aws_cloudwatch")] == ["aws_cloudwatch"]


def test_a_version_may_be_named(db):
    version = value(db, "SELECT module_version FROM iasql_modules_list() WHERE module_name = 'aws_ecr'")
    assert len(install(db, f"aws_ecr@{version}")) == 3
    refused = refusal(db, "SELECT * FROM iasql_install('aws_vpc@99.0.0')")
    assert refused.sqlstate == "IQ001" and "99.0.0" in refused.message


def test_installed_modules_are_in_tables_beside_theirs(db):
    install(db, "aws_security_group")
    assert ("security_group", "aws_security_group") in [
        (row["table"], row["module"]) for row in rows(db, 'SELECT "table", module FROM iasql_tables')
    ]
    assert {"module": "aws_security_group", "dependency": "aws_vpc"} in rows(
        db, "SELECT module, dependency FROM iasql_dependencies"
    )
    assert refusal(db, "DELETE FROM iasql_module").sqlstate == "42501"


@pytest.mark.parametrize("named", ["aws_erc", "aws_ecrr"])
def test_unknown_module_has_the_nearest_name_as_hint(db, named):
    refused = refusal(db, "SELECT * FROM iasql_install('aws_cloudwatch', %s)", named)
    assert refused.sqlstate == "IQ001"
    assert named in refused.message
    assert "aws_ecr" in refused.hint
    assert rows(db, "SELECT * FROM iasql_modules_installed()") == []


@pytest.mark.parametrize("obstacle", ["CREATE TABLE repository (mine text)", "CREATE TYPE repository_policy AS (mine text)"])
def test_a_name_that_is_taken_leaves_nothing(db, obstacle):
    db.execute(obstacle)
    refused = refusal(db, "SELECT * FROM iasql_install('aws_cloudwatch', 'aws_ecr')")
    assert refused.sqlstate == "IQ003"
    assert obstacle.split()[2] in refused.message
    assert rows(db, "SELECT * FROM iasql_modules_installed()") == []
    assert value(db, "SELECT to_regclass('log_group') IS NULL")


def test_connected_account_and_regions_are_rows(db):
    install(db, "aws_account")
    (row,) = rows(db, "SELECT * FROM aws_account")
    assert (row["account_id"], row["region"]) == ("123456789012", REGION)
    assert value(db, "SELECT default_aws_region()") == REGION
    assert rows(db, "SELECT region FROM aws_regions WHERE is_enabled OR is_default") == [{"region": REGION}]
    assert value(db, "SELECT count(*) FROM aws_regions") > 10


def test_an_object_made_by_another_database_is_imported(account, db, second_database):
    install(db, "aws_cloudwatch")
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('/shared')")
    rows(db, "SELECT * FROM iasql_apply()")
    other = second_database.connect()
    assert install(other, "aws_cloudwatch") == [("aws_cloudwatch", "log_group", 1)]
    assert_agrees(account, other, "log_group")
    assert_settled(other)
    assert value(other, "SELECT tags FROM log_group") in (None, {})


def test_every_table_and_column_has_a_comment(db):
    install(db, *every_module(db))
    assert rows(
        db,
        """SELECT format('%s.%s', relname, attname) FROM pg_class
             JOIN pg_attribute ON attrelid = pg_class.oid AND attnum >= 0 AND NOT attisdropped
             JOIN iasql_tables ON "table" = relname
            WHERE relnamespace = 'public'::regnamespace AND col_description(pg_class.oid, attnum) IS NULL
              AND attnum > 0
           UNION ALL
           SELECT "table" FROM iasql_tables WHERE obj_description("table"::regclass) IS NULL""",
    ) == []


def test_every_table_that_stands_for_objects_is_looked_at(db):
    """So that a new table is not forgotten in aws_objects.py."""
    install(db, *every_module(db))
    tables = {row["table"] for row in rows(db, 'SELECT "table" FROM iasql_tables')}
    assert tables == {*READERS, "aws_account", "aws_regions"}
