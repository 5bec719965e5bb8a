"""Fixtures of the browser tests: a real server and console, the emulator with its signature check on behind a proxy that can
be told to fail, and Debian's Chromium."""

import os
import pathlib

import boto3
import playwright.sync_api
import pytest

from console import Client, Console
from proxy import Proxy
from server import REGION, SOURCE, Emulator, Server

SCREENSHOTS = pathlib.Path(os.environ.get("IASQL_SCREENSHOTS", SOURCE / "build" / "screenshots"))
CHROMIUM = os.environ.get("IASQL_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def server():
    server = Server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def emulator():
    """It checks signatures after the four requests that make the key."""
    emulator = Emulator("--authenticate-after", "4")
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def key(emulator):
    """The access key of an administrator of the emulator's account."""
    iam = boto3.client("iam", region_name=REGION, endpoint_url=emulator.url, aws_access_key_id="x", aws_secret_access_key="x")
    iam.create_user(UserName="tester")
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    arn = iam.create_policy(PolicyName="everything", PolicyDocument=policy)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="tester", PolicyArn=arn)
    made = iam.create_access_key(UserName="tester")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def client_of_key(emulator, key):
    """boto3's IAM with that key."""
    return boto3.client("iam", region_name=REGION, endpoint_url=emulator.url, aws_access_key_id=key[0], aws_secret_access_key=key[1])


@pytest.fixture(scope="session")
def role(emulator, key):
    """The ARN of a role that may do everything."""
    iam = client_of_key(emulator, key)
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
    arn = iam.create_role(RoleName="for-iasql", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="for-iasql", PolicyArn="arn:aws:iam::123456789012:policy/everything")
    return arn


@pytest.fixture
def own_key(server, key):
    """The server's own key, with which it assumes roles, in its file."""
    with server.own_key(*key) as file:
        yield file


@pytest.fixture(scope="session")
def aws(emulator, key):
    proxy = Proxy(emulator.url)
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def console(server, aws):
    console = Console(server, aws.url)
    yield console
    console.stop()


@pytest.fixture(scope="session")
def administrator(console):
    client = Client(console)
    assert client.log_in(console.user, console.password)[0] == 200
    return client


@pytest.fixture(scope="session")
def chromium():
    with playwright.sync_api.sync_playwright() as driver:
        # Chromium's own sandbox needs rights that root in a container has not; every page here is ours.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(chromium, console):
    """What a browser keeps of the administrator's login, made with the page's form: there may be only so many a minute."""
    context = chromium.new_context(base_url=console.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User").fill(console.user)
    page.get_by_label("Password").fill(console.password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Connected accounts").wait_for()
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def page(chromium, console):
    """A page of a browser without cookies. A script error, or a request to anybody else, fails the test."""
    context = chromium.new_context(base_url=console.url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("request", lambda request: problems.append(request.url) if not request.url.startswith(console.url) else None)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def logged_in(page, cookies):
    page.context.add_cookies(cookies)
    return page


@pytest.fixture
def screenshot():
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take


@pytest.fixture(scope="session")
def database(administrator, key):
    """A database that the administrator connected, and its login."""
    status, login = administrator.send(
        "POST", "/api/databases", {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION, "alias": "shop"}
    )
    assert status == 200, login
    return login
