"""What AWS never shows is no drift when a row is updated."""

from rds_test import mine  # noqa: F401, a fixture
from server import rows
from steps import applied, notices


def test_a_snapshot_to_be_skipped_is_no_drift(account, mine):
    mine.execute("UPDATE rds SET skip_final_snapshot = true")
    applied(mine)
    mine.notices.clear()
    mine.execute("UPDATE rds SET backup_retention_period = 3")
    assert applied(mine) == [("update", "rds", "mine")]
    assert notices(mine, "was changed in AWS") == []
    (there,) = account.client("rds").describe_db_instances()["DBInstances"]
    assert there["BackupRetentionPeriod"] == 3
    assert rows(mine, "SELECT skip_final_snapshot, backup_retention_period FROM rds") == [
        {"skip_final_snapshot": True, "backup_retention_period": 3}
    ]
