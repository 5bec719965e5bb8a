"""Container repositories."""

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.responses import ECRResponse

from iasql_emulator.corrections import before


@before(ECRResponse, "create_repository")
def a_repository_name_has_2_to_256_characters(response):
    name = response._get_param("repositoryName") or ""
    if not 2 <= len(name) <= 256:
        raise InvalidParameterException(
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have 2 to 256 characters'"
        )
