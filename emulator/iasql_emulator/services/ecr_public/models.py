"""The registry of an account: its repositories, with their catalogue data, tags and images."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow

NAME = r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"
MOST_TAGS = 50


class RegistryError(ServiceException):
    """An error of the service: moto takes the errors of its own module for those of a service called core."""


@dataclass
class Image:
    manifest: str
    media_type: str | None
    tags: list[str]
    pushed_at: datetime = field(default_factory=utcnow)

    @property
    def digest(self):
        return "sha256:" + hashlib.sha256(self.manifest.encode()).hexdigest()


@dataclass
class Repository:
    name: str
    arn: str
    registry_id: str
    uri: str
    catalog_data: dict
    tags: dict[str, str]
    created_at: datetime = field(default_factory=utcnow)
    images: dict[str, Image] = field(default_factory=dict)


def lawful_name(name):
    if not re.fullmatch(NAME, name) or not 2 <= len(name) <= 205:
        raise RegistryError(
            "InvalidParameterException",
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: "
            f"'must have 2 to 205 characters and satisfy regular expression '{NAME}''",
        )
    return name


def shown_catalog_data(given, repository_arn):
    """Catalogue data as AWS gives it back: of a logo that was uploaded, the address."""
    shown = {key: value for key, value in given.items() if key != "logoImageBlob"}
    if given.get("logoImageBlob"):
        name = hashlib.sha256(f"{repository_arn}{given['logoImageBlob']}".encode()).hexdigest()[:32]
        shown["logoUrl"] = f"https://d3g9o9u8re44ak.cloudfront.net/logo/{name}.png"
    return shown


class PublicRegistryBackend(BaseBackend):
    def __init__(self, region_name, account_id):
        super().__init__(region_name, account_id)
        self.repositories: dict[str, Repository] = {}

    @property
    def alias(self):
        """The name AWS makes up for a registry that asked for no other."""
        return "a" + hashlib.sha256(self.account_id.encode()).hexdigest()[:7]

    def repository(self, name, registry_id=None):
        repository = self.repositories.get(name)
        if repository is None or registry_id not in (None, self.account_id):
            raise RegistryError(
                "RepositoryNotFoundException",
                f"The repository with name '{name}' does not exist in the registry with id "
                f"'{registry_id or self.account_id}'",
            )
        return repository

    def repository_of_arn(self, arn):
        match = re.fullmatch(rf"arn:aws:ecr-public::(\d{{12}}):repository/({NAME})", arn)
        if match is None:
            raise RegistryError(
                "InvalidParameterException",
                f"Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN: {arn}'",
            )
        return self.repository(match[2], match[1])

    def create_repository(self, name, catalog_data, tags):
        if lawful_name(name) in self.repositories:
            raise RegistryError(
                "RepositoryAlreadyExistsException",
                f"The repository with name '{name}' already exists in the registry with id '{self.account_id}'",
            )
        repository = Repository(
            name=name,
            arn=f"arn:aws:ecr-public::{self.account_id}:repository/{name}",
            registry_id=self.account_id,
            uri=f"public.ecr.aws/{self.alias}/{name}",
            catalog_data={},
            tags={},
        )
        repository.catalog_data = shown_catalog_data(catalog_data, repository.arn)
        self.tag(repository, tags)
        self.repositories[name] = repository
        return repository

    def delete_repository(self, name, registry_id, force):
        repository = self.repository(name, registry_id)
        if repository.images and not force:
            raise RegistryError(
                "RepositoryNotEmptyException",
                f"The repository with name '{name}' in registry with id '{self.account_id}' cannot be deleted because "
                "it still contains images",
            )
        return self.repositories.pop(name)

    def tag(self, repository, tags):
        new = {**repository.tags, **{tag["Key"]: tag.get("Value", "") for tag in tags}}
        if any(key.startswith("aws:") for key in new):
            raise RegistryError("InvalidTagParameterException", "Tag keys may not begin with 'aws:'")
        if len(new) > MOST_TAGS:
            raise RegistryError("TooManyTagsException", f"A repository has at most {MOST_TAGS} tags")
        repository.tags = new

    def put_image(self, repository, manifest, media_type, tag):
        image = Image(manifest, media_type, [])
        known = repository.images.get(image.digest)
        if known and (tag is None or tag in known.tags):
            raise RegistryError(
                "ImageAlreadyExistsException",
                f"Image with digest '{known.digest}' already exists in the repository with name '{repository.name}' in "
                f"registry with id '{self.account_id}'",
            )
        image = repository.images.setdefault(image.digest, image)
        if tag:
            for other in repository.images.values():
                other.tags = [name for name in other.tags if name != tag]
            image.tags.append(tag)
        return image

    def delete_images(self, repository, identifiers):
        """Removes tags, or images by digest; an image whose last tag goes goes with it. Gives (removed, failures)."""
        removed, failures = [], []
        for identifier in identifiers:
            tag, digest = identifier.get("imageTag"), identifier.get("imageDigest")
            image = next(
                (image for image in repository.images.values() if image.digest == digest or (tag and tag in image.tags)), None
            )
            if image is None:
                failures.append(
                    {"imageId": identifier, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"}
                )
                continue
            removed.extend({"imageDigest": image.digest, "imageTag": name} for name in image.tags if tag in (None, name))
            if not image.tags:
                removed.append({"imageDigest": image.digest})
            image.tags = [name for name in image.tags if tag not in (None, name)]
            if not image.tags:
                del repository.images[image.digest]
        return removed, failures


ecr_public_backends = BackendDict(
    PublicRegistryBackend, "ecr-public", use_boto3_regions=False, additional_regions=["us-east-1"]
)
