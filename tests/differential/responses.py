"""A value, in our convention, as the answer that a service of each protocol would send: what AWS's specification says,
written here a third time so that the two parsers under comparison share nothing with it."""

import base64
import datetime
import email.utils
import json
from xml.sax.saxutils import escape, quoteattr


def moment_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def timestamp(text, form):
    moment = moment_of(text)
    if form == "unixTimestamp":
        seconds = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds()
        return int(seconds) if seconds == int(seconds) else seconds
    if form == "rfc822":
        return email.utils.format_datetime(moment.replace(microsecond=0), usegmt=True)
    return text


class ResponseMaker:
    """Makes {"status", "headers", "body"} of an operation's output."""

    def __init__(self, model, protocol, random):
        self.model = model
        self.shapes = model["shapes"]
        self.protocol = protocol
        self.random = random

    def success(self, name, operation, value):
        if self.protocol in ("query", "ec2"):
            return {"status": 200, "headers": {}, "body": self.query_body(name, operation, value)}
        if "output" not in operation:
            return {"status": 200, "headers": {"x-amzn-requestid": "r-1"}, "body": b""}
        shape = self.shapes[operation["output"]["shape"]]
        if self.protocol == "json":
            return {"status": 200, "headers": {"x-amzn-requestid": "r-1"}, "body": self.json_text(shape, value)}
        return self.rest(name, shape, value)

    def error(self, code, message):
        """The error as the protocol has it; the code may carry a namespace or be in a header."""
        headers = {"x-amzn-requestid": "r-2"}
        if self.protocol in ("json", "rest-json"):
            decorated = self.random.choice([code, "com.amazonaws.x#" + code, code + ":http://internal.amazon.com/x/"])
            body = {self.random.choice(["message", "Message"]): message}
            if self.protocol == "rest-json" and self.random.random() < 0.5:
                headers["x-amzn-errortype"] = decorated
            else:
                body["__type"] = decorated
            if "awsQueryCompatible" in self.model["metadata"]:
                headers["x-amzn-query-error"] = "Old." + code + ";Sender"
            return {"status": 400, "headers": headers, "body": json.dumps(body).encode()}
        parts = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        if self.protocol == "ec2":
            text = f"<Response><Errors><Error>{parts}</Error></Errors><RequestID>r-2</RequestID></Response>"
        elif self.protocol == "rest-xml" and self.random.random() < 0.5:
            headers = {"x-amz-request-id": "r-2"}
            text = f"<Error>{parts}<RequestId>r-2</RequestId></Error>"
        else:
            text = (
                '<ErrorResponse xmlns="http://example.amazonaws.com/doc/">'
                f"<Error><Type>Sender</Type>{parts}</Error><RequestId>r-2</RequestId></ErrorResponse>"
            )
            headers = {}
        return {"status": 400, "headers": headers, "body": b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()}

    def query_body(self, name, operation, value):
        output = operation.get("output", {})
        shape = self.shapes[output["shape"]] if output else {}
        members = self.xml_members(shape, value)
        wrapper = output.get("resultWrapper")
        if wrapper:
            members = f"<{wrapper}>{members}</{wrapper}>"
        if self.protocol == "ec2":
            members = "<requestId>r-1</requestId>" + members
        else:
            members += "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
        return self.xml_document(f'<{name}Response xmlns="http://example.amazonaws.com/doc/">{members}</{name}Response>')

    def rest(self, name, shape, value):
        headers, status, body = {"x-amzn-requestid": "r-1"}, 200, b""
        for member_name, member in shape.get("members", {}).items():
            if member_name not in value:
                continue
            location, found = member.get("location"), value[member_name]
            header = member.get("locationName", member_name).lower()
            if location == "statusCode":
                status = self.random.choice([200, 201, 202])
            elif location == "headers":
                headers.update({header + key: self.header_text(self.inner(member, "value"), x) for key, x in found.items()})
            elif location == "header":
                text = self.header_member(member, found)
                if text is not None:
                    headers[header] = text
        payload = shape.get("payload")
        if payload:
            body = self.payload(shape["members"][payload], value.get(payload))
        elif self.protocol == "rest-json":
            body = self.json_text(shape, value)
        elif any(self.is_in_body(member) for member in shape.get("members", {}).values()):
            body = self.xml_document(f"<{name}Result>{self.xml_members(shape, value)}</{name}Result>")
        return {"status": status, "headers": headers, "body": body}

    def payload(self, member, value):
        shape = self.shapes[member["shape"]]
        if value is None and shape["type"] == "structure" and not shape.get("union"):
            value = {}  # AWS never leaves out the body of such an answer
        if value is None:
            return b""
        if shape["type"] == "blob":
            return base64.b64decode(value)
        if shape["type"] == "string":
            return value.encode()
        if self.protocol == "rest-json":
            return json.dumps(self.json_value(member, value)).encode()
        return self.xml_document(self.xml(member.get("locationName", member["shape"]), member, value))

    def inner(self, member, part):
        return self.shapes[member["shape"]][part]

    def form(self, member, otherwise):
        return member.get("timestampFormat") or self.shapes[member["shape"]].get("timestampFormat") or otherwise

    @staticmethod
    def is_in_body(member):
        return member.get("location") not in ("header", "headers", "statusCode")

    # Headers.

    def header_text(self, member, value):
        return self.scalar_text(member, value, "rfc822")

    def header_member(self, member, value):
        """None where the value has no header: nothing tells an empty list from none."""
        shape = self.shapes[member["shape"]]
        if member.get("jsonvalue"):
            return base64.b64encode(value.encode()).decode()
        if shape["type"] != "list":
            return self.header_text(member, value)
        elements = [self.header_text(shape["member"], element) for element in value if element is not None]
        return ", ".join(elements) if elements else None

    # Scalars of XML and of headers.

    def scalar_text(self, member, value, form):
        kind = self.shapes[member["shape"]]["type"]
        if kind == "boolean":
            return "true" if value else "false"
        if kind == "timestamp":
            return str(timestamp(value, self.form(member, form)))
        return str(value)

    # JSON.

    def json_text(self, shape, value):
        body = self.json_structure(shape, value)
        if self.random.random() < 0.3:
            body["memberThatNoModelKnows"] = {"a": [1]}
        return json.dumps(body, ensure_ascii=self.random.random() < 0.5).encode()

    def json_structure(self, shape, value):
        members = shape.get("members", {})
        result = {
            members[name].get("locationName", name): self.json_value(members[name], found)
            for name, found in value.items()
            if self.is_in_body(members[name])
        }
        # An absent member may be sent as null, but a union has exactly one.
        for name, member in members.items():
            if name not in value and self.is_in_body(member) and not shape.get("union") and self.random.random() < 0.1:
                result[member.get("locationName", name)] = None
        return result

    def json_value(self, member, value):
        shape = self.shapes[member["shape"]]
        if value is None or shape.get("document"):
            return value
        if shape["type"] == "structure":
            return self.json_structure(shape, value)
        if shape["type"] == "list":
            return [self.json_value(shape["member"], element) for element in value]
        if shape["type"] == "map":
            return {key: self.json_value(shape["value"], found) for key, found in value.items()}
        if shape["type"] == "timestamp":
            return timestamp(value, self.form(member, "unixTimestamp"))
        return value

    # XML.

    def xml_document(self, root):
        return self.random.choice([b"", b'<?xml version="1.0" encoding="UTF-8"?>\n']) + root.encode()

    def xml_members(self, shape, value):
        """The structure's children; members may come in any order, and unknown ones between them."""
        members = shape.get("members", {})
        pieces = [
            self.xml(members[name].get("locationName", name), members[name], found)
            for name, found in value.items()
            if self.is_in_body(members[name]) and not members[name].get("xmlAttribute")
        ]
        self.random.shuffle(pieces)
        if self.random.random() < 0.1 and not shape.get("union"):
            pieces.append("<elementThatNoModelKnows><a>1</a></elementThatNoModelKnows>")
        return self.random.choice(["", "\n  "]).join(pieces)

    def xml(self, name, member, value):
        shape = self.shapes[member["shape"]]
        kind, is_flattened = shape["type"], member.get("flattened") or shape.get("flattened")
        if kind == "structure":
            return f"<{name}{self.xml_attributes(shape, value)}>{self.xml_members(shape, value)}</{name}>"
        if kind == "list":
            element = shape["member"]
            if is_flattened:
                inner_name = element.get("locationName") or name
                return "".join(self.xml(inner_name, element, found) for found in value)
            inner_name = element.get("locationName", "member")
            return f"<{name}>" + "".join(self.xml(inner_name, element, found) for found in value) + f"</{name}>"
        if kind == "map":
            entry_name = name if is_flattened else "entry"
            entries = "".join(
                f"<{entry_name}>{self.xml(shape['key'].get('locationName', 'key'), shape['key'], key)}"
                f"{self.xml(shape['value'].get('locationName', 'value'), shape['value'], found)}</{entry_name}>"
                for key, found in value.items()
            )
            return entries if is_flattened else f"<{name}>{entries}</{name}>"
        return f"<{name}>{self.xml_text(self.scalar_text(member, value, 'iso8601'))}</{name}>"

    def xml_attributes(self, shape, value):
        text = "".join(
            f" {member['locationName']}={quoteattr(str(value[name]))}"
            for name, member in shape.get("members", {}).items()
            if member.get("xmlAttribute") and name in value
        )
        return (' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' if "xsi:" in text else "") + text

    def xml_text(self, text):
        if text and self.random.random() < 0.1 and "]]>" not in text and "\r" not in text:
            return f"<![CDATA[{text}]]>"
        return escape(text, {"\r": "&#xD;", '"': "&quot;"})
