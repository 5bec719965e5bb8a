"""A change that AWS takes only at creation replaces the object; whatever pointed at it follows."""

from aws_objects import assert_agrees, in_aws
from server import REGION, plan, rows, value
from steps import applied, apply, insert, install, synced


def test_a_replace_is_listed_once_with_the_rows_id(account, db):
    install(db, "aws_ecr")
    repository = insert(db, "repository", repository_name="old", tags='{"kept": "yes"}')
    applied(db)
    db.execute("UPDATE repository SET repository_name = 'new'")
    expected = [{"action": "replace", "table_name": "repository", "id": repository, "description": "new"}]
    assert rows(db, "SELECT * FROM iasql_plan_apply()") == expected
    db.notices.clear()
    assert rows(db, "SELECT * FROM iasql_apply()") == expected
    assert [notice.split(" after ")[0] for notice in db.notices] == [
        f"NOTICE: deleting repository arn:aws:ecr:{REGION}:123456789012:repository/old",
        f"NOTICE: deleted repository arn:aws:ecr:{REGION}:123456789012:repository/old",
        "NOTICE: creating repository new",
        "NOTICE: created repository new",
    ]
    assert_agrees(account, db, "repository", "repository_policy")
    (there,) = in_aws(account, "repository")
    assert (there["repository_name"], there["tags"]) == ("new", {"kept": "yes"})
    assert value(db, "SELECT id FROM repository") == repository
    assert plan(db) == plan(db, "iasql_plan_sync") == []


def test_a_child_follows_its_replaced_parent(account, db):
    install(db, "aws_ecr")
    repository = insert(db, "repository", repository_name="old")
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'
    insert(db, "repository_policy", repository_id=repository, policy_text=policy)
    applied(db)
    db.execute("UPDATE repository SET repository_name = 'new'")
    assert {change[:2] for change in plan(db)} == {("replace", "repository"), ("replace", "repository_policy")}
    applied(db)
    assert_agrees(account, db, "repository", "repository_policy")
    (there,) = in_aws(account, "repository_policy")
    assert there["repository_id"] == "new"


def test_a_vpc_with_subnets_and_a_group_that_names_it_by_text(account, db):
    install(db, "aws_security_group", "aws_vpc")
    vpc = insert(db, "vpc", cidr_block="10.1.0.0/16")
    for number, zone in enumerate("ab"):
        insert(db, "subnet", vpc_id=vpc, cidr_block=f"10.1.{number}.0/24", availability_zone=REGION + zone)
    apply(db)
    synced(db)  # the default security group that AWS makes with a VPC
    old = value(db, "SELECT vpc_id FROM vpc WHERE id = %s", vpc)
    group = insert(db, "security_group", group_name="web", description="Web", vpc_id=old)
    insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80,
        cidr_ipv4="0.0.0.0/0",
    )  # fmt: skip
    applied(db)

    # The subnets' networks move along, or they would lie outside.
    db.execute("UPDATE vpc SET cidr_block = '10.2.0.0/16' WHERE id = %s", (vpc,))
    db.execute("UPDATE subnet SET cidr_block = replace(cidr_block, '10.1.', '10.2.') WHERE vpc_id = %s", (vpc,))
    assert {change for change in plan(db) if change[1] != "security_group_rule"} == {
        ("replace", "vpc", "10.2.0.0/16"),
        ("replace", "subnet", "10.2.0.0/24"),
        ("replace", "subnet", "10.2.1.0/24"),
        ("replace", "security_group", "web"),
    }
    apply(db)
    assert plan(db) == []
    synced(db)
    new = value(db, "SELECT vpc_id FROM vpc WHERE id = %s", vpc)
    assert new != old
    assert old not in [there["vpc_id"] for there in in_aws(account, "vpc")]
    assert old not in [there["vpc_id"] for there in in_aws(account, "subnet")]
    assert value(db, "SELECT vpc_id FROM security_group WHERE id = %s", group) == new
    assert_agrees(account, db, "security_group", "security_group_rule", "vpc", "subnet")
    rules = [there for there in in_aws(account, "security_group_rule") if there["from_port"] == 80]
    assert [rule["security_group_id"] for rule in rules] == [
        value(db, "SELECT group_id FROM security_group WHERE id = %s", group)
    ]


def test_a_group_whose_description_changes_together_with_its_rules(account, db):
    install(db, "aws_security_group")
    group = insert(db, "security_group", group_name="web", description="Old")
    for port in (80, 443):
        insert(
            db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=port,
            to_port=port, cidr_ipv4="0.0.0.0/0",
        )  # fmt: skip
    applied(db)
    db.execute("UPDATE security_group SET description = 'New' WHERE id = %s", (group,))
    db.execute("DELETE FROM security_group_rule WHERE security_group_id = %s AND from_port = 80", (group,))
    db.execute("UPDATE security_group_rule SET to_port = 444 WHERE security_group_id = %s AND from_port = 443", (group,))
    insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=22, to_port=22,
        cidr_ipv4="10.0.0.0/8",
    )  # fmt: skip
    assert ("replace", "security_group", "web") in plan(db)
    applied(db)
    assert_agrees(account, db, "security_group", "security_group_rule", "vpc", "subnet")
    (there,) = (there for there in in_aws(account, "security_group") if there["group_name"] == "web")
    assert there["description"] == "New"
    rules = [rule for rule in in_aws(account, "security_group_rule") if rule["security_group_id"] == there["group_id"]]
    assert sorted((rule["from_port"], rule["to_port"]) for rule in rules if not rule["is_egress"]) == [(22, 22), (443, 444)]


def test_groups_that_name_each_other_in_rules(account, db):
    install(db, "aws_security_group")
    groups = [insert(db, "security_group", group_name=name, description=name) for name in ("a", "b")]
    applied(db)
    for group, peer in (groups, reversed(groups)):
        db.execute(
            "INSERT INTO security_group_rule (security_group_id, is_egress, ip_protocol, from_port, to_port,"
            " referenced_group_id) SELECT %s, false, 'tcp', 80, 80, group_id FROM security_group WHERE id = %s",
            (group, peer),
        )
    applied(db)
    db.execute("UPDATE security_group SET description = 'new' WHERE id = %s", (groups[0],))
    # The deletes are those of AWS's own egress rule in the new group.
    assert {change[0] for change in applied(db)} <= {"replace", "delete"}
    assert_agrees(account, db, "security_group", "security_group_rule", "vpc", "subnet")


def test_another_kind_of_peer_replaces_the_rule(account, db):
    install(db, "aws_security_group")
    group = insert(db, "security_group", group_name="web", description="Web")
    rule = insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80,
        cidr_ipv4="10.0.0.0/8",
    )  # fmt: skip
    applied(db)
    db.execute("UPDATE security_group_rule SET cidr_ipv4 = NULL, cidr_ipv6 = '2001:db8::/32' WHERE id = %s", (rule,))
    assert [change[0] for change in plan(db)] == ["replace"]
    applied(db)
    assert_agrees(account, db, "security_group", "security_group_rule", "vpc", "subnet")
    assert value(db, "SELECT cidr_ipv4 FROM security_group_rule WHERE id = %s", rule) is None


