"""`iasql connect --profile`: keys, roles, programs, sign-ons and metadata services of the operator's own AWS files, against
an emulator that checks signatures."""

import datetime
import http.server
import json
import os
import re
import subprocess
import threading

import psycopg
import pytest

from server import IASQL, REGION, Emulator

CONNECTION_STRING = re.compile(r"postgres://[a-z0-9]+:[A-Za-z0-9]+@127\.0\.0\.1:\d+/(_[0-9a-f]{16})\n")
ACCOUNT = "123456789012"
EXTERNAL_ID = "an-external-id"
NOBODYS_KEY = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"


@pytest.fixture(scope="module")
def someone():
    """An emulator that checks signatures, a user's key in it, and a role that the user may assume."""
    setting_up = 5  # calls
    emulator = Emulator("--authenticate-after", str(setting_up))
    iam = emulator.client("iam")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/someone"},
        "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    }
    iam.create_user(UserName="someone")
    key = iam.create_access_key(UserName="someone")["AccessKey"]
    iam.put_user_policy(UserName="someone", PolicyName="all", PolicyDocument=everything)
    iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    iam.put_role_policy(RoleName="deployer", PolicyName="all", PolicyDocument=everything)
    emulator.id, emulator.secret = key["AccessKeyId"], key["SecretAccessKey"]
    emulator.keys = f"aws_access_key_id = {emulator.id}\naws_secret_access_key = {emulator.secret}\n"
    yield emulator
    emulator.stop()


@pytest.fixture
def operator(server, someone, tmp_path):
    """Runs `iasql connect` with a home directory of its own; gives the stored key's id and region, and what was said."""

    class Operator:
        home = tmp_path

        def __init__(self):
            self.databases = []
            (tmp_path / ".aws").mkdir()

        def write(self, name, text):
            (tmp_path / ".aws" / name).write_text(text)

        def run(self, *arguments, **environment):
            settings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            settings |= {"HOME": str(tmp_path), "AWS_ENDPOINT_URL": someone.url, "AWS_EC2_METADATA_DISABLED": "true"}
            return subprocess.run(
                [IASQL, "connect", *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env={**settings, "IASQL_DATA": str(server.data), **environment},
                timeout=180,
            )

        def connect(self, *arguments, **environment):
            finished = self.run(*arguments, **environment)
            assert finished.returncode == 0, finished.stderr
            url = finished.stdout
            database = CONNECTION_STRING.fullmatch(url)[1]
            self.databases.append(database)
            with psycopg.connect(url.strip()) as connection:
                (regions,) = connection.execute("SELECT count(*) FROM iasql_install('aws_account')").fetchone()
            assert regions > 0  # the stored key is good for calls of the database itself
            with server.superuser(database) as connection:
                key, region = connection.execute("SELECT access_key_id, region FROM iasql.connection").fetchone()
            return key, region, finished.stderr

        def fail(self, *arguments, **environment):
            before = server.iasql("databases")
            finished = self.run(*arguments, **environment)
            assert finished.returncode != 0 and finished.stdout == ""
            assert server.iasql("databases") == before
            assert someone.secret not in finished.stderr
            return finished.stderr

    operator = Operator()
    yield operator
    for database in operator.databases:
        server.iasql("disconnect", database, "--yes")


def test_the_tutorials_file_is_enough(operator, someone):
    operator.write("credentials", f"[default]\n{someone.keys}")
    assert operator.connect("--profile", "default", "--region", REGION)[:2] == (someone.id, REGION)


def test_the_region_is_the_profiles(operator, someone):
    operator.write("credentials", f"[default]\n{NOBODYS_KEY}[work]\n{someone.keys}")
    operator.write("config", "[default]\nregion = us-east-1\n[profile work]\nregion = eu-west-1\noutput = json\n")
    key, region, said = operator.connect("--profile", "work", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="x")
    assert (key, region) == (someone.id, "eu-west-1")
    assert "temporary" not in said
    assert operator.connect("--profile", "work", "--region", REGION)[:2] == (someone.id, REGION)


def test_the_profiles_endpoint_is_where_the_account_is(operator, someone):
    operator.write("config", f"[default]\nregion = {REGION}\nendpoint_url = {someone.url}\n{someone.keys}")
    assert operator.connect("--profile", "default", AWS_ENDPOINT_URL="")[0] == someone.id


def test_a_role_is_assumed_with_the_keys_of_its_source(operator, someone):
    operator.write(
        "config",
        f"[profile work]\nregion = {REGION}\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deployer\nsource_profile = base\n"
        f"external_id = {EXTERNAL_ID}\nduration_seconds = 900\n[profile base]\n{someone.keys}",
    )
    before = datetime.datetime.now(datetime.timezone.utc)
    key, _, said = operator.connect("--profile", "work")
    assert key.startswith("ASIA") and key != someone.id
    expires = datetime.datetime.fromisoformat(re.search(r"AWS takes them until (\S+)Z", said)[1] + "+00:00")
    assert datetime.timedelta(minutes=14) < expires - before < datetime.timedelta(minutes=17)


def test_a_program_may_print_the_keys(operator, someone):
    keys = operator.home / "keys of someone.json"
    keys.write_text(json.dumps({"Version": 1, "AccessKeyId": someone.id, "SecretAccessKey": someone.secret}))
    operator.write("config", f"[profile work]\nregion = {REGION}\ncredential_process = cat '{keys}'\n")
    assert operator.connect("--profile", "work")[0] == someone.id
    operator.write("config", f"[profile work]\nregion = {REGION}\ncredential_process = cat '{keys}' /no/such/file\n")
    assert "its credential_process ended with exit status 1" in operator.fail("--profile", "work")


class Metadata(http.server.BaseHTTPRequestHandler):
    """The service beside an instance, and the one beside a container, giving `document` to whoever has the token."""

    def do_PUT(self):
        granted = self.path == "/latest/api/token" and self.headers["x-aws-ec2-metadata-token-ttl-seconds"]
        self.answer(200 if granted else 400, "the-token" if granted else "")

    def do_GET(self):
        role = "/latest/meta-data/iam/security-credentials/"
        if self.path == "/container":
            known, body = self.headers["Authorization"] == "the-token", self.server.document
        else:
            known = self.headers["x-aws-ec2-metadata-token"] == "the-token"
            body = {role: "deployer", f"{role}deployer": self.server.document}.get(self.path, "")
        self.answer(200 if known else 401, body if known else "")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def metadata(someone):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=6)
    server.document = json.dumps(
        {"AccessKeyId": someone.id, "SecretAccessKey": someone.secret, "Token": "", "Expiration": expires.isoformat()}
    )
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_metadata_services_of_an_instance_and_a_container(operator, someone, metadata):
    operator.write("config", f"[default]\nregion = {REGION}\n")
    instance = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url}
    key, _, said = operator.connect("--profile", "default", **instance)
    assert key == someone.id and "temporary" in said
    container = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{metadata.url}/container"}
    token = {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "the-token"}
    assert operator.connect("--profile", "default", **container, **token)[0] == someone.id
    assert "has status 401" in operator.fail("--profile", "default", **container)


def test_what_cannot_be_used_is_said_and_makes_nothing(operator, someone):
    operator.write("credentials", f"[nobody]\n{NOBODYS_KEY}[half]\naws_access_key_id = {someone.id}\n[none]\n")
    operator.write(
        "config",
        "[default]\nregion = eu-west-2\n"
        "[profile signed]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\nregion = eu-west-2\n"
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
        "[profile round]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = trip\n"
        "[profile trip]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = round\n",
    )
    there = ("--region", REGION, "--profile")
    assert "InvalidClientTokenId" in operator.fail(*there, "nobody")
    assert "has no aws_secret_access_key" in operator.fail(*there, "half")
    missing = operator.fail(*there, "nobdy")
    assert "there is no profile nobdy" in missing and "Is it nobody?" in missing
    assert "aws sso login --profile signed" in operator.fail(*there, "signed")
    assert "round -> trip -> round" in operator.fail(*there, "round")
    nothing = operator.fail(*there, "none")
    for tried in ("credentials file:", "role:", "instance: AWS_EC2_METADATA_DISABLED is true"):
        assert tried in nothing
    operator.write("credentials", f"[default]\n{someone.secret}\n")
    assert "credentials: line 2: neither a [section] nor a setting" in operator.fail(*there, "default")


def test_a_refused_role_is_awss_word(operator, someone):
    role = f"arn:aws:iam::{ACCOUNT}:role/deployer"
    work = f"[profile work]\nregion = {REGION}\nrole_arn = {role}\nsource_profile = base\n"
    operator.write("config", f"{work}[profile base]\n{NOBODYS_KEY}")
    assert f"cannot assume role {role}: InvalidClientTokenId" in operator.fail("--profile", "work")
    operator.write("config", f"{work}external_id = another\n[profile base]\n{someone.keys}")
    assert f"cannot assume role {role}: AccessDenied" in operator.fail("--profile", "work")
