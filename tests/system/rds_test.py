"""Database instances: passwords that are kept nowhere, last snapshots, security groups, and names without capitals."""

import psycopg
import pytest

from aws_objects import assert_agrees, in_aws
from server import REGION, plan, rows, value, wait_until
from steps import applied, apply, assert_settled, insert, install, notices, refusal, synced

PASSWORD = "correct-horse-battery"
WAIT = {"Delay": 0.05, "MaxAttempts": 1000}


@pytest.fixture
def rds(account):
    return account.client("rds")


def instance(db, **columns):
    return insert(
        db,
        "rds",
        **{
            "db_instance_identifier": "mine",
            "allocated_storage": 20,
            "availability_zone": f"{REGION}a",
            "db_instance_class": "db.t4g.micro",
            "engine": "postgres",
            "master_username": "me",
            "master_user_password": PASSWORD,
            **columns,
        },
    )


def test_the_log_has_no_password_of_a_statement_that_failed(server, db):
    install(db, "aws_rds")
    names = "db_instance_identifier, allocated_storage, db_instance_class, engine, master_user_password"
    values = "'never', 20, 'db.t4g.micro', 'postgres'"
    for statement, parameters in (
        (f"INSERT INTO rds ({names}) VALUES ({values}, 'canary-of-a-literal')", None),
        (f"INSERT INTO rds ({names}) VALUES ({values}, %s)", ["canary-of-a-parameter"]),
    ):
        with pytest.raises(psycopg.errors.NotNullViolation, match="canary-of"):
            db.execute(statement, parameters)
    db.execute("DO $$ BEGIN RAISE WARNING 'the end of what is looked at'; END $$")

    def log():
        return "".join(file.read_text(errors="replace") for file in (server.data / "log").glob("*.log"))

    wait_until(lambda: "the end of what is looked at" in log(), "the log")
    assert log().count('null value in column "availability_zone"') >= 2
    assert "canary-of" not in log()


@pytest.fixture
def mine(db):
    install(db, "aws_rds")
    instance(db)
    applied(db)
    return db


def snapshots(rds):
    return [snapshot["DBSnapshotIdentifier"] for snapshot in rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]]


def test_the_password_is_sent_and_kept_nowhere(database, mine):
    assert value(mine, "SELECT master_user_password FROM rds") is None
    superuser = database.superuser()
    tables = superuser.execute("SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace >= 2200").fetchall()
    assert len(tables) > 10
    for (table,) in tables:
        kept = superuser.execute(f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE %s", (f"%{PASSWORD}%",)).fetchone()
        assert kept == (0,), table
    mine.execute("UPDATE rds SET master_user_password = 'another-password'")
    assert plan(mine) == [("update", "rds", "mine")]
    assert "another-password" not in str(rows(mine, "SELECT * FROM iasql_plan()"))
    assert "another-password" not in value(mine, "SELECT iasql_plan_markdown()")
    applied(mine)
    assert value(mine, "SELECT master_user_password FROM rds") is None


def test_a_password_that_is_not_applied_is_gone_after_a_sync(mine):
    mine.execute("UPDATE rds SET master_user_password = 'another-password'")
    synced(mine)
    assert value(mine, "SELECT master_user_password FROM rds") is None


def test_a_refused_password_is_in_no_message(db):
    install(db, "aws_rds")
    instance(db, master_user_password="no spaces allowed")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert "InvalidParameterValue" in refused.message
    assert "no spaces allowed" not in refused.message + refused.detail + refused.hint + " ".join(db.notices)


def test_deleting_takes_a_last_snapshot(rds, mine):
    mine.execute("DELETE FROM rds")
    assert [change[:2] for change in apply(mine)] == [("delete", "rds")]
    assert notices(mine, "data")
    (name,) = snapshots(rds)
    assert name.startswith("mine-final-") and len(name) == len("mine-final-") + 32
    assert rds.describe_db_instances()["DBInstances"] == []


def test_deleting_without_a_snapshot_once_that_was_applied(rds, mine):
    mine.execute("UPDATE rds SET skip_final_snapshot = true")
    assert plan(mine) == [("update", "rds", "mine")]
    applied(mine)
    synced(mine)
    mine.execute("DELETE FROM rds")
    applied(mine)
    assert snapshots(rds) == []


def test_what_is_imported_is_not_deleted_without_a_snapshot(account, rds, db):
    rds.create_db_instance(
        DBInstanceIdentifier="before",
        AllocatedStorage=20,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="me",
        MasterUserPassword=PASSWORD,
    )
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="before", WaiterConfig=WAIT)
    install(db, "aws_rds")
    assert value(db, "SELECT skip_final_snapshot FROM rds") is False
    db.execute("DELETE FROM rds")
    applied(db)
    assert len(snapshots(rds)) == 1


def test_a_protected_instance_is_awss_error(rds, mine):
    rds.modify_db_instance(DBInstanceIdentifier="mine", DeletionProtection=True, ApplyImmediately=True)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="mine", WaiterConfig=WAIT)
    mine.execute("DELETE FROM rds")
    refused = refusal(mine, "SELECT * FROM iasql_apply()")
    assert "InvalidParameterCombination" in refused.message and "protect" in refused.message
    synced(mine)


def test_a_replace_needs_consent(mine):
    mine.execute("UPDATE rds SET engine = 'mysql', master_user_password = %s", (PASSWORD,))
    assert plan(mine) == [("replace", "rds", "mine")]
    assert refusal(mine, "SELECT * FROM iasql_apply()").sqlstate == "IQ015"


def test_capitals_in_a_name_do_not_count(account, mine):
    mine.execute("UPDATE rds SET db_instance_identifier = 'MINE'")
    assert plan(mine) == []
    synced(mine)
    assert refusal(
        mine,
        "INSERT INTO rds (db_instance_identifier, allocated_storage, availability_zone, db_instance_class, engine)"
        " SELECT 'Mine', 20, availability_zone, db_instance_class, engine FROM rds",
    ).sqlstate == "23505"


def test_groups_are_the_instances(account, mine):
    for name in ("one", "two"):
        insert(mine, "security_group", group_name=name, description=name)
    mine.execute(
        "INSERT INTO rds_security_groups SELECT rds.id, security_group.id FROM rds, security_group WHERE group_name IN ('one', 'two')"
    )
    assert ("update", "rds", "mine") in plan(mine)
    applied(mine)
    assert_agrees(account, mine, "rds", "rds_security_groups")
    mine.execute(
        "DELETE FROM rds_security_groups USING security_group WHERE security_group_id = security_group.id AND group_name <> 'one'"
    )
    assert plan(mine) == [("update", "rds", "mine")]
    applied(mine)
    assert len(in_aws(account, "rds_security_groups")) == 1


def test_instance_and_groups_go_in_the_order_that_aws_wants(account, mine):
    insert(mine, "security_group", group_name="one", description="one")
    mine.execute("INSERT INTO rds_security_groups SELECT rds.id, security_group.id FROM rds, security_group WHERE group_name = 'one'")
    applied(mine)
    mine.execute("SELECT delete_all_records()")
    done = [change[:2] for change in apply(mine)]
    assert done.index(("delete", "rds")) < done.index(("delete", "security_group"))
    assert in_aws(account, "rds") == []


def test_storage_does_not_shrink(mine):
    mine.execute("UPDATE rds SET allocated_storage = 10")
    refused = refusal(mine, "SELECT * FROM iasql_apply()")
    assert "InvalidParameterCombination" in refused.message
    synced(mine)
    assert value(mine, "SELECT allocated_storage FROM rds") == 20


def test_a_group_of_another_region_is_refused(mine):
    mine.execute("UPDATE aws_regions SET is_enabled = true WHERE region = 'us-west-2'")
    synced(mine)
    refused = refusal(
        mine,
        "INSERT INTO rds_security_groups SELECT rds.id, security_group.id FROM rds, security_group"
        " WHERE security_group.region = 'us-west-2' AND group_name = 'default'",
    )
    assert refused.sqlstate == "IQ016" and "us-west-2" in refused.message and REGION in refused.message
    assert_settled(mine)
