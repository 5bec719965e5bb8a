"""The AWS CLI, as the tutorial uses it, beside the database: both look at one account."""

import os
import subprocess

import psycopg
import pytest

import tutorial
from environments import environment
from server import REGION, rows

DOCKER = """#!/bin/sh
# Stands in for Docker: writes down how it was called, and what it was given to read.
echo "$@" >>"$DOCKER_CALLS"
case $* in *--password-stdin*) cat >>"$DOCKER_CALLS" ;; esac
"""


@pytest.fixture
def shell(account, database, tmp_path):
    """Runs a script as the tutorial's reader would; gives what it prints."""
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(
        f"[profile emulator]\nregion = {REGION}\nendpoint_url = {account.url}\n"
        "aws_access_key_id = emulator\naws_secret_access_key = emulator\n"
    )
    # Not the environment's own program: its first line cannot name a folder with a space.
    aws = tmp_path / "aws"
    aws.write_text(f"""#!/bin/sh\nexec "{environment('awscli')}/python" "{environment('awscli')}/aws" "$@"\n""")
    aws.chmod(0o755)
    settings = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "DATABASE": database.url,
        "DOCKER_CALLS": str(tmp_path / "docker-calls"),
        "AWS_CONFIG_FILE": str(config),
        "AWS_PROFILE": "emulator",
        "AWS_PAGER": "",
    }

    def run(*scripts):
        finished = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(scripts)],
            env=settings,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    run.docker_calls = tmp_path / "docker-calls"
    return run


@pytest.fixture
def repository(db):
    """The tutorial's repository."""
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    db.execute("INSERT INTO repository (repository_name) VALUES ('quickstart-repository')")
    rows(db, "SELECT * FROM iasql_apply()")
    (found,) = rows(db, "SELECT * FROM repository")
    return found


def lines(section, language, part):
    """The section's blocks in which `part` is."""
    found = [text for text in tutorial.scripts(language, section) if part in text]
    assert found, f"no such lines in the tutorial: {part}"
    return "\n".join(found)


PUSH, DELETE = "Push an image", "Delete it"


def test_an_image_comes_and_goes(account, db, repository, shell):
    uri = lines(PUSH, "bash", "QUICKSTART_ECR_URI")
    assert shell(uri, 'echo "$QUICKSTART_ECR_URI"').strip() == repository["repository_uri"]
    shell(lines(PUSH, "bash", "aws ecr put-image"))
    ecr = account.client("ecr")
    (image,) = ecr.describe_images(repositoryName="quickstart-repository")["imageDetails"]
    assert image["imageTags"] == ["latest"]

    db.execute("SELECT delete_all_records()")
    with pytest.raises(psycopg.Error, match="quickstart-repository"):
        rows(db, "SELECT * FROM iasql_apply()")
    shell(lines(DELETE, "bash", "aws ecr batch-delete-image"))
    assert ecr.describe_images(repositoryName="quickstart-repository")["imageDetails"] == []
    rows(db, "SELECT * FROM iasql_apply()")
    assert ecr.describe_repositories()["repositories"] == []


def test_the_lines_for_docker(repository, shell):
    """What they would tell Docker: the emulator has no registry to push to."""
    shell(lines(PUSH, "bash", "QUICKSTART_ECR_URI"), lines(PUSH, "console", "docker push"))
    uri = repository["repository_uri"]
    assert shell.docker_calls.read_text().splitlines() == [
        f"login --username AWS --password-stdin {uri}",
        shell("aws ecr get-login-password").strip(),
        "build -t quickstart-repository .",
        f"tag quickstart-repository:latest {uri}:latest",
        f"push {uri}:latest",
    ]


def test_a_profile_and_variables_find_the_same_account(account, repository, shell):
    ask = "aws ecr describe-repositories --query repositories[].repositoryUri --output text"
    by_variables = f"export AWS_ENDPOINT_URL={account.url} AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator"
    by_profile = shell(f"{ask} --profile emulator --region {REGION}")
    assert by_profile.strip() == repository["repository_uri"]
    assert shell(f"unset AWS_PROFILE; {by_variables}; {ask} --region {REGION}") == by_profile


def test_what_the_cli_makes_a_sync_imports(db, repository, shell):
    shell("aws ecr create-repository --repository-name made-elsewhere")
    rows(db, "SELECT * FROM iasql_sync()")
    names = [row["repository_name"] for row in rows(db, "SELECT repository_name FROM repository ORDER BY 1")]
    assert names == ["made-elsewhere", "quickstart-repository"]
    shell("aws ecr delete-repository --repository-name made-elsewhere")
    assert [row["action"] for row in rows(db, "SELECT * FROM iasql_sync()")] == ["delete"]
