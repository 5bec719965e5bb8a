"""How a role lives, for life_cycle_test.py."""

from life import Life

TRUST = """'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "%s.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'"""
POLICIES = "arn:aws:iam::aws:policy"


def deleted(account, there):
    iam = account.client("iam")
    for arn in there["attached_policies_arns"]:
        iam.detach_role_policy(RoleName=there["role_name"], PolicyArn=arn)
    iam.delete_role(RoleName=there["role_name"])


LIFE = Life(
    fewest={"role_name": "'mine'", "assume_role_policy_document": TRUST % "ecs-tasks"},
    more={
        "description": "'Mine'",
        "attached_policies_arns": f"ARRAY['{POLICIES}/ReadOnlyAccess', '{POLICIES}/job-function/ViewOnlyAccess']",
        "tags": """'{"a": "1"}'""",
    },
    changes=[
        ("role_name", "role_name = 'new'", "delete", "create"),  # a row by another key is another row
        ("assume_role_policy_document", "assume_role_policy_document = " + TRUST % "codebuild"),
        ("description", "description = 'New'"),
        ("attached_policies_arns", f"attached_policies_arns = ARRAY['{POLICIES}/IAMReadOnlyAccess']"),
        ("attached_policies_arns", "attached_policies_arns = '{}'"),
        ("tags", """tags = '{"b": "2"}'"""),
    ],
    changed_outside=lambda account, there: account.client("iam").attach_role_policy(
        RoleName=there["role_name"], PolicyArn=f"{POLICIES}/PowerUserAccess"
    ),
    deleted_outside=deleted,
    key="role_name",
)
