"""Amazon ECR Public: one registry for each account, in us-east-1 alone."""

import re

from moto import backend_index, backends

from iasql_emulator.corrections import around
from iasql_emulator.services.ecr_public.models import ecr_public_backends

SERVICE = "ecr-public"


def install():
    """Makes moto's server route requests that are signed for the service here."""
    backend_index.backend_url_patterns.append((SERVICE, re.compile(r"https?://ecr-public\.(.+)\.amazonaws\.com")))

    @around(backends, "get_backend")
    def get_backend(get, name):
        return ecr_public_backends if name == SERVICE else get(name)
