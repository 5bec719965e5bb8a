"""What is known to differ, each with its reason: corrections that both sides have outside their serialisers, and faults
of botocore against AWS's specification (Smithy)."""

import collections

# botocore makes them in event handlers of its clients (handlers.py), we in src/aws/quirks.cpp.
PATHS_CUT = {("route53", shape) for shape in ("ChangeId", "DelegationSetId", "ResourceId")}
SERVICE_HEADERS = {("apigateway", "header accept"), ("glacier", "header x-amz-glacier-version")}

Rule = collections.namedtuple("Rule", "reason applies")


def corrected_input(service, model, operation, parameters):
    if service != "route53" or "input" not in operation:
        return parameters
    members = model["shapes"][operation["input"]["shape"]].get("members", {})
    return {
        name: value.rpartition("/")[2] if is_cut(service, members[name]) else value
        for name, value in parameters.items()
    }


def is_cut(service, member):
    # In a body AWS takes the whole.
    return member.get("location") == "uri" and (service, member["shape"]) in PATHS_CUT


def corrected_path(service, template, path):
    """S3's bucket is the endpoint's affair, for botocore as for us."""
    if service != "s3" or not template.startswith("/{Bucket}"):
        return path
    slash = path.find("/", 1)
    return path[slash:] if slash > 0 else ""


def same_but_for(part, text):
    return lambda model, protocol, found: (
        found.part == part and found.ours is not None and (found.theirs or "").replace(text, "") == found.ours
    )


RULES = (
    Rule("a header of this service alone, which botocore adds in a handler",
         lambda model, protocol, found: (found.service, found.part) in SERVICE_HEADERS),
    Rule("S3 sends the member itself; the parsers are compared on a real one in tests/conformance",
         lambda model, protocol, found: ((found.service, found.operation) == ("s3", "GetBucketLocation")
                                         and found.part.startswith("answer"))),
    Rule("the query protocol's Content-Type has no parameter (awsQuery)",
         same_but_for("header content-type", "; charset=utf-8")),
    Rule("a body has a Content-Type (restXml, restJson1: HTTP payloads)",
         lambda model, protocol, found: (found.part == "header content-type" and found.theirs is None
                                         and protocol in ("rest-json", "rest-xml"))),
    Rule("httpChecksumRequired without a choice is Content-MD5 (Smithy); botocore sends CRC32, which AWS takes as well",
         lambda model, protocol, found: (found.part, found.ours is None) in {
             ("header content-md5", False), ("header x-amz-checksum-crc32", True)}
             and "requestAlgorithmMember" not in model["operations"][found.operation].get("httpChecksum", {})),
)  # fmt: skip


def reason_for(model, protocol, difference):
    """The reason of the first rule that explains the difference, or None."""
    return next((rule.reason for rule in RULES if rule.applies(model, protocol, difference)), None)
