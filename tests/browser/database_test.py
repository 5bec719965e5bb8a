"""One database in the browser: modules, plan, apply, progress, history, picture, queries; light, dark, narrow, by keyboard."""

import os
import subprocess

import psycopg
import pytest
from playwright.sync_api import expect

from environments import environment
from proxy import error
from server import SOURCE, PATIENCE

LONG = PATIENCE * 1000
TABS = ["modules", "plan", "graph", "history", "query", "settings"]


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The source of axe-core, from npm with the hash of its lock file."""
    folder = tmp_path_factory.mktemp("axe")
    for file in (SOURCE / "tests" / "browser" / "axe").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    subprocess.run(
        [environment("node") / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        env={**os.environ, "PATH": f"{environment('node')}:{os.environ['PATH']}"},
        check=True,
    )
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page, axe):
    page.evaluate(axe)  # the page's policy forbids scripts of others; the debugger's are not asked
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


@pytest.fixture(scope="module")
def owner(database):
    url = "postgres://{role}:{password}@{host}:{port}/{database}".format(**database)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def installed(owner):
    owner.execute("SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch', 'aws_vpc')")


def open_tab(page, database, tab):
    page.goto(f"/#/database/{database['database']}/{tab}")
    page.get_by_role("heading", level=1, name="shop").wait_for()


def test_modules_are_installed_with_the_mouse(logged_in, database):
    page = logged_in
    open_tab(page, database, "modules")
    page.get_by_label("aws_ecr").check()
    page.get_by_role("button", name="Install…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nothing in AWS changes")
    dialog.get_by_role("button", name="Install").click()
    expect(page.get_by_role("region", name="Installed modules")).to_contain_text("repository", timeout=LONG)


def test_a_plan_is_shown_applied_and_remembered(logged_in, database, owner, installed, screenshot, emulator, key):
    page = logged_in
    owner.execute("INSERT INTO repository (repository_name) VALUES ('seen-in-the-plan')")
    open_tab(page, database, "plan")
    expect(page.get_by_role("article")).to_contain_text("seen-in-the-plan")
    screenshot(page, "plan")
    page.get_by_role("button", name="Apply…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("create repository seen-in-the-plan")
    screenshot(page, "apply-asks")
    dialog.get_by_role("button", name="Apply").click()
    run = page.get_by_role("region", name="Apply", exact=True)
    expect(run).to_contain_text("done", timeout=LONG)
    expect(run).to_contain_text("ecr:CreateRepository")
    expect(page.get_by_text("Nothing is pending")).to_be_visible()
    screenshot(page, "applied")
    open_tab(page, database, "history")
    expect(page.get_by_role("region", name="History")).to_contain_text("seen-in-the-plan")
    screenshot(page, "history")


def test_what_loses_data_is_said_and_asked_for(logged_in, database, owner, installed, screenshot):
    page = logged_in
    owner.execute("INSERT INTO log_group (log_group_name) VALUES ('logs')")
    owner.execute("SELECT * FROM iasql_apply()")
    owner.execute("DELETE FROM log_group WHERE log_group_name = 'logs'")
    open_tab(page, database, "plan")
    expect(page.get_by_text("This loses data in AWS")).to_be_visible()
    screenshot(page, "plan-loses-data")
    page.get_by_role("button", name="Apply…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_be_visible()  # the box is not ticked
    dialog.get_by_label("I know that data is lost").check()
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Nothing is pending")).to_be_visible(timeout=LONG)
    assert owner.execute("SELECT * FROM iasql_plan_apply()").fetchall() == []


def test_an_error_of_aws_is_shown_in_its_words(logged_in, database, owner, installed, aws, screenshot):
    page = logged_in
    owner.execute("INSERT INTO repository (repository_name) VALUES ('refused')")
    aws.on("CreateRepository", error("InvalidTagParameterException", "an invalid parameter was specified"))
    open_tab(page, database, "plan")
    page.get_by_role("button", name="Apply…").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    run = page.get_by_role("region", name="Apply", exact=True)
    expect(run.get_by_role("alert")).to_contain_text("an invalid parameter was specified", timeout=LONG)
    screenshot(page, "apply-failed")
    owner.execute("DELETE FROM repository WHERE repository_name = 'refused'")


def test_only_the_plan_that_was_seen_is_applied(administrator, database, owner, installed):
    path = f"/api/databases/{database['database']}"
    owner.execute("INSERT INTO repository (repository_name) VALUES ('seen')")
    digest = administrator.send("GET", f"{path}/plan")[1]["digest"]
    owner.execute("INSERT INTO repository (repository_name) VALUES ('not-seen')")
    assert administrator.send("POST", f"{path}/runs", {"kind": "apply", "digest": digest})[0] == 202
    while (run := administrator.send("GET", f"{path}/progress")[1]["run"])["state"] == "running":
        pass
    assert run["state"] == "failed" and "nothing was applied" in run["error"]["message"]
    assert len(owner.execute("SELECT * FROM iasql_plan_apply()").fetchall()) == 2
    owner.execute("DELETE FROM repository WHERE repository_name IN ('seen', 'not-seen')")


def test_queries_are_run(logged_in, database, installed, screenshot):
    page = logged_in
    open_tab(page, database, "query")
    page.get_by_label("SQL").fill("SELECT n, '<img src=x onerror=alert(1)>' AS html, NULL AS nothing FROM generate_series(1, 600) AS n")
    page.get_by_label("SQL").press("Control+Enter")
    expect(page.get_by_text("500 rows; there are more")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("cell", name="<img src=x onerror=alert(1)>").first).to_be_visible()
    page.get_by_label("SQL").fill("SELECT * FROM nowhere")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").filter(has_text='relation "nowhere" does not exist')).to_be_visible()
    screenshot(page, "query-failed")


# Each as one statement, as the console sends it. Whatever it answers, it must not be the superuser's doing.
HOSTILE = [
    "RESET ROLE",
    "SET ROLE iasql_operator",
    "SET SESSION AUTHORIZATION iasql_operator",
    "DO $$ BEGIN EXECUTE 'RESET ROLE'; EXECUTE 'RESET SESSION AUTHORIZATION'; EXECUTE 'ALTER ROLE ' || session_user || ' SUPERUSER'; END $$",
    "DO $$ BEGIN EXECUTE 'SET ROLE NONE'; PERFORM pg_read_file('postgresql.conf'); END $$",
    "DO $$ BEGIN EXECUTE 'RESET ROLE'; EXECUTE $c$COPY pg_class TO PROGRAM 'true'$c$; END $$",
    "DO $$ BEGIN EXECUTE 'RESET ROLE'; PERFORM sealed FROM iasql.connection; END $$",
    "SELECT rolpassword FROM pg_authid",
    "COPY pg_class TO STDOUT",
    "SELECT 1; DROP TABLE repository",
    "CREATE TABLE written (a int)",
    "SET TRANSACTION READ WRITE",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT pg_sleep(3600)",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_query_has_the_owners_rights_and_no_more(statement, administrator, database, installed, owner):
    path = f"/api/databases/{database['database']}/query"
    status, answer = administrator.send("POST", path, {"statement": statement})
    if statement == "RESET ROLE":
        assert status == 200 and answer["rows"] == []
    else:
        assert status == 422, answer
    assert owner.execute("SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname <> 'iasql_operator'").fetchone() == (0,)
    assert owner.execute("SELECT to_regclass('written') IS NULL, to_regclass('repository') IS NOT NULL").fetchone() == (True, True)


def test_the_sessions_user_can_do_nothing_that_the_owner_cannot(administrator, database):
    path = f"/api/databases/{database['database']}/query"
    _, answer = administrator.send(
        "POST",
        path,
        {
            "statement": "SELECT session_user, current_user, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
            " (SELECT string_agg(roleid::regrole::text, ',') FROM pg_auth_members WHERE member = r.oid)"
            " FROM pg_roles AS r WHERE rolname = session_user"
        },
    )
    role = database["role"]
    assert answer["rows"] == [[f"{role}_console", role, "f", role]]


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_every_view_is_accessible(look, logged_in, database, owner, installed, own_key, axe, screenshot):
    page = logged_in
    owner.execute("INSERT INTO repository (repository_name) VALUES ('accessible') ON CONFLICT DO NOTHING")
    page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740} if look == "narrow" else {"width": 1280, "height": 900})
    found = {}

    def look_at(view, name):
        screenshot(page, f"{look}-{name}")
        if problems := violations(page, axe):
            found[view] = problems
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), view

    for view in ["", "connect", "users", "password", *(f"database/{database['database']}/{tab}" for tab in TABS)]:
        page.goto(f"/#/{view}")
        page.reload()  # so that what is looked for is not the view before
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        look_at(view, view.split("/")[-1] or "accounts")
        if view == "connect":
            page.get_by_text("Further regions").click()
            page.get_by_label("With a role").check()
            page.get_by_label("Region").select_option("eu-west-2")
            page.get_by_label("Role ARN").fill("arn:aws:iam::123456789012:role/for-iasql")
            page.get_by_role("button", name="Show the trust policy").click()
            page.locator("#trust-policy").wait_for()
            look_at("connect by role", "connect-role")
    assert found == {}
    owner.execute("DELETE FROM repository WHERE repository_name = 'accessible'")


def press_until(page, name):
    """Tab until what has the focus is called so."""
    for _ in range(60):
        if name == page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name}")


def test_everything_is_reached_with_the_keyboard(page, console, database, installed):
    page.goto("/")
    page.get_by_role("heading", name="Log in").wait_for()
    press_until(page, "User")
    page.keyboard.type(console.user)
    page.keyboard.press("Tab")
    page.keyboard.type(console.password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Connected accounts").wait_for()
    press_until(page, "shop")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Installed modules").wait_for()
    press_until(page, "Sync…")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    press_until(page, "Query")
    page.keyboard.press("Enter")
    page.get_by_label("SQL").wait_for()
    press_until(page, "SQL")
    page.keyboard.type("SELECT 'typed'")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("cell", name="typed")).to_be_visible()
    press_until(page, "Log out")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Log in").wait_for()
