"""botocore's side: an input becomes the request that it would send, a response the value that it would return, both in
the form in which the driver gives ours. Where botocore is known to be wrong it is put right here, each time with the
reason, so that the rest of the value is still compared."""

import base64
import datetime
import json
import math
import xml.etree.ElementTree as ElementTree

import botocore.config
from botocore import awsrequest, compress, httpchecksum, parsers, serialize
from botocore.awsrequest import HeadersDict
from botocore.model import ServiceModel

import known
from model_values import moment_text

ENDPOINT = "http://example.com"  # over https botocore sends the checksum of a stream after it, which we do not
CONFIG = botocore.config.Config(
    request_min_compression_size_bytes=10240,
    disable_request_compression=False,
    request_checksum_calculation="when_supported",
    signature_version="v4",
)


def short_timestamp(self, value):
    # Milliseconds, as AWS has them, instead of six digits: the same moment.
    return moment_text(value)


serialize.Serializer._timestamp_iso8601 = short_timestamp

convert_header_value = serialize.BaseRestSerializer._convert_header_value


def whole_header_value(self, shape, value):
    # botocore cuts a moment to seconds before it looks at the header's format, which may have milliseconds.
    if shape.type_name == "timestamp":
        form = shape.serialization.get("timestampFormat", self.HEADER_TIMESTAMP_FORMAT)
        return str(self._convert_timestamp_to_str(value, form))
    return convert_header_value(self, shape, value)


serialize.BaseRestSerializer._convert_header_value = whole_header_value

serialize_json = serialize.JSONSerializer._serialize


def serialize_json_or_null(self, serialized, value, shape, key=None):
    # botocore fails at a null of a sparse list that is no string.
    if value is None:
        serialized[key] = None
    else:
        serialize_json(self, serialized, value, shape, key)


serialize.JSONSerializer._serialize = serialize_json_or_null

# A reader of XML takes a carriage return for a line feed, so that botocore's requests lose it.
escape_text = ElementTree._escape_cdata
ElementTree._escape_cdata = lambda text: escape_text(text).replace("\r", "&#xD;")


class Stream:
    """A body that botocore's parser leaves alone, as it does with that of a payload which is a blob."""

    def __init__(self, content):
        self.content = content


class Reference:
    def __init__(self, service, model, protocol):
        self.service = service
        self.model = ServiceModel({**model, "shapes": without_list_names(model["shapes"])}, service)
        self.serializer = serialize.create_serializer(protocol, include_validation=False)
        self.parser = parsers.create_parser(protocol)
        self.operations = {}

    def operation(self, name):
        if name not in self.operations:
            self.operations[name] = self.model.operation_model(name)
        return self.operations[name]

    def request(self, operation_name, parameters):
        operation = self.operation(operation_name)
        request = self.serializer.serialize_to_request(parameters, operation)
        compress.maybe_compress_request(CONFIG, request, operation)
        context = {"client_config": CONFIG}
        awsrequest.prepare_request_dict(request, ENDPOINT, context)
        httpchecksum.resolve_request_checksum_algorithm(request, operation, parameters)
        httpchecksum.apply_request_checksum(request)
        prepared = awsrequest.create_request_object(request).prepare()
        authority, _, target = prepared.url.partition("://")[2].partition("/")
        path, _, query = target.partition("?")
        body = prepared.body or b""
        return {
            "method": prepared.method,
            "path": known.corrected_path(self.service, operation.http["requestUri"], "/" + path),
            "query": query,
            "headers": [[name, text_of(value)] for name, value in prepared.headers.items()],
            "body": body.encode() if isinstance(body, str) else bytes(body),
            "host_prefix": authority.removesuffix("example.com"),
        }

    def answer(self, operation_name, response):
        operation = self.operation(operation_name)
        shape = operation.output_shape
        given = {
            "status_code": response["status"],
            "headers": HeadersDict(response["headers"]),
            "body": Stream(response["body"]) if operation.has_streaming_output and response["status"] < 300 else response["body"],
            "context": {"operation_name": operation_name},
        }
        parsed = self.parser.parse(given, shape)
        metadata = parsed.pop("ResponseMetadata", {})
        if response["status"] >= 300:
            found = parsed.get("Error", {})
            return {"error": {
                "code": found.get("Code", ""),
                "message": found.get("Message") or found.get("message") or "",
                "request_id": metadata.get("RequestId", ""),
            }}  # fmt: skip
        payload = shape.serialization.get("payload") if shape else None
        if payload and not response["body"] and not self.is_streaming(shape.members[payload]):
            parsed.pop(payload, None)  # no body is no payload, where the payload is not a stream (Smithy, httpPayload)
        return {"output": plain(shape, parsed) if shape else parsed}

    def is_streaming(self, member):
        shape = self.model._service_description["shapes"][member.name]
        return member.serialization.get("streaming") or shape.get("streaming")


def without_list_names(shapes):
    """A list's own name is not the name of the members that are such a list (Smithy, xmlName); botocore takes it for one."""
    return {
        name: {key: value for key, value in shape.items() if key != "locationName" or shape["type"] != "list"}
        for name, shape in shapes.items()
    }


def text_of(value):
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def plain(shape, value):
    """botocore's value in our convention."""
    if value is None or getattr(shape, "is_document_type", False):
        return value
    kind = shape.type_name
    if shape.serialization.get("jsonvalue"):
        return json.dumps(value, separators=(",", ":")) if not isinstance(value, str) else value
    if kind == "structure":
        return {name: plain(shape.members[name], found) for name, found in value.items() if found is not None}
    if kind == "list":
        return [plain(shape.member, element) for element in value]
    if kind == "map":
        return {key: plain(shape.value, found) for key, found in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], ElementTree.Element):
        return plain(shape, value[-1].text)  # an element that is there twice where there should be one
    if isinstance(value, Stream):
        return base64.b64encode(value.content).decode()
    if kind == "blob":
        return base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()
    if isinstance(value, datetime.datetime):
        return moment_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
