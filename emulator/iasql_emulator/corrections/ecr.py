"""Container repositories."""

import json
from datetime import timedelta

from moto.core.utils import utcnow
from moto.ecr.exceptions import InvalidParameterException, RepositoryNotFoundException
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
