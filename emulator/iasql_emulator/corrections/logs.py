"""CloudWatch log groups."""

import functools
import re

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from iasql_emulator.corrections import before

ALLOWED_NAME = r"[\.\-_/#A-Za-z0-9]+"
ALLOWED_RETENTION = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
)  # fmt: skip


@before(LogsResponse, "create_log_group")
def a_log_group_has_a_lawful_name(response):
    name = response._get_param("logGroupName") or ""
    if not re.fullmatch(ALLOWED_NAME, name):
        raise InvalidParameterException(
            constraint=f"Member must satisfy regular expression pattern: {ALLOWED_NAME}", parameter="logGroupName", value=name
        )
    if name.startswith("aws/"):
        raise InvalidParameterException("Log groups starting with AWS/ are reserved for AWS.")


@before(LogsResponse, "put_retention_policy")
def retention_is_one_of_the_allowed_numbers_of_days(response):
    days = response._get_param("retentionInDays")
    if days not in ALLOWED_RETENTION:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(ALLOWED_RETENTION)}", parameter="retentionInDays", value=days
        )


def forget_tags(delete_log_group):
    """moto gives a new group the tags of one of its name that was deleted."""

    @functools.wraps(delete_log_group)
    def deleted(backend, log_group_name):
        group = backend.groups.get(log_group_name)
        delete_log_group(backend, log_group_name)
        for arn in (group.arn, group.arn.removesuffix(":*")):
            backend.tagger.delete_all_tags_for_resource(arn)

    return deleted


LogsBackend.delete_log_group = forget_tags(LogsBackend.delete_log_group)
