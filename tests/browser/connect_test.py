"""Connecting an account with the form, and everything that can be wrong with a key."""

import psycopg
import pytest
from playwright.sync_api import expect

from proxy import error
from server import REGION


def fill(page, key_id, secret, region=REGION, token="", name=""):
    page.goto("/#/connect")
    page.get_by_label("Access key id").fill(key_id)
    page.get_by_label("Secret access key").fill(secret)
    page.get_by_label("Session token").fill(token)
    page.get_by_label("Region").fill(region)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Connect account").click()


def everything_made(server):
    with server.superuser() as connection:
        return connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^_' UNION ALL SELECT rolname FROM pg_roles WHERE oid >= 16384"
        ).fetchall()


def test_a_good_key_gives_a_connection_string_that_works_and_is_shown_once(logged_in, key, screenshot):
    page = logged_in
    fill(page, *key, name="once")
    page.get_by_role("heading", name="Connected", exact=True).wait_for(timeout=60_000)
    string = page.locator("#connection-string").inner_text()
    expect(page.get_by_text("the password is not shown again")).to_be_visible()
    screenshot(page, "connected")
    page.get_by_role("button", name="Copy Connection string").click()
    assert page.evaluate("navigator.clipboard.readText()") == string
    with psycopg.connect(string) as connection:
        assert connection.execute("SELECT version FROM iasql_version()").fetchone()[0]
        (user,) = connection.execute("SELECT session_user").fetchone()
    assert page.locator("#psql").inner_text() == f"psql '{string}'"
    password = string.split(":")[2].split("@")[0]
    assert f"DB_USER={user}\nDB_PASSWORD={password}" in page.locator("#environment").inner_text()

    page.reload()
    page.get_by_role("heading", name="Connect account").wait_for()
    assert password not in page.content()
    page.get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="once").click()
    page.get_by_role("heading", name="Installed modules").wait_for()
    assert password not in page.content()
    page.go_back()
    page.get_by_role("heading", name="Connected accounts").wait_for()
    assert password not in page.content()


REFUSED = {
    "wrong secret": (dict(secret="wrong" * 8), "SignatureDoesNotMatch"),
    "unknown key": (dict(key_id="AKIAUNKNOWNUNKNOWN00"), "InvalidClientTokenId"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_key_is_refused_in_the_words_of_aws_and_nothing_is_left(case, logged_in, key, server, screenshot):
    changed, words = REFUSED[case]
    before = everything_made(server)
    fill(logged_in, **{"key_id": key[0], "secret": key[1], **changed})
    expect(logged_in.get_by_role("alert")).to_contain_text(words, timeout=60_000)
    screenshot(logged_in, f"refused-{case.replace(' ', '-')}")
    assert everything_made(server) == before


def test_what_is_no_region_is_not_even_sent(logged_in, key):
    fill(logged_in, *key, region="nowhere")
    assert logged_in.get_by_label("Region").evaluate("field => field.validity.patternMismatch")


def test_a_wrong_region_is_refused(administrator, key, server):
    before = everything_made(server)
    for region in ("nowhere", "eu-west-2a", ""):
        status, answer = administrator.send(
            "POST", "/api/databases", {"access_key_id": key[0], "secret_access_key": key[1], "region": region}
        )
        assert status == 422 and "region" in answer["error"]["message"], answer
    assert everything_made(server) == before


def test_an_expired_token_is_refused_in_the_words_of_aws(logged_in, key, aws, server):
    before = everything_made(server)
    aws.on("GetCallerIdentity", error("ExpiredToken", "The security token included in the request is expired", 403))
    fill(logged_in, *key, token="FwoGZXIvYXdzEXPIRED")
    expect(logged_in.get_by_role("alert")).to_contain_text("The security token included in the request is expired", timeout=60_000)
    assert everything_made(server) == before


def test_when_aws_does_not_answer_the_page_says_so(logged_in, key, aws, server):
    before = everything_made(server)
    aws.down()
    try:
        fill(logged_in, *key)
        expect(logged_in.get_by_role("alert")).to_contain_text("cannot check the key", timeout=60_000)
    finally:
        aws.up()
    assert everything_made(server) == before
    fill(logged_in, *key)
    logged_in.get_by_role("heading", name="Connected", exact=True).wait_for(timeout=60_000)


def test_a_new_password_ends_the_old_one(logged_in, key):
    page = logged_in
    fill(page, *key, name="rotated")
    old = page.locator("#connection-string").inner_text(timeout=60_000)
    page.get_by_role("link", name="Go to the database").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="New password…").click()
    page.get_by_role("dialog").get_by_role("button", name="New password").click()
    new = page.locator("#connection-string").inner_text(timeout=60_000)
    assert new != old
    with psycopg.connect(new) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(old)


def test_disconnecting_asks_for_the_name(logged_in, key, server):
    page = logged_in
    fill(page, *key, name="short lived")
    page.get_by_role("link", name="Go to the database").click(timeout=60_000)
    page.get_by_role("heading", name="short lived").wait_for()
    name = page.url.split("/")[-2]
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Disconnect…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    assert (name,) in everything_made(server)
    page.get_by_role("button", name="Disconnect…").click()
    dialog.get_by_role("textbox").fill(name)
    dialog.get_by_role("button", name="Disconnect").click()
    page.get_by_role("heading", name="Connected accounts").wait_for()
    assert (name,) not in everything_made(server)
