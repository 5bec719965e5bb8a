"""The operations of ECR Public: what comes in and goes out over JSON 1.1."""

import base64
from datetime import timedelta

from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow

from iasql_emulator.services.ecr_public.models import RegistryError, ecr_public_backends, shown_catalog_data

REGION = "us-east-1"


def shown(repository):
    return {
        "repositoryArn": repository.arn,
        "registryId": repository.registry_id,
        "repositoryName": repository.name,
        "repositoryUri": repository.uri,
        "createdAt": repository.created_at,
    }


def shown_image(repository, image):
    return {
        "registryId": repository.registry_id,
        "repositoryName": repository.name,
        "imageDigest": image.digest,
        "imageTags": image.tags,
        "imageSizeInBytes": len(image.manifest),
        "imagePushedAt": image.pushed_at,
        "imageManifestMediaType": image.media_type,
    }


class PublicRegistryResponse(BaseResponse):
    def __init__(self):
        super().__init__(service_name="ecr-public")
        self.automated_parameter_parsing = True

    @property
    def backend(self):
        if self.region != REGION:
            raise RegistryError("UnsupportedCommandException", f"{self._get_action()} command is only supported in {REGION}.")
        return ecr_public_backends[self.current_account][REGION]

    def _repository(self):
        return self.backend.repository(self._get_param("repositoryName"), self._get_param("registryId"))

    def _page(self, items, name_of):
        """(the items of one page, the token of the next)."""
        token, most = self._get_param("nextToken"), self._get_param("maxResults") or 100
        rest = [item for item in items if token is None or name_of(item) > token]
        page = rest[: int(most)]
        return page, name_of(page[-1]) if len(rest) > len(page) else None

    def create_repository(self):
        repository = self.backend.create_repository(
            self._get_param("repositoryName"), self._get_param("catalogData") or {}, self._get_param("tags") or []
        )
        return ActionResult({"repository": shown(repository), "catalogData": repository.catalog_data})

    def describe_repositories(self):
        backend, names = self.backend, self._get_param("repositoryNames")
        registry_id = self._get_param("registryId")
        if names:
            return ActionResult({"repositories": [shown(backend.repository(name, registry_id)) for name in names]})
        repositories = sorted(backend.repositories.values(), key=lambda repository: repository.name)
        page, token = self._page(repositories, lambda repository: repository.name)
        return ActionResult({"repositories": [shown(repository) for repository in page], "nextToken": token})

    def delete_repository(self):
        repository = self.backend.delete_repository(
            self._get_param("repositoryName"), self._get_param("registryId"), self._get_param("force")
        )
        return ActionResult({"repository": shown(repository)})

    def put_repository_catalog_data(self):
        repository = self._repository()
        repository.catalog_data = shown_catalog_data(self._get_param("catalogData") or {}, repository.arn)
        return ActionResult({"catalogData": repository.catalog_data})

    def get_repository_catalog_data(self):
        return ActionResult({"catalogData": self._repository().catalog_data})

    def tag_resource(self):
        self.backend.tag(self.backend.repository_of_arn(self._get_param("resourceArn")), self._get_param("tags") or [])
        return EmptyResult()

    def untag_resource(self):
        repository = self.backend.repository_of_arn(self._get_param("resourceArn"))
        for key in self._get_param("tagKeys") or []:
            repository.tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self):
        repository = self.backend.repository_of_arn(self._get_param("resourceArn"))
        return ActionResult({"tags": [{"Key": key, "Value": value} for key, value in repository.tags.items()]})

    def get_authorization_token(self):
        password = base64.b64encode(f"{self.backend.account_id}:public".encode()).decode()
        token = base64.b64encode(f"AWS:{password}".encode()).decode()
        data = {"authorizationToken": token, "expiresAt": utcnow() + timedelta(hours=12)}
        return ActionResult({"authorizationData": data})

    def describe_registries(self):
        backend = self.backend
        alias = {
            "name": backend.alias,
            "status": "ACTIVE",
            "primaryRegistryAlias": True,
            "defaultRegistryAlias": True,
        }
        registry = {
            "registryId": backend.account_id,
            "registryArn": f"arn:aws:ecr-public::{backend.account_id}:registry/{backend.account_id}",
            "registryUri": f"public.ecr.aws/{backend.alias}",
            "verified": False,
            "aliases": [alias],
        }
        return ActionResult({"registries": [registry]})

    def put_image(self):
        repository = self._repository()
        image = self.backend.put_image(
            repository, self._get_param("imageManifest"), self._get_param("imageManifestMediaType"), self._get_param("imageTag")
        )
        identifier = {"imageDigest": image.digest, "imageTag": self._get_param("imageTag")}
        return ActionResult(
            {
                "image": {
                    "registryId": repository.registry_id,
                    "repositoryName": repository.name,
                    "imageId": identifier,
                    "imageManifest": image.manifest,
                    "imageManifestMediaType": image.media_type,
                }
            }
        )

    def describe_images(self):
        repository = self._repository()
        wanted = self._get_param("imageIds") or []
        images = sorted(repository.images.values(), key=lambda image: image.digest)
        if wanted:
            digests = {identifier.get("imageDigest") for identifier in wanted}
            tags = {identifier.get("imageTag") for identifier in wanted}
            images = [image for image in images if image.digest in digests or tags & set(image.tags)]
            if not images:
                raise RegistryError(
                    "ImageNotFoundException",
                    f"The image does not exist within the repository with name '{repository.name}' in the registry with id "
                    f"'{repository.registry_id}'",
                )
        page, token = self._page(images, lambda image: image.digest)
        return ActionResult({"imageDetails": [shown_image(repository, image) for image in page], "nextToken": token})

    def batch_delete_image(self):
        removed, failures = self.backend.delete_images(self._repository(), self._get_param("imageIds") or [])
        return ActionResult({"imageIds": removed, "failures": failures})
