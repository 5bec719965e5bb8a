"""iasql_help(): every function that a user may call, with an example that works."""

import pytest

from server import rows, value
from steps import install

# They would take away what the next example needs; the last line of the test runs them.
LAST = ("delete_all_records", "iasql_uninstall")
OF_THE_SUPERUSER = ("iasql.connect", "iasql.disconnect", "iasql.system_identity")


@pytest.fixture
def db(database):
    return database.connect()


def helped(db):
    return {row["name"]: row for row in rows(db, "SELECT * FROM iasql_help()")}


def test_lists_what_the_owner_may_call(db):
    callable = rows(
        db,
        "SELECT CASE WHEN p.proname ^@ 'iasql_' OR p.proname = 'delete_all_records' THEN '' ELSE 'iasql.' END || p.proname"
        " AS name FROM pg_proc p WHERE p.pronamespace = 'iasql'::regnamespace AND p.prorettype <> 'trigger'::regtype"
        " AND has_function_privilege(p.oid, 'EXECUTE')",
    )
    listed = helped(db)
    assert set(listed) == {row["name"] for row in callable}
    assert "iasql.repair" in listed and not set(OF_THE_SUPERUSER) & set(listed)
    assert listed["iasql_plan_apply"] == {
        "name": "iasql_plan_apply",
        "signature": "iasql_plan_apply() RETURNS TABLE(action text, table_name text, id integer, description text)",
        "description": "Shows what iasql_apply() would do to the AWS account. Reads local tables only and changes nothing.",
        "sample_usage": "SELECT * FROM iasql_plan_apply();",
    }
    assert listed["iasql_install"]["signature"].startswith("iasql_install(VARIADIC modules text[]) RETURNS TABLE(")


def test_every_function_is_described_and_has_an_example(db, database):
    with database.superuser() as superuser:
        names = [name for (name,) in superuser.execute("SELECT name FROM iasql.iasql_help()").fetchall()]
    assert set(OF_THE_SUPERUSER) < set(names)
    install(db, "aws_account")
    for name, row in helped(db).items():
        assert row["description"] and "Example:" not in row["description"], name
        assert row["sample_usage"] and row["sample_usage"].endswith(";") and name in row["sample_usage"], name


def test_what_installed_modules_bring_is_listed(db):
    assert "default_aws_region" not in helped(db)
    install(db, "aws_account")
    assert "default_aws_region" in helped(db)
    signatures = rows(db, "SELECT signature FROM iasql_help() WHERE name = 'default_aws_region'")
    assert [row["signature"] for row in signatures] == [
        "default_aws_region() RETURNS text",
        "default_aws_region(new_default text) RETURNS text",
    ]


def test_every_example_works(db):
    examples = {name: row["sample_usage"] for name, row in helped(db).items()}
    first = ["iasql_install"]
    others = sorted(set(examples) - set(first) - set(LAST))
    for name in [*first, *others, *LAST]:
        db.execute(examples[name])
    # What the modules bring is there now.
    install(db, "aws_account")
    (sample,) = rows(db, "SELECT sample_usage FROM iasql_help() WHERE signature = 'default_aws_region() RETURNS text'")
    assert value(db, sample["sample_usage"]) == "eu-west-2"


def test_a_role_sees_what_it_was_granted(db, database):
    with database.superuser() as superuser:
        superuser.execute("CREATE ROLE iasql_test_reader")
        try:
            db.execute("GRANT USAGE ON SCHEMA iasql TO iasql_test_reader")
            db.execute("GRANT EXECUTE ON FUNCTION iasql.iasql_plan(), iasql.iasql_help() TO iasql_test_reader")
            superuser.execute("SET ROLE iasql_test_reader")
            listed = superuser.execute("SELECT name FROM iasql_help()").fetchall()
            assert listed == [("iasql_help",), ("iasql_plan",)]
        finally:
            superuser.execute("RESET ROLE")
            db.execute("REVOKE USAGE ON SCHEMA iasql FROM iasql_test_reader")
            db.execute("REVOKE EXECUTE ON FUNCTION iasql.iasql_plan(), iasql.iasql_help() FROM iasql_test_reader")
            superuser.execute("DROP ROLE iasql_test_reader")
