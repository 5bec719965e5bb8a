"""The life of an object, the same for every table: created with the fewest columns and with all, each input changed by
itself, deleted, created again, changed and deleted by somebody else, uninstalled and installed again. After each step what
boto3 sees and the table agree, and both plans are empty.

LIVES has an entry for each table; what a change of a column does is said by the reviewed golden files. A table or an input
without an entry fails a test. Values are SQL. A part's rows, which are an input of their owner, are made and changed by
statements of their own, in which {key} is the owner's key.
"""

import re

import pytest

import container_lives
import rds_life
import role_life
from aws_objects import assert_agrees, in_aws
from life import Life, is_statement
from server import REGION, SOURCE, plan, rows, value
from steps import apply, assert_settled, every_module, install, sync, uninstall

POLICY = """'{"Version": "2012-10-17", "Statement": [{"Sid": "%s", "Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'"""


def tagged(account, there):
    account.client("ec2").create_tags(
        Resources=[there.get("security_group_rule_id") or there.get("subnet_id") or there.get("group_id") or there["vpc_id"]],
        Tags=[{"Key": "outside", "Value": "yes"}],
    )


LIVES = {
    "log_group": Life(
        fewest={"log_group_name": "'/mine'"},
        more={"tags": """'{"a": "1"}'"""},
        changes=[("log_group_name", "log_group_name = '/mine/new'"), ("tags", """tags = '{"b": "2"}'""")],
        changed_outside=lambda account, there: account.client("logs").tag_resource(
            resourceArn=there["log_group_arn"], tags={"outside": "yes"}
        ),
        deleted_outside=lambda account, there: account.client("logs").delete_log_group(logGroupName=there["log_group_name"]),
    ),
    "repository": Life(
        fewest={"repository_name": "'mine'"},
        more={"image_tag_mutability": "'IMMUTABLE'", "scan_on_push": "true", "tags": """'{"a": "1"}'"""},
        changes=[
            ("repository_name", "repository_name = 'mine/new'"),
            ("image_tag_mutability", "image_tag_mutability = 'MUTABLE'"),
            ("scan_on_push", "scan_on_push = false"),
            ("tags", """tags = '{"b": "2"}'"""),
        ],
        changed_outside=lambda account, there: account.client("ecr").put_image_tag_mutability(
            repositoryName=there["repository_name"],
            imageTagMutability={"MUTABLE": "IMMUTABLE", "IMMUTABLE": "MUTABLE"}[there["image_tag_mutability"]],
        ),
        deleted_outside=lambda account, there: account.client("ecr").delete_repository(repositoryName=there["repository_name"]),
    ),
    "repository_policy": Life(
        parents=("INSERT INTO repository (repository_name) VALUES ('parent'), ('another')",),
        fewest={
            "repository_id": "(SELECT id FROM repository WHERE repository_name = 'parent')",
            "policy_text": POLICY % "one",
        },
        changes=[
            ("policy_text", "policy_text = " + POLICY % "two"),
            ("repository_id", "repository_id = (SELECT id FROM repository WHERE repository_name = 'another')"),
        ],
        changed_outside=lambda account, there: account.client("ecr").set_repository_policy(
            repositoryName=there["repository_id"], policyText=(POLICY % "outside").strip("'")
        ),
        deleted_outside=lambda account, there: account.client("ecr").delete_repository_policy(
            repositoryName=there["repository_id"]
        ),
    ),
    "vpc": Life(
        fewest={"cidr_block": "'10.1.0.0/16'"},
        more={"tags": """'{"a": "1"}'"""},
        changes=[("cidr_block", "cidr_block = '10.2.0.0/16'"), ("tags", """tags = '{"b": "2"}'""")],
        changed_outside=tagged,
        deleted_outside=lambda account, there: account.client("ec2").delete_vpc(VpcId=there["vpc_id"]),
    ),
    "subnet": Life(
        parents=("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16'), ('10.1.0.0/17')",),
        fewest={
            "vpc_id": "(SELECT id FROM vpc WHERE cidr_block = '10.1.0.0/16')",
            "cidr_block": "'10.1.1.0/24'",
            "availability_zone": f"'{REGION}a'",
        },
        more={"tags": """'{"a": "1"}'"""},
        changes=[
            ("cidr_block", "cidr_block = '10.1.2.0/24'"),
            ("availability_zone", f"availability_zone = '{REGION}b'"),
            ("vpc_id", "vpc_id = (SELECT id FROM vpc WHERE cidr_block = '10.1.0.0/17')"),
            ("tags", """tags = '{"b": "2"}'"""),
        ],
        changed_outside=tagged,
        deleted_outside=lambda account, there: account.client("ec2").delete_subnet(SubnetId=there["subnet_id"]),
    ),
    "security_group": Life(
        parents=("INSERT INTO vpc (cidr_block) VALUES ('10.1.0.0/16')",),
        fewest={"group_name": "'mine'", "description": "'Mine'"},
        more={"vpc_id": "(SELECT vpc_id FROM vpc WHERE is_default)", "tags": """'{"a": "1"}'"""},
        changes=[
            ("group_name", "group_name = 'new'"),
            ("description", "description = 'New'"),
            ("vpc_id", "vpc_id = (SELECT vpc_id FROM vpc WHERE NOT is_default)"),
            ("tags", """tags = '{"b": "2"}'"""),
        ],
        changed_outside=tagged,
        deleted_outside=lambda account, there: account.client("ec2").delete_security_group(GroupId=there["group_id"]),
    ),
    "security_group_rule": Life(
        parents=(
            "INSERT INTO security_group (group_name, description) VALUES ('parent', 'Parent'), ('another', 'Another')",
            "SELECT * FROM iasql_apply()",
        ),
        fewest={
            "security_group_id": "(SELECT id FROM security_group WHERE group_name = 'parent')",
            "is_egress": "false",
            "ip_protocol": "'-1'",
            "cidr_ipv4": "'10.0.0.0/8'",
        },
        more={
            "ip_protocol": "'tcp'",
            "from_port": "80",
            "to_port": "80",
            "description": "'http'",
            "tags": """'{"a": "1"}'""",
        },
        changes=[
            ("from_port", "from_port = 79"),
            ("to_port", "to_port = 81"),
            ("ip_protocol", "ip_protocol = 'udp'"),
            ("description", "description = 'web'"),
            ("cidr_ipv4", "cidr_ipv4 = '10.0.0.0/9'"),
            ("tags", """tags = '{"b": "2"}'"""),
            ("cidr_ipv6", "cidr_ipv4 = NULL, cidr_ipv6 = '2001:db8::/32'", "replace"),
            ("cidr_ipv6", "cidr_ipv6 = '2001:db8::/33'"),
            (
                "referenced_group_id",
                "cidr_ipv6 = NULL, referenced_group_id = (SELECT group_id FROM security_group WHERE group_name = 'parent')",
                "replace",
            ),
            (
                "referenced_group_id",
                "referenced_group_id = (SELECT group_id FROM security_group WHERE group_name = 'another')",
            ),
            ("prefix_list_id", "referenced_group_id = NULL, prefix_list_id = 'pl-0123456789abcdef0'", "replace"),
            ("prefix_list_id", "prefix_list_id = 'pl-0123456789abcdef1'"),
            ("security_group_id", "security_group_id = (SELECT id FROM security_group WHERE group_name = 'another')"),
            ("is_egress", "is_egress = true"),
        ],
        changed_outside=tagged,
        deleted_outside=lambda account, there: account.client("ec2").revoke_security_group_ingress(
            GroupId=there["security_group_id"], SecurityGroupRuleIds=[there["security_group_rule_id"]]
        ),
    ),
    "public_repository": Life(
        fewest={"repository_name": "'mine'"},
        more={"tags": """'{"a": "1"}'"""},
        changes=[("repository_name", "repository_name = 'mine/new'"), ("tags", """tags = '{"b": "2"}'""")],
        changed_outside=lambda account, there: account.client("ecr-public", "us-east-1").tag_resource(
            resourceArn=there["repository_arn"], tags=[{"Key": "outside", "Value": "yes"}]
        ),
        deleted_outside=lambda account, there: account.client("ecr-public", "us-east-1").delete_repository(
            repositoryName=there["repository_name"]
        ),
    ),
    "role": role_life.LIFE,
    "rds": rds_life.LIFE,
    **container_lives.LIVES,
}


def golden():
    """What the reviewed files say: table → {column → action of a change}, for the inputs; and part → owner."""
    said, parts = {}, {}
    for file in (SOURCE / "tests" / "golden").glob("*.txt"):
        table = None
        for line in file.read_text().splitlines():
            if heading := re.match(r"(\w+): \w[\w-]*, id ", line):
                table = said.setdefault(heading.group(1), {})
            elif part := re.match(r"(\w+): part of (\w+)", line):
                parts[part.group(1)] = part.group(2)
            elif column := re.match(r"  (\w+) [\w \[\]]+: (?:input|create-only), on change (update|replace|new revision);", line):
                table[column.group(1)] = column.group(2).replace("new revision", "update")
    return said, parts


GOLDEN, PARTS = golden()
# iasql makes listeners that forward, and no others.
ONE_VALUE = {"listener": {"action_type"}}
tables = pytest.mark.parametrize("table", LIVES)


def test_every_table_and_every_input_has_a_life():
    assert set(LIVES) == set(GOLDEN)
    for table, life in LIVES.items():
        changed = {change[0] for change in life.changes}
        assert changed == set(GOLDEN[table]) - ONE_VALUE.get(table, set()), table
        # With all columns: but for those that exclude one another, every input has a value.
        exclusive = {"cidr_ipv6", "prefix_list_id", "referenced_group_id"}
        assert set(life.fewest) | set(life.more) == set(GOLDEN[table]) - exclusive, table


class Living:
    """One row of `table` and its object."""

    def __init__(self, account, db, table):
        self.account, self.db, self.table, self.life = account, db, table, LIVES[table]
        self.key = None

    def prepare(self):
        install(self.db, *every_module(self.db))
        for statement in self.life.parents:
            rows(self.db, statement)
        if self.life.parents:
            apply(self.db)
        sync(self.db)

    def create(self, columns):
        own = {column: sql for column, sql in columns.items() if not is_statement(sql)}
        names, values = ", ".join(own), ", ".join(own.values())
        self.key = value(self.db, f"INSERT INTO {self.table} ({names}) VALUES ({values}) RETURNING {self.life.key}")
        for sql in columns.values():
            if is_statement(sql):
                self.set(sql)
        assert [change[:2] for change in plan(self.db)] == [("create", self.table)]
        assert ("create", self.table) in [change[:2] for change in apply(self.db)]
        self.agrees()

    def set(self, sql):
        if is_statement(sql):
            self.db.execute(sql.replace("{key}", str(self.key)))
            return
        key = self.life.key  # may be what changes
        self.key = value(self.db, f"UPDATE {self.table} SET {sql} WHERE {key} = %s RETURNING {key}", self.key)

    def rows(self):
        return value(self.db, f"SELECT count(*) FROM {self.table} WHERE {self.life.key} = %s", self.key)

    def delete(self):
        self.db.execute(f"DELETE FROM {self.table} WHERE {self.life.key} = %s", (self.key,))
        assert [change[:2] for change in plan(self.db)] == [("delete", self.table)]
        assert [change[:2] for change in apply(self.db)] == [("delete", self.table)]
        self.agrees()

    def agrees(self):
        """Both plans are empty and every column of every table is what boto3 sees."""
        assert plan(self.db) == []
        if self.table == "vpc":  # AWS makes a default security group with each, and removes it with it
            sync(self.db)
        assert_settled(self.db)
        assert_agrees(self.account, self.db, self.table, *(part for part, owner in PARTS.items() if owner == self.table))

    def there(self):
        """The object as boto3 sees it: the only one that is not AWS's own or a parent's."""
        known = {
            "vpc": lambda row: not row["is_default"],
            "subnet": lambda row: row["cidr_block"].startswith("10."),
            "security_group": lambda row: row["group_name"] in ("mine", "new"),
            "security_group_rule": lambda row: not row["is_egress"] and row.get("cidr_ipv4"),
        }.get(self.table, lambda row: True)
        found = [row for row in in_aws(self.account, self.table) if known(row)]
        assert len(found) <= 1, found
        return found[0] if found else None


@pytest.fixture
def living(account, db, table):
    living = Living(account, db, table)
    living.prepare()
    return living


@tables
def test_created_with_the_fewest_columns_deleted_and_created_again(living):
    for _ in range(2):
        living.create(living.life.fewest)
        assert living.there()
        living.delete()
        assert living.there() is None


@tables
@pytest.mark.every_postgresql
def test_created_with_all_columns_and_each_changed_by_itself(living, table):
    living.db.execute("SET iasql.allow_data_loss = on")
    living.create({**living.life.fewest, **living.life.more})
    for column, sql, *actions in living.life.changes:
        expected = [(action, table) for action in actions or [GOLDEN[table][column]]]
        living.set(sql)
        assert [change[:2] for change in plan(living.db)] == expected, column
        assert set(expected) <= {change[:2] for change in apply(living.db)}, column
        living.agrees()
    assert living.rows() == 1


@tables
def test_changed_and_deleted_by_somebody_else(living, table):
    living.create({**living.life.fewest, **living.life.more})
    living.life.changed_outside(living.account, living.there())
    assert plan(living.db) == []
    assert [change[:2] for change in sync(living.db)] == [("update", table)]
    living.agrees()
    living.life.deleted_outside(living.account, living.there())
    assert ("delete", table) in [change[:2] for change in sync(living.db)]
    living.agrees()
    assert living.rows() == 0
    living.create({**living.life.fewest, **living.life.more})


@tables
@pytest.mark.every_postgresql
def test_uninstalled_and_installed_again(living, table):
    living.create({**living.life.fewest, **living.life.more})
    before = living.there()
    uninstall(living.db, *every_module(living.db))
    assert living.there() == before
    install(living.db, *every_module(living.db))
    living.agrees()
    assert living.there() == before
