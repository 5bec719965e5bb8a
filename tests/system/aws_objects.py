"""AWS as boto3 sees it, in the shape of the module tables: a dict for each object, column → value.

`in_aws(account, table)` looks at AWS, `in_table(connection, table)` at the table, with the same spelling, and
`assert_agrees()` compares them. What names an object in another table is that object's id in AWS.
"""

import botocore.exceptions
from botocore import xform_name

import aws_containers
from server import REGION, rows
from spelling import canonical, tags_of


def in_aws(account, table, region=REGION):
    return list(READERS[table](account, region))


def in_table(connection, table, region=REGION):
    found = rows(connection, QUERIES.get(table, f"SELECT * FROM {table}"))
    return [canonical(row) for row in found if row.get("region", region) == region]  # global tables have none


def assert_agrees(account, connection, *tables, region=REGION):
    """Every column of the tables, or of all that are installed, is what boto3 sees."""
    installed = [row["table"] for row in rows(connection, 'SELECT "table" FROM iasql_tables')]
    for table in tables or [table for table in READERS if table in installed]:
        here = in_table(connection, table, region)
        columns = sorted({column for row in here for column in row})
        there = [{column: row.get(column) for column in columns} for row in in_aws(account, table, region)]
        only_here = [row for row in here if row not in there]
        only_there = [row for row in there if row not in here]
        assert len(here) == len(there) and not only_here, f"{table}: only in the table {only_here}, only in AWS {only_there}"


def ec2_objects(operation, items):
    def read(account, region):
        pages = account.client("ec2", region).get_paginator(operation).paginate()
        for found in (item for page in pages for item in page[items]):
            row = {xform_name(member): value for member, value in found.items()}
            row["region"], row["tags"] = region, tags_of(row.get("tags", []))
            yield canonical(row)

    return read


def security_group_rules(account, region):
    for row in ec2_objects("describe_security_group_rules", "SecurityGroupRules")(account, region):
        row["referenced_group_id"] = row.pop("referenced_group_info", {}).get("GroupId")
        row["security_group_id"] = row.pop("group_id")
        yield row


def log_groups(account, region):
    client = account.client("logs", region)
    for found in client.describe_log_groups()["logGroups"]:
        arn = found["arn"].removesuffix(":*")
        yield canonical(
            {
                "log_group_name": found["logGroupName"],
                "log_group_arn": arn,
                "creation_time": found["creationTime"],
                "region": region,
                "tags": tags_of(client.list_tags_for_resource(resourceArn=arn)["tags"]),
            }
        )


def repositories(account, region):
    client = account.client("ecr", region)
    for found in client.describe_repositories()["repositories"]:
        row = {xform_name(member): value for member, value in found.items()}
        row["scan_on_push"] = row["image_scanning_configuration"]["scanOnPush"]
        row["region"] = region
        row["tags"] = tags_of(client.list_tags_for_resource(resourceArn=row["repository_arn"])["tags"])
        yield canonical(row)


def repository_policies(account, region):
    client = account.client("ecr", region)
    for repository in client.describe_repositories()["repositories"]:
        try:
            found = client.get_repository_policy(repositoryName=repository["repositoryName"])
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "RepositoryPolicyNotFoundException"
            continue
        yield canonical(
            {
                "registry_id": found["registryId"],
                "policy_text": found["policyText"],
                "repository_id": found["repositoryName"],
                "region": region,
            }
        )


def public_repositories(account, _region):
    client = account.client("ecr-public", "us-east-1")
    for found in client.describe_repositories()["repositories"]:
        row = {xform_name(member): value for member, value in found.items()}
        row["tags"] = tags_of(client.list_tags_for_resource(resourceArn=row["repository_arn"])["tags"])
        yield canonical(row)


def roles(account, _region):
    client = account.client("iam")
    for listed in (role for page in client.get_paginator("list_roles").paginate() for role in page["Roles"]):
        found = client.get_role(RoleName=listed["RoleName"])["Role"]
        attached = client.list_attached_role_policies(RoleName=listed["RoleName"])["AttachedPolicies"]
        row = {xform_name(member): value for member, value in found.items()}
        row["attached_policies_arns"] = [policy["PolicyArn"] for policy in attached]
        row["tags"] = tags_of(row.get("tags", []))
        yield canonical(row)


def instances(account, region):
    for page in account.client("rds", region).get_paginator("describe_db_instances").paginate():
        for found in page["DBInstances"]:
            if found["DBInstanceStatus"] == "deleting" or "DBClusterIdentifier" in found:
                continue
            row = {xform_name(member): value for member, value in found.items() if member != "LatestRestorableTime"}
            endpoint = row.pop("endpoint", {})
            row["endpoint_addr"], row["endpoint_port"] = endpoint.get("Address"), endpoint.get("Port")
            row["endpoint_hosted_zone_id"] = endpoint.get("HostedZoneId")
            row["arn"], row["region"], row["tags"] = row["db_instance_arn"], region, tags_of(row["tag_list"])
            yield canonical(row)


def groups_of_instances(account, region):
    for instance in instances(account, region):
        for group in instance["vpc_security_groups"]:
            yield {
                "rds_id": instance["db_instance_identifier"],
                "security_group_id": group["VpcSecurityGroupId"],
                "region": region,
            }


READERS = {
    "vpc": ec2_objects("describe_vpcs", "Vpcs"),
    "subnet": ec2_objects("describe_subnets", "Subnets"),
    "security_group": ec2_objects("describe_security_groups", "SecurityGroups"),
    "security_group_rule": security_group_rules,
    "log_group": log_groups,
    "repository": repositories,
    "repository_policy": repository_policies,
    "public_repository": public_repositories,
    "role": roles,
    "rds": instances,
    "rds_security_groups": groups_of_instances,
    **aws_containers.READERS,
}

# Tables with foreign keys: the parent's id in AWS in place of its row's number.
QUERIES = {
    "subnet": "SELECT subnet.*, vpc.vpc_id FROM subnet LEFT JOIN vpc ON vpc.id = subnet.vpc_id",
    "security_group_rule": "SELECT security_group_rule.*, security_group.group_id AS security_group_id"
    " FROM security_group_rule LEFT JOIN security_group ON security_group.id = security_group_rule.security_group_id",
    "repository_policy": "SELECT repository_policy.*, repository.repository_name AS repository_id"
    " FROM repository_policy LEFT JOIN repository ON repository.id = repository_policy.repository_id",
    "rds": "SELECT rds.*, lower(db_instance_identifier) AS db_instance_identifier FROM rds",
    "rds_security_groups": "SELECT lower(db_instance_identifier) AS rds_id, group_id AS security_group_id, rds.region"
    " FROM rds_security_groups JOIN rds ON rds.id = rds_id JOIN security_group ON security_group.id = security_group_id",
    **aws_containers.QUERIES,
}
