"""What apply refuses, or warns of, before its first call."""

import pytest

from aws_objects import in_aws
from server import plan
from steps import applied, apply, assert_settled, insert, install, notices, refusal, synced


@pytest.fixture
def log_groups(db):
    install(db, "aws_cloudwatch", "aws_ecr")
    for name in ("/a", "/b", "/c"):
        insert(db, "log_group", log_group_name=name)
    insert(db, "repository", repository_name="app")
    applied(db)


def test_max_deletes(account, db, log_groups):
    db.execute("SET iasql.max_deletes = 2")
    db.execute("DELETE FROM log_group")
    insert(db, "repository", repository_name="other")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ014"
    assert "3 deletes" in refused.message and "iasql.max_deletes" in refused.hint
    assert len(in_aws(account, "log_group")) == 3 and len(in_aws(account, "repository")) == 1
    db.execute("SET iasql.max_deletes = 3")
    assert len(apply(db)) == 4


def test_max_deletes_counts_replaces(db, log_groups):
    db.execute("SET iasql.max_deletes = 0")
    db.execute("UPDATE repository SET repository_name = 'new'")
    assert refusal(db, "SELECT * FROM iasql_apply()").sqlstate == "IQ014"
    db.execute("RESET iasql.max_deletes")
    assert [change[0] for change in apply(db)] == ["replace"]


def test_a_delete_that_loses_data_is_warned_of(db, log_groups):
    db.execute("DELETE FROM log_group WHERE log_group_name = '/a'")
    db.execute("DELETE FROM repository")
    applied(db)
    (warning,) = notices(db, "WARNING")
    assert "log_group" in warning and "/a" in warning and "data" in warning


def test_a_replace_that_loses_data_needs_permission(account, db, log_groups):
    db.execute("UPDATE log_group SET log_group_name = '/new' WHERE log_group_name = '/a'")
    insert(db, "repository", repository_name="other")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ015"
    assert "/new" in refused.message and "iasql.allow_data_loss" in refused.hint
    assert {there["log_group_name"] for there in in_aws(account, "log_group")} == {"/a", "/b", "/c"}
    assert len(in_aws(account, "repository")) == 1
    db.execute("SET iasql.allow_data_loss = on")
    assert ("replace", "log_group", "/new") in applied(db)
    assert {there["log_group_name"] for there in in_aws(account, "log_group")} == {"/new", "/b", "/c"}


def test_a_refused_apply_leaves_the_plan(db, log_groups):
    db.execute("SET iasql.max_deletes = 0")
    db.execute("DELETE FROM repository")
    planned = plan(db)
    refusal(db, "SELECT * FROM iasql_apply()")
    assert plan(db) == planned
    synced(db)
    assert_settled(db)


def test_a_repository_with_images_is_awss_error_with_a_hint(account, db, ecr, log_groups):
    ecr.put_image(
        repositoryName="app",
        imageManifest='{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",'
        ' "config": {"mediaType": "a", "size": 1, "digest": "sha256:0"}, "layers": []}',
        imageTag="latest",
    )
    db.execute("DELETE FROM repository")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "RepositoryNotEmptyException" in refused.message + refused.detail
    assert "images" in refused.hint
    assert len(in_aws(account, "repository")) == 1
    assert [change[:2] for change in plan(db)] == [("delete", "repository")]


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE TABLE child () INHERITS (log_group)",
        "CREATE RULE nothing AS ON DELETE TO log_group DO INSTEAD NOTHING",
        "ALTER TABLE log_group RENAME TO hidden",
        "DROP TABLE log_group",
    ],
)
def test_a_table_that_cannot_be_trusted_is_an_error_and_no_delete(account, db, log_groups, trick):
    db.execute(trick)
    for function in ("iasql_plan_apply", "iasql_apply", "iasql_sync"):
        refused = refusal(db, f"SELECT * FROM {function}()")
        assert refused.sqlstate == "IQ004" and "log_group" in refused.message
    assert len(in_aws(account, "log_group")) == 3


def test_row_level_security_that_hides_rows_is_an_error_and_no_delete(account, db, log_groups):
    db.execute("ALTER TABLE log_group ENABLE ROW LEVEL SECURITY")
    assert_settled(db)  # its owner sees every row
    db.execute("ALTER TABLE log_group FORCE ROW LEVEL SECURITY")
    db.execute("CREATE POLICY partly ON log_group USING (log_group_name = '/a')")
    for function in ("iasql_plan_apply", "iasql_apply", "iasql_sync"):
        assert refusal(db, f"SELECT * FROM {function}()").sqlstate in ("IQ004", "42501")
    assert len(in_aws(account, "log_group")) == 3
