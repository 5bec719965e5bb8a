"""How a database instance lives, for life_cycle_test.py. What replaces one needs its password again."""

from life import Life
from server import REGION

AGAIN = "master_user_password = 'yet-another-password'"
WAIT = {"Delay": 0.05, "MaxAttempts": 1000}


def changed(account, there):
    rds, name = account.client("rds"), there["db_instance_identifier"]
    rds.modify_db_instance(DBInstanceIdentifier=name, AllocatedStorage=100, ApplyImmediately=True)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=name, WaiterConfig=WAIT)


def deleted(account, there):
    rds, name = account.client("rds"), there["db_instance_identifier"]
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier=name, WaiterConfig=WAIT)


LIFE = Life(
    parents=("INSERT INTO security_group (group_name, description) VALUES ('one', 'One'), ('two', 'Two')",),
    fewest={
        "db_instance_identifier": "'Mine'",
        "allocated_storage": "20",
        "availability_zone": f"'{REGION}a'",
        "db_instance_class": "'db.t4g.micro'",
        "engine": "'postgres'",
        "master_username": "'me'",
        "master_user_password": "'long-password'",
    },
    more={
        "backup_retention_period": "7",
        "skip_final_snapshot": "true",
        "tags": """'{"a": "1"}'""",
        "rds_security_groups": "INSERT INTO rds_security_groups (rds_id, security_group_id)"
        " SELECT {key}, id FROM security_group WHERE group_name IN ('one', 'two')",
    },
    changes=[
        ("allocated_storage", "allocated_storage = 30"),
        ("db_instance_class", "db_instance_class = 'db.t4g.small'"),
        ("backup_retention_period", "backup_retention_period = 0"),
        ("master_user_password", "master_user_password = 'another-password'"),
        ("skip_final_snapshot", "skip_final_snapshot = false"),
        ("tags", """tags = '{"b": "2"}'"""),
        (
            "rds_security_groups",
            "DELETE FROM rds_security_groups WHERE rds_id = {key}"
            " AND security_group_id = (SELECT id FROM security_group WHERE group_name = 'one')",
        ),
        ("engine", f"engine = 'mariadb', {AGAIN}"),
        ("availability_zone", f"availability_zone = '{REGION}b', {AGAIN}"),
        ("master_username", f"master_username = 'you', {AGAIN}"),
        ("db_instance_identifier", f"db_instance_identifier = 'new', {AGAIN}"),
    ],
    changed_outside=changed,
    deleted_outside=deleted,
)
