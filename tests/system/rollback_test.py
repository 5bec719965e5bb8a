"""journal.md: rows, registry and marks go with ROLLBACK, the journal stays; so an effect is never forgotten, and a
rolled-back sync never makes the next apply repair the cloud."""

import psycopg
import pytest

import proxy as faults
from server import plan, rows, value

pytestmark = pytest.mark.every_postgresql


def repositories(ecr):
    return sorted(repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"])


@pytest.fixture
def db(database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch')")
    return db


def test_what_a_rolled_back_apply_created_is_offered_for_deletion(db, ecr, logs):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('kept')")
        db.execute("INSERT INTO log_group (log_group_name) VALUES ('/kept')")
        assert len(plan(db, "iasql_apply")) == 2
    assert rows(db, "SELECT * FROM repository") == []
    assert repositories(ecr) == ["kept"]
    (repository,) = ecr.describe_repositories()["repositories"]
    assert sorted(plan(db)) == sorted(
        [("delete", "repository", repository["repositoryArn"]), ("delete", "log_group", "/kept")]
    )
    assert len(plan(db, "iasql_apply")) == 2
    assert repositories(ecr) == []
    assert logs.describe_log_groups()["logGroups"] == []
    assert plan(db) == []


def test_a_row_inserted_again_pairs_with_what_is_there(db, ecr):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('again')")
        plan(db, "iasql_apply")
        before = ecr.describe_repositories()["repositories"][0]["createdAt"]
    db.execute("INSERT INTO repository (repository_name) VALUES ('again')")
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert [one["createdAt"] for one in ecr.describe_repositories()["repositories"]] == [before]
    assert value(db, "SELECT repository_arn FROM repository").endswith("repository/again"), "filled by the empty apply"


def test_an_empty_sync_fills_the_rows_of_a_rolled_back_apply_too(db, ecr):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('again')")
        plan(db, "iasql_apply")
    assert plan(db, "iasql_sync") == [
        ("create", "repository", ecr.describe_repositories()["repositories"][0]["repositoryArn"])
    ]
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_a_rolled_back_update_is_what_base_says(db, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('mutable')")
    plan(db, "iasql_apply")
    with db.transaction(force_rollback=True):
        db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
        assert plan(db, "iasql_apply") == [("update", "repository", "mutable")]
    assert value(db, "SELECT image_tag_mutability FROM repository") == "MUTABLE"
    assert ecr.describe_repositories()["repositories"][0]["imageTagMutability"] == "IMMUTABLE"
    assert plan(db) == [("update", "repository", "mutable")], "the row still says MUTABLE"
    plan(db, "iasql_apply")
    assert ecr.describe_repositories()["repositories"][0]["imageTagMutability"] == "MUTABLE"
    assert plan(db) == []


def test_a_rolled_back_delete_is_created_again(db, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('deleted')")
    plan(db, "iasql_apply")
    with db.transaction(force_rollback=True):
        db.execute("DELETE FROM repository")
        assert [action for action, *_ in plan(db, "iasql_apply")] == ["delete"]
    assert repositories(ecr) == []
    assert plan(db) == [("create", "repository", "deleted")]
    assert plan(db, "iasql_apply") == [("create", "repository", "deleted")]
    assert repositories(ecr) == ["deleted"]
    assert plan(db) == []


def test_a_rolled_back_sync_leaves_the_cloud_alone(db, ecr, logs):
    db.execute("INSERT INTO repository (repository_name) VALUES ('ours')")
    plan(db, "iasql_apply")
    ecr.put_image_tag_mutability(repositoryName="ours", imageTagMutability="IMMUTABLE")
    ecr.create_repository(repositoryName="theirs")
    with db.transaction(force_rollback=True):
        assert len(plan(db, "iasql_sync")) == 2
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert repositories(ecr) == ["ours", "theirs"]
    assert ecr.describe_repositories(repositoryNames=["ours"])["repositories"][0]["imageTagMutability"] == "IMMUTABLE"
    assert len(plan(db, "iasql_sync")) == 2, "drift is still there to be found"


def test_an_update_of_what_a_rolled_back_sync_imported_gives_it_no_entry(db, ecr):
    """BEGIN; sync imports; UPDATE; apply; ROLLBACK: the object was never ours, and its deletion is never planned."""
    ecr.create_repository(repositoryName="theirs")
    with db.transaction(force_rollback=True):
        assert [action for action, *_ in plan(db, "iasql_sync")] == ["create"]
        db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
        assert plan(db, "iasql_apply") == [("update", "repository", "theirs")]
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert repositories(ecr) == ["theirs"]
    assert [action for action, *_ in plan(db, "iasql_sync")] == ["create"]
    assert value(db, "SELECT image_tag_mutability FROM repository") == "IMMUTABLE"
    assert plan(db) == []


def test_a_rolled_back_adoption_never_becomes_a_delete(db, ecr):
    ecr.create_repository(repositoryName="theirs", imageTagMutability="MUTABLE")
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name, image_tag_mutability) VALUES ('theirs', 'IMMUTABLE')")
        ((action, _, description),) = plan(db, "iasql_apply")
        assert action == "update" and "adopts existing" in description
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert repositories(ecr) == ["theirs"]


def test_create_update_and_delete_in_one_transaction_that_rolls_back(db, ecr):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('short-lived')")
        plan(db, "iasql_apply")
        db.execute("UPDATE repository SET scan_on_push = true")
        plan(db, "iasql_apply")
        db.execute("DELETE FROM repository")
        plan(db, "iasql_apply")
    assert repositories(ecr) == []
    assert plan(db) == []


def test_a_rolled_back_install_and_uninstall(db, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('stays')")
    plan(db, "iasql_apply")
    with db.transaction(force_rollback=True):
        rows(db, "SELECT * FROM iasql_uninstall('aws_ecr')")
        rows(db, "SELECT * FROM iasql_install('aws_security_group')")
    assert value(db, "SELECT to_regclass('public.security_group')") is None
    assert plan(db) == []
    assert plan(db, "iasql_sync") == []
    assert repositories(ecr) == ["stays"]


def test_what_was_made_before_an_uninstall_in_the_same_transaction_is_imported_by_the_next_install(db, ecr):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('made')")
        plan(db, "iasql_apply")
    rows(db, "SET iasql.discard_changes = on")
    rows(db, "SELECT * FROM iasql_uninstall('aws_ecr')")
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    assert value(db, "SELECT repository_name FROM repository") == "made"
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []
    assert repositories(ecr) == ["made"]


def test_partial_failure_keeps_what_was_made(db, ecr):
    """An error rolls back table writes, not effects; the next apply fills the rows in."""
    db.execute("INSERT INTO repository (repository_name) SELECT 'good-' || number FROM generate_series(1, 9) AS number")
    db.execute("INSERT INTO repository_policy (repository_id, policy_text) SELECT id, '{}' FROM repository LIMIT 1")
    with pytest.raises(Exception, match="repository_policy"):
        plan(db, "iasql_apply")
    assert len(repositories(ecr)) == 9
    assert value(db, "SELECT count(repository_arn) FROM repository") == 0
    assert [table for _, table, _ in plan(db)] == ["repository_policy"]
    db.execute("DELETE FROM repository_policy")
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert value(db, "SELECT count(repository_arn) FROM repository") == 9
    assert plan(db, "iasql_plan_sync") == []


def test_what_a_rolled_back_replace_could_not_remove_is_still_the_rows(account, database, proxy, ec2):
    """A replace whose second half AWS refuses: the row is as it was, stands for what it stood for, and only what was
    made for its change is offered for deletion."""
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_vpc')")
    db.execute("INSERT INTO vpc (cidr_block) VALUES ('10.9.0.0/16')")
    db.execute(
        "INSERT INTO subnet (vpc_id, cidr_block, availability_zone)"
        " SELECT id, '10.9.1.0/24', 'eu-west-2a' FROM vpc WHERE cidr_block = '10.9.0.0/16'"
    )
    plan(db, "iasql_apply")
    look = "SELECT vpc_id FROM vpc WHERE cidr_block = '10.9.0.0/16'"
    old = value(db, look)
    proxy.on("DeleteVpc", faults.error("OperationNotPermitted"), times=10)
    for cidr_block in ("10.8.0.0/16", "10.7.0.0/16"):
        with pytest.raises(psycopg.Error, match="OperationNotPermitted"), db.transaction():
            db.execute("DELETE FROM subnet WHERE cidr_block = '10.9.1.0/24'")
            db.execute(f"UPDATE vpc SET cidr_block = '{cidr_block}' WHERE vpc_id = '{old}'")
            plan(db, "iasql_apply")
    proxy.clear()

    def vpcs():
        return {one["CidrBlock"]: one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if not one["IsDefault"]}

    made = vpcs()
    assert made.pop("10.9.0.0/16") == old
    assert sorted(made) == ["10.7.0.0/16", "10.8.0.0/16"]
    planned = plan(db)
    assert sorted(row for row in planned if row[1] == "vpc") == sorted(("delete", "vpc", one) for one in made.values())
    assert [row[0] for row in planned if row[1] == "subnet"] == ["create"], "removed before the VPC could not be"
    plan(db, "iasql_apply")
    assert vpcs() == {"10.9.0.0/16": old}
    assert value(db, look) == old
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_rules_that_somebody_adds_to_a_group_meanwhile_stay(db, ec2):
    rows(db, "SELECT * FROM iasql_install('aws_security_group')")
    group = "INSERT INTO security_group (group_name, description) VALUES ('web', 'a group')"
    db.execute("BEGIN")
    db.execute(group)
    assert [change[:2] for change in plan(db, "iasql_apply")] == [("create", "security_group"), ("delete", "security_group_rule")]
    db.execute("ROLLBACK")
    (web,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])["SecurityGroups"]
    ec2.authorize_security_group_ingress(GroupId=web["GroupId"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
    ec2.authorize_security_group_egress(
        GroupId=web["GroupId"], IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    )

    def rules():
        found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [web["GroupId"]]}])
        return sorted((rule["IpProtocol"], rule["CidrIpv4"]) for rule in found["SecurityGroupRules"])

    theirs = [("-1", "10.0.0.0/8"), ("tcp", "10.0.0.0/8")]
    assert rules() == theirs
    db.execute(group)
    assert plan(db) == [] and plan(db, "iasql_apply") == []
    assert rules() == theirs
    assert [change[:2] for change in plan(db, "iasql_sync")] == [("create", "security_group_rule")] * 2
    assert plan(db) == []
