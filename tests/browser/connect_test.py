"""Connecting an account with the form, and everything that can be wrong with a key."""

import json
import types

import psycopg
import pytest
from playwright.sync_api import expect

from conftest import client_of_key
from console import Client
from proxy import FOREVER, Moment, error
from server import REGION, CommandFailed, wait_until


def fill(page, key_id, secret, region=REGION, token="", name=""):
    page.goto("/#/connect")
    page.get_by_label("Access key id").fill(key_id)
    page.get_by_label("Secret access key").fill(secret)
    page.get_by_label("Session token").fill(token)
    page.get_by_label("Region").select_option(region)
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


def test_the_regions_are_those_of_aws_and_without_one_nothing_is_sent(logged_in, key):
    page = logged_in
    page.goto("/#/connect")
    region = page.get_by_label("Region")
    region.wait_for()
    groups = {
        group.get_attribute("label"): group.locator("option").all_inner_texts()
        for group in region.locator("optgroup").all()
    }
    assert {"us-east-1", "eu-west-2", "ap-northeast-1"} <= set(groups["aws"])
    assert set(groups["aws-cn"]) == {"cn-north-1", "cn-northwest-1"}
    assert not [name for names in groups.values() for name in names if "global" in name]
    fill(page, *key, region="")
    assert region.evaluate("field => field.validity.valueMissing")


WRONG_REGIONS = {
    "nowhere": "nowhere is no AWS region",
    "eu-west-2a": "Did you mean eu-west-2?",
    "eu-wset-2": "Did you mean eu-west-2?",  # of a region's form, and the endpoint would not mind
    "aws-global": "aws-global is no AWS region",
    "": "which region?",
}


@pytest.mark.parametrize("region", WRONG_REGIONS)
def test_a_wrong_region_is_refused_with_the_nearest(region, administrator, key, server):
    before = everything_made(server)
    form = {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION}
    for asked in ({"region": region}, {"further_regions": [region]}):
        status, answer = administrator.send("POST", "/api/databases", form | asked)
        assert status == 422 and WRONG_REGIONS[region] in json.dumps(answer["error"]), answer
    assert everything_made(server) == before


@pytest.mark.parametrize("further", [[REGION], ["eu-west-1", "eu-west-1"], ["cn-north-1"]])
def test_regions_that_do_not_go_together(further, administrator, key, server):
    before = everything_made(server)
    form = {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION, "further_regions": further}
    status, answer = administrator.send("POST", "/api/databases", form)
    assert status == 422 and ("twice" in answer["error"]["message"] or "partitions" in answer["error"]["message"])
    assert everything_made(server) == before


def regions_of(connection):
    return connection.execute("SELECT region, is_default FROM aws_regions WHERE is_enabled ORDER BY 1").fetchall()


def test_further_regions_are_enabled_from_the_beginning(logged_in, key, screenshot, aws):
    page = logged_in
    page.goto("/#/connect")
    page.get_by_label("Access key id").fill(key[0])
    page.get_by_label("Secret access key").fill(key[1])
    page.get_by_label("Region").select_option(REGION)
    page.get_by_text("Further regions").click()
    assert page.get_by_label(REGION, exact=True).count() == 0, "the home region is chosen already"
    page.get_by_label("us-east-1", exact=True).check()
    page.get_by_label("eu-west-1", exact=True).check()
    screenshot(page, "connect-regions")
    page.get_by_label("Name", exact=True).fill("three regions")
    page.get_by_role("button", name="Connect account").click()
    string = page.locator("#connection-string").inner_text(timeout=60_000)
    with psycopg.connect(string, autocommit=True) as connection:
        assert regions_of(connection) == [("eu-west-1", False), (REGION, True), ("us-east-1", False)]
        # The table is its user's own, as if he had installed the module himself.
        connection.execute("UPDATE aws_regions SET is_enabled = false WHERE region = 'us-east-1'")
        assert connection.execute("SELECT * FROM iasql_plan_apply()").fetchall() == []


def test_the_command_line_takes_several_regions(server, aws, key):
    regions = ("--region", REGION, "--region", "us-west-2")
    url = server.iasql("connect", "--access-key-id", key[0], *regions, input=key[1], AWS_ENDPOINT_URL=aws.url).strip()
    with psycopg.connect(url, autocommit=True) as connection:
        assert regions_of(connection) == [(REGION, True), ("us-west-2", False)]
    with pytest.raises(CommandFailed, match="further regions are for a new database"):
        server.iasql("connect", "--access-key-id", key[0], *regions, "--database", url.rpartition("/")[2], input=key[1])
    with pytest.raises(CommandFailed, match="Did you mean eu-west-2"):
        server.iasql("connect", "--access-key-id", key[0], "--region", "eu-wset-2", input=key[1])


def test_when_a_further_region_cannot_be_enabled_nothing_is_left(administrator, key, server, aws):
    """AWS refuses to list the regions: the database was made by then."""
    before = everything_made(server)
    aws.on("DescribeRegions", error("UnauthorizedOperation", "You are not authorized to perform this operation", 403))
    form = {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION, "further_regions": ["eu-west-1"]}
    status, answer = administrator.send("POST", "/api/databases", form)
    assert status == 422 and "You are not authorized" in answer["error"]["message"], answer
    assert everything_made(server) == before


def choose_role(page, arn):
    # Another view first: an empty form, which no second one replaces while it is filled in.
    page.goto("/#/")
    page.get_by_role("heading", name="Connected accounts").wait_for()
    page.goto("/#/connect")
    page.get_by_label("With a role").check()
    page.get_by_label("Role ARN").fill(arn)
    page.get_by_label("Region").select_option(REGION)


@pytest.fixture
def trusting(aws):
    """The role's trust policy, which the emulator does not read: the external id that it asks for."""
    policy = types.SimpleNamespace(external_id=None)

    def judge(exchange):
        if exchange.call.parameter("ExternalId") == policy.external_id:
            return exchange.send(exchange.forward())
        return error("AccessDenied", "User is not authorized to perform: sts:AssumeRole", 403)(exchange)

    aws.on("AssumeRole", judge, times=FOREVER)
    yield policy
    aws.clear()


def test_a_role_is_connected_with_the_external_id_that_was_shown(logged_in, role, own_key, trusting, server, screenshot):
    page = logged_in
    choose_role(page, role)
    expect(page.get_by_label("Secret access key")).to_be_hidden()
    page.get_by_role("button", name="Show the trust policy").click()
    external_id = page.locator("#external-id").inner_text(timeout=60_000)
    policy = json.loads(page.locator("#trust-policy").inner_text())
    (statement,) = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": external_id}}
    assert statement["Principal"] == {"AWS": "123456789012"}, "the server's account"
    page.get_by_role("button", name="Copy trust policy").click()
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == policy
    screenshot(page, "connect-role")
    before = everything_made(server)
    page.get_by_label("Name", exact=True).fill("by role")
    page.get_by_role("button", name="Connect account").click()
    expect(page.get_by_role("alert")).to_contain_text("not authorized to perform: sts:AssumeRole", timeout=60_000)
    screenshot(page, "connect-role-refused")
    assert everything_made(server) == before
    trusting.external_id = external_id  # the role's owner has pasted the policy
    page.get_by_role("button", name="Connect account").click()
    string = page.locator("#connection-string").inner_text(timeout=60_000)
    with psycopg.connect(string, autocommit=True) as connection:
        connection.execute("SELECT * FROM iasql_install('aws_account')")
        assert connection.execute("SELECT access_key_id FROM aws_account").fetchone() == (role,)
    # It is used up: the next connection has another one.
    choose_role(page, role)
    page.get_by_role("button", name="Show the trust policy").click()
    assert page.locator("#external-id").inner_text(timeout=60_000) != external_id


def test_nobody_connects_a_role_with_the_external_id_of_somebody_else(administrator, console, role, own_key, trusting, server):
    """The confused deputy: the owner of a role has put the id that he was shown into its trust policy; whoever else names
    that role does not get in by it."""
    _, made = administrator.send("POST", "/api/users", {"name": "mallory"})
    mallory = Client(console)
    assert mallory.log_in("mallory", made["password"])[0] == 200
    asked = {"role_arn": role, "region": REGION}
    _, offer = administrator.send("POST", "/api/external-ids", asked)
    trusting.external_id = offer["external_id"]
    assert administrator.send("POST", "/api/external-ids", asked)[1] == offer, "the same one as long as it is not used"
    _, others = mallory.send("POST", "/api/external-ids", asked)
    assert others["external_id"] != offer["external_id"]
    before = everything_made(server)
    for form in (asked, asked | {"external_id": offer["external_id"]}):
        status, answer = mallory.send("POST", "/api/databases", form)
        assert status == 422 and "sts:AssumeRole" in answer["error"]["message"], answer
        assert offer["external_id"] not in json.dumps(answer)
    assert everything_made(server) == before
    administrator.send("DELETE", "/api/users/mallory")
    _, made = administrator.send("POST", "/api/users", {"name": "mallory"})
    assert mallory.log_in("mallory", made["password"])[0] == 200
    _, namesakes = mallory.send("POST", "/api/external-ids", asked)
    assert namesakes["external_id"] not in (others["external_id"], offer["external_id"])


def test_without_a_key_of_its_own_the_server_says_how_to_give_it_one(administrator, role):
    status, answer = administrator.send("POST", "/api/external-ids", {"role_arn": role, "region": REGION})
    assert status == 502 and "no AWS key of its own" in answer["error"]["message"] and "keys/aws" in answer["error"]["hint"]


@pytest.mark.parametrize("arn", ["", "arn:aws:iam::123456789012:user/me", "arn:aws:iam::12:role/x"])
def test_what_is_no_roles_arn(arn, administrator):
    assert administrator.send("POST", "/api/external-ids", {"role_arn": arn, "region": REGION})[0] == 422


def state_of(page, name):
    return page.get_by_role("row").filter(has_text=name).locator(".state")


def test_the_list_says_when_aws_refuses_a_key(logged_in, key, aws, emulator, screenshot):
    """The key is deleted in AWS after the account was connected."""
    page = logged_in
    iam = client_of_key(emulator, key)
    own = iam.create_access_key(UserName="tester")["AccessKey"]
    fill(page, own["AccessKeyId"], own["SecretAccessKey"], name="soon refused")
    page.get_by_role("heading", name="Connected", exact=True).wait_for(timeout=60_000)
    page.goto("/#/")
    expect(state_of(page, "soon refused")).to_have_text("connected", timeout=60_000)
    iam.delete_access_key(UserName="tester", AccessKeyId=own["AccessKeyId"])
    fill(page, *key, name="still good")
    page.get_by_role("heading", name="Connected", exact=True).wait_for(timeout=60_000)

    def is_refused():
        page.goto("/#/")
        page.reload()
        expect(state_of(page, "still good")).to_have_text("connected", timeout=60_000)
        return "refused" in state_of(page, "soon refused").inner_text()

    wait_until(is_refused, "what AWS said is good for a while")
    expect(state_of(page, "soon refused")).to_contain_text("refused by AWS")
    expect(state_of(page, "soon refused")).to_contain_text("InvalidClientTokenId")
    page.set_viewport_size({"width": 1280, "height": 600})
    screenshot(page, "state-refused")
    page.get_by_role("link", name="soon refused").click()
    expect(page.get_by_role("alert")).to_contain_text("AWS refuses the connected key")
    screenshot(page, "state-refused-database")


def test_the_list_does_not_wait_for_aws(logged_in, key, aws, screenshot):
    page = logged_in
    fill(page, *key, name="slow")
    page.get_by_role("heading", name="Connected", exact=True).wait_for(timeout=60_000)
    pause = aws.pause("GetCallerIdentity", Moment.request)
    page.goto("/#/")
    expect(state_of(page, "slow")).to_have_text("asking AWS…")
    pause.reached()
    screenshot(page, "state-asking")
    pause.release()
    expect(state_of(page, "slow")).to_have_text("connected", timeout=60_000)


@pytest.mark.parametrize("stage, words", [("making", "being connected"), ("removing", "being disconnected")])
def test_the_list_says_what_is_being_done(stage, words, logged_in, server, database, screenshot):
    """As another process, which holds the row's lock, would leave it for a while."""
    page = logged_in
    with server.superuser() as connection, server.superuser() as holder:
        connection.autocommit = True
        name = database["database"]
        holder.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (name,))
        connection.execute("UPDATE hosted SET state = %s WHERE name = %s", (stage, name))
        try:
            page.goto("/#/")
            expect(state_of(page, "shop")).to_have_text(words)
            expect(page.get_by_role("link", name="shop")).to_have_count(0)
            screenshot(page, f"state-{stage}")
        finally:
            connection.execute("UPDATE hosted SET state = 'ready' WHERE name = %s", (name,))
        expect(state_of(page, "shop")).to_have_text("connected", timeout=60_000)


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
