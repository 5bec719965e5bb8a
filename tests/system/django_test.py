"""The example project, as the tutorial's Django part goes, with each Django and each driver that it is for."""

import json
import os
import re
import shutil
import subprocess
import urllib.request

import pytest

from django_project import COLUMNS, EXAMPLE, Project
from quickstart_objects import CREATES, assert_running, before  # noqa: F401, a fixture
from server import CommandFailed, free_port, rows, wait_until
from steps import assert_settled

OLDEST = "django32-psycopg2"  # too old for the models that come with the project: it has to make its own
NEWEST = "django52-psycopg3"
CLIENTS = [OLDEST, "django52-psycopg2", NEWEST]
every_client = pytest.mark.parametrize("client", CLIENTS)
atomic_or_not = pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not atomic"])


@pytest.fixture
def project(before, tmp_path, client, database):
    return Project(tmp_path, client, database)


def installed(db):
    return {row["module_name"] for row in rows(db, "SELECT module_name FROM iasql_modules_installed()")}


def assert_up(account, db, changes):
    assert sorted(change["table_name"] for change in changes) == CREATES
    assert {change["action"] for change in changes} == {"create"}
    assert all(list(change) == ["action", "table_name", "id", "description"] for change in changes)
    assert_running(account)
    assert_settled(db)


def assert_down(db, changes):
    assert sorted(change["table_name"] for change in changes) == CREATES
    assert {change["action"] for change in changes} == {"delete"}
    assert installed(db) <= {"aws_account", "aws_iam"}


@every_client
@atomic_or_not
@pytest.mark.parametrize("columns", [None, COLUMNS], ids=["every column", "the tutorial's columns"])
def test_up_and_down(account, db, project, atomic, columns):
    said = project.introspect(columns)
    assert re.findall(r"^\d", said, re.M) == list("13456789")  # no text column here has a length
    if not atomic:
        project.make_not_atomic()
    assert_up(account, db, project.migrate())
    assert_down(db, project.migrate("zero"))


@pytest.mark.parametrize("client", [NEWEST, "django52-psycopg2"])
def test_the_models_that_come_with_it(account, db, project):
    assert_up(account, db, project.migrate())
    assert_down(db, project.migrate("zero"))


@pytest.mark.parametrize("client", [NEWEST])
def test_the_models_are_what_inspectdb_makes_of_the_tables(project):
    """But for comments. After a change of the modules' tables: REGENERATE=1 makes them anew."""
    project.migrate("0002")
    if os.environ.get("REGENERATE"):
        project.introspect()
        for generated in (project.models, project.migrations / "0002_inspectdb.py"):
            shutil.copy(generated, EXAMPLE / generated.relative_to(project.folder))
    else:
        project.manage("makemigrations", "--check", "--dry-run", "infra")
        given = without_comments(project.models.read_text())
        project.models.write_text(project.manage("inspectdb", "--database=infra"))
        project.run("python", "tweak_models.py", "infra/models.py")
        assert without_comments(project.models.read_text()) == given
    project.migrate("zero")


def without_comments(models):
    text = r"""('(\\.|[^'\\])*'|"(\\.|[^"\\])*")"""
    return re.sub(rf"(, )?db_comment={text}|^ *db_table_comment = {text}\n", "", models, flags=re.M)


@every_client
@atomic_or_not
def test_a_failed_apply_fails_the_migration_and_the_next_run_goes_on(account, db, project, client, atomic):
    if client == OLDEST:
        project.introspect()
    if not atomic:
        project.make_not_atomic()
    project.migrate("0002")
    ec2 = account.client("ec2")
    group = ec2.create_security_group(GroupName="quickstart-security-group", Description="Made by somebody else")["GroupId"]
    with pytest.raises(CommandFailed) as caught:
        project.migrate()
    assert "quickstart-security-group" in caught.value.errors
    assert "description" in caught.value.errors
    assert "[X] 0003" not in project.manage("showmigrations", "--database", "infra", "infra")

    ec2.delete_security_group(GroupId=group)
    project.migrate()
    assert_running(account)
    assert_settled(db)
    assert_down(db, project.migrate("zero"))


@pytest.mark.parametrize("client", [NEWEST])
def test_another_name(account, db, project):
    with (project.folder / ".env").open("a") as settings:
        settings.write("IASQL_PROJECT_NAME=another-name\n")
    project.migrate()
    assert_running(account, "another-name")
    assert_down(db, project.migrate("zero"))


@pytest.mark.parametrize("client", [NEWEST])
def test_a_tweak_that_finds_nothing_says_so(project):
    project.models.write_text("from django.db import models\n\n\nclass Role(models.Model):\n    attached_policies_arns = 1\n")
    with pytest.raises(CommandFailed) as caught:
        project.run("python", "tweak_models.py", "infra/models.py")
    assert re.findall(r"^(\d)\. .*: nothing to change$", caught.value.errors, re.M) == ["1", "2"]
    assert re.findall(r"^(\d)\. .*: NOT FOUND$", caught.value.errors, re.M) == ["4", "5", "7", "8", "9"]
    assert re.findall(r"^(\d)\. .*: 1$", caught.value.output, re.M) == ["3", "6"]
    assert "    attached_policies_arns = ArrayField(models.TextField())\n" in project.models.read_text()


@pytest.mark.parametrize("client", [NEWEST])
@pytest.mark.parametrize("server", ["runserver", "as in the image"])
def test_health(tmp_path, client, server):
    project = Project(tmp_path, client)  # without .env, as in the image
    port = free_port()
    if server == "runserver":
        command = ["python", "manage.py", "runserver", "--noreload", str(port)]
    else:
        dockerfile = (project.folder / "Dockerfile").read_text()
        command = json.loads(re.search(r"^CMD (.*)$", dockerfile, re.M)[1].replace("0.0.0.0:8088", f"127.0.0.1:{port}"))
    program, *arguments = command
    process = subprocess.Popen([project.programs / program, *arguments], cwd=project.folder, env=project.environment())
    try:
        status, body = wait_until(lambda: answer(f"http://127.0.0.1:{port}/health"), "an answer")
        assert (status, body) == (200, b"ok\n")
    finally:
        process.terminate()
        process.wait()


def answer(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status, response.read()
    except OSError:
        return None
