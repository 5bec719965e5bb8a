"""ECR Public on the emulator, which moto lacks."""

import base64

from emulator_account import account, refused  # noqa: F401


def public(account):
    return account.client("ecr-public", "us-east-1")


def test_a_repository_is_made_described_and_deleted(account):
    made = public(account).create_repository(
        repositoryName="quickstart/api",
        catalogData={"description": "An API", "architectures": ["x86-64"], "logoImageBlob": b"logo"},
        tags=[{"Key": "team", "Value": "one"}],
    )
    repository, catalog = made["repository"], made["catalogData"]
    assert repository["repositoryArn"] == "arn:aws:ecr-public::123456789012:repository/quickstart/api"
    assert repository["repositoryUri"].startswith("public.ecr.aws/")
    assert repository["repositoryUri"].endswith("/quickstart/api")
    assert repository["registryId"] == "123456789012"
    assert catalog["description"] == "An API" and catalog["architectures"] == ["x86-64"] and catalog["logoUrl"]
    assert public(account).describe_repositories(repositoryNames=["quickstart/api"])["repositories"] == [repository]
    assert public(account).delete_repository(repositoryName="quickstart/api")["repository"] == repository
    assert public(account).describe_repositories()["repositories"] == []
    refused("RepositoryNotFoundException", public(account).delete_repository, repositoryName="quickstart/api")
    refused("RepositoryNotFoundException", public(account).describe_repositories, repositoryNames=["quickstart/api"])


def test_a_name_is_lawful_and_taken_once(account):
    public(account).create_repository(repositoryName="one")
    message = refused("RepositoryAlreadyExistsException", public(account).create_repository, repositoryName="one")
    assert message == "The repository with name 'one' already exists in the registry with id '123456789012'"
    refused("InvalidParameterException", public(account).create_repository, repositoryName="One")
    refused("InvalidParameterException", public(account).create_repository, repositoryName="a" * 206)


def test_repositories_come_in_pages(account):
    names = [f"repository-{number}" for number in range(5)]
    for name in reversed(names):
        public(account).create_repository(repositoryName=name)
    first = public(account).describe_repositories(maxResults=2)
    assert len(first["repositories"]) == 2 and first["nextToken"]
    pages = public(account).get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2})
    assert [repository["repositoryName"] for page in pages for repository in page["repositories"]] == names


def test_tags_are_set_changed_and_removed(account):
    arn = public(account).create_repository(repositoryName="one")["repository"]["repositoryArn"]
    public(account).tag_resource(resourceArn=arn, tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    public(account).tag_resource(resourceArn=arn, tags=[{"Key": "a", "Value": "3"}])
    public(account).untag_resource(resourceArn=arn, tagKeys=["b", "c"])
    assert public(account).list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "a", "Value": "3"}]
    refused("RepositoryNotFoundException", public(account).list_tags_for_resource, resourceArn=arn.replace("one", "two"))
    refused("InvalidParameterException", public(account).list_tags_for_resource, resourceArn="arn:aws:s3:::one")


def test_catalog_data_is_put_and_read(account):
    public(account).create_repository(repositoryName="one")
    assert public(account).get_repository_catalog_data(repositoryName="one")["catalogData"] == {}
    put = public(account).put_repository_catalog_data(repositoryName="one", catalogData={"aboutText": "about"})
    assert put["catalogData"] == {"aboutText": "about"}
    assert public(account).get_repository_catalog_data(repositoryName="one")["catalogData"] == {"aboutText": "about"}


def test_a_repository_with_images_is_deleted_by_force_alone(account):
    public(account).create_repository(repositoryName="one")
    public(account).put_image(repositoryName="one", imageManifest="{}", imageTag="latest")
    image = {"repositoryName": "one", "imageManifest": "{}", "imageTag": "latest"}
    refused("ImageAlreadyExistsException", public(account).put_image, **image)
    assert public(account).describe_images(repositoryName="one")["imageDetails"][0]["imageTags"] == ["latest"]
    refused("RepositoryNotEmptyException", public(account).delete_repository, repositoryName="one")
    public(account).delete_repository(repositoryName="one", force=True)
    public(account).create_repository(repositoryName="one")
    public(account).put_image(repositoryName="one", imageManifest="{}", imageTag="latest")
    identifiers = [{"imageTag": "latest"}, {"imageTag": "old"}]
    deleted = public(account).batch_delete_image(repositoryName="one", imageIds=identifiers)
    assert [image["imageTag"] for image in deleted["imageIds"]] == ["latest"]
    assert [failure["failureCode"] for failure in deleted["failures"]] == ["ImageNotFound"]
    public(account).delete_repository(repositoryName="one")


def test_the_service_is_in_one_region(account):
    elsewhere = account.client("ecr-public", "eu-west-2")
    message = refused("UnsupportedCommandException", elsewhere.describe_repositories)
    assert message == "DescribeRepositories command is only supported in us-east-1."


def test_a_token_to_push_with(account):
    token = public(account).get_authorization_token()["authorizationData"]["authorizationToken"]
    assert base64.b64decode(token).startswith(b"AWS:")
    (registry,) = public(account).describe_registries()["registries"]
    uri = public(account).create_repository(repositoryName="one")["repository"]["repositoryUri"]
    assert uri == f"{registry['registryUri']}/one"
