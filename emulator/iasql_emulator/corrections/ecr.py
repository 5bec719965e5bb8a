"""Container repositories."""

import hashlib
import json
from datetime import timedelta

from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow
from moto.ecr.exceptions import InvalidParameterException, RepositoryNotFoundException
from moto.ecr.models import ECRBackend
from moto.ecr.responses import ECRResponse

from iasql_emulator.corrections import around, before


@before(ECRResponse, "create_repository")
def a_repository_name_has_2_to_256_characters(response):
    name = response._get_param("repositoryName") or ""
    if not 2 <= len(name) <= 256:
        raise InvalidParameterException(
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have 2 to 256 characters'"
        )


@before(ECRResponse, "put_image")
def an_image_has_a_repository_and_a_manifest(response):
    name = response._get_param("repositoryName")
    if name not in response.ecr_backend.repositories:
        raise RepositoryNotFoundException(name, response.current_account)
    try:
        json.loads(response._get_param("imageManifest"))
    except ValueError:
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
        ) from None


@around(ECRResponse, "get_authorization_token")
def get_authorization_token(get, response):
    """moto's token ended in 2015."""
    answer = get(response)
    for data in answer.result["authorizationData"]:
        data["expiresAt"] = utcnow() + timedelta(hours=12)
    return answer


class DigestDoesNotMatch(ServiceException):
    code = "ImageDigestDoesNotMatchException"


@around(ECRBackend, "put_image")
def put_image(put, backend, repository_name, image_manifest, image_tag, image_manifest_mediatype=None, digest=None):
    """A digest is that of the manifest, and an image that loses its tag to another stays: moto mixes up the images of equal
    layers and deletes the one before."""
    digest_of_manifest = "sha256:" + hashlib.sha256(image_manifest.encode()).hexdigest()
    if digest not in (None, digest_of_manifest):
        raise DigestDoesNotMatch(f"Provided image digest '{digest}' does not match that of the manifest '{digest_of_manifest}'")
    repository = backend.repositories[repository_name]
    images = list(repository.images)
    image = put(backend, repository_name, image_manifest, image_tag, image_manifest_mediatype, digest_of_manifest)
    for before_it in images:
        if before_it not in repository.images:
            before_it.image_tag, before_it.image_tags = None, []
            repository.images.append(before_it)
    return image


@around(ECRBackend, "batch_delete_image")
def batch_delete_image(delete, backend, repository_name, registry_id=None, image_ids=None):
    """An image without tags is among those that were deleted, too."""
    repository = backend._get_repository(repository_name, registry_id)
    untagged = {image.image_digest for image in repository.images if not image.image_tags}
    answer = delete(backend, repository_name, registry_id, image_ids)
    gone = [identifier["imageDigest"] for identifier in image_ids or [] if identifier.get("imageDigest") in untagged]
    answer["imageIds"] += [{"imageDigest": digest} for digest in dict.fromkeys(gone)]
    return answer
