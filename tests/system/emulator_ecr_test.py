"""Private repositories on the emulator: images through the API, and the token to push with."""

import base64
import datetime
import hashlib
import json

import pytest

from emulator_account import account, refused  # noqa: F401

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def manifest(name="one"):
    return json.dumps({"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": {"digest": f"sha256:{name}"}, "layers": []})


@pytest.fixture
def ecr(account):
    ecr = account.client("ecr")
    ecr.create_repository(repositoryName="web")
    return ecr


def push(ecr, tag="latest", text=None, repository="web"):
    return ecr.put_image(repositoryName=repository, imageManifest=text or manifest(), imageTag=tag)["image"]


def test_an_image_is_put_read_and_deleted(ecr):
    image = push(ecr)
    digest = image["imageId"]["imageDigest"]
    assert ecr.list_images(repositoryName="web")["imageIds"] == [{"imageDigest": digest, "imageTag": "latest"}]
    (found,) = ecr.batch_get_image(repositoryName="web", imageIds=[{"imageTag": "latest"}])["images"]
    assert json.loads(found["imageManifest"]) == json.loads(manifest()) and found["imageId"]["imageDigest"] == digest
    deleted = ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageTag": "latest"}, {"imageTag": "none"}])
    assert [identifier["imageDigest"] for identifier in deleted["imageIds"]] == [digest]
    assert [failure["failureCode"] for failure in deleted["failures"]] == ["ImageNotFound"]
    assert ecr.list_images(repositoryName="web")["imageIds"] == []


def test_a_tag_moves_to_the_image_pushed_last(ecr):
    first = push(ecr)["imageId"]["imageDigest"]
    assert first == "sha256:" + hashlib.sha256(manifest().encode()).hexdigest()
    refused("ImageAlreadyExistsException", ecr.put_image, repositoryName="web", imageManifest=manifest(), imageTag="latest")
    second = push(ecr, text=manifest("two"))["imageId"]["imageDigest"]
    (found,) = ecr.batch_get_image(repositoryName="web", imageIds=[{"imageTag": "latest"}])["images"]
    assert found["imageId"]["imageDigest"] == second != first
    listed = ecr.list_images(repositoryName="web")["imageIds"]
    assert {(image["imageDigest"], image.get("imageTag")) for image in listed} == {(first, None), (second, "latest")}
    deleted = ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageDigest": first}])["imageIds"]
    assert deleted == [{"imageDigest": first}]
    wrong = {"imageManifest": manifest("three"), "imageDigest": first}
    refused("ImageDigestDoesNotMatchException", ecr.put_image, repositoryName="web", **wrong)


def test_a_repository_with_images_is_deleted_by_force_alone(ecr):
    push(ecr)
    refused("RepositoryNotEmptyException", ecr.delete_repository, repositoryName="web")
    ecr.delete_repository(repositoryName="web", force=True)
    refused("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=["web"])


def test_what_cannot_be_put(ecr):
    put = ecr.put_image
    refused("RepositoryNotFoundException", put, repositoryName="none", imageManifest=manifest(), imageTag="latest")
    refused("InvalidParameterException", put, repositoryName="web", imageManifest="{", imageTag="latest")


def test_the_token_is_good_for_twelve_hours(ecr):
    (data,) = ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    assert user == "AWS" and password
    assert data["proxyEndpoint"] == "https://123456789012.dkr.ecr.eu-west-2.amazonaws.com"
    hours = (data["expiresAt"] - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 3600
    assert 11 < hours <= 12
