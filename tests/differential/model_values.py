"""Values made up from a service model's shapes, the same for the same seed.

A value is made in two conventions at once: ours (timestamps RFC 3339 strings, blobs base64, what holds JSON its text)
and botocore's (datetime, bytes, the object itself). Where it will travel decides which characters a string may have.
"""

import base64
import datetime
import json

TEXTS = [
    "abc", "a b", "x/y", "q&r=s+t", "a<b>\"c\"'d'&e;", "ünïcödé", "日本語", "🙂", "%41%2F", " leading", "trailing ", "tab\there",
    "line\nbreak", "carriage\rreturn\r\n", "", "null", "0", "true", "{\"a\":1}", "C:\\d", "[1,2]", "~-._", "a,b", "*", "é" * 40,
]
HEADER_TEXTS = ["abc", "a b", "x/y;z=1", "a=b&c", "5", "W/\"etag\"", "100%", "*"]
PATH_TEXTS = ["abc", "a b", "x/y", "ü&?#", "a+b", "100%", "a:b@c", "~x_-.y", "日本", "'q'", "%2F", "a=b;c,d", "(*)!$"]
HEADER_NAMES = ["key-one", "key-two", "x-3"]
BYTES = [b"blob", b"\x00\xff\x01", b"", b"<a>&", "ü".encode(), bytes(range(256))]
DOCUMENTS = [{"a": [1, "x", None, {"b": True}]}, "text", 5, [], {}, [1.5, False], {"ü": "<&>"}]
# What a member that holds JSON may hold.
JSON_VALUES = [{"a": [1, "x", None, {"b": True}]}, {"k": "ü"}, {}, [1, 2]]
INTEGERS = {
    "byte": [0, 1, -128, 127],
    "short": [0, 1, -32768, 32767],
    "integer": [0, 1, -1, 7, 100000, 2147483647, -2147483648],
    "long": [0, 1, -1, 2147483648, 9007199254740993, 9223372036854775807, -9223372036854775808],
    "bigInteger": [0, 12],
}
FLOATS = [0.0, 0.5, -2.25, 3.0, 1e21, 1.5e-7, 123456.789, 0.1, float("nan"), float("inf"), float("-inf")]
UTC = datetime.timezone.utc
MOMENTS = [
    datetime.datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC),
    datetime.datetime(1999, 1, 2, 3, 4, 5, 123000, tzinfo=UTC),
    datetime.datetime(1970, 1, 1, tzinfo=UTC),
    datetime.datetime(1969, 12, 31, 23, 59, 58, tzinfo=UTC),
    datetime.datetime(2038, 1, 19, 3, 14, 8, 500000, tzinfo=UTC),
    datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]
DEEPEST = 9  # below this, optional members are left out and lists and maps are empty
MANY = 400  # values in one document, after which it is as if DEEPEST were reached


def moment_text(moment):
    """RFC 3339 in UTC, milliseconds only where there are some."""
    moment = moment.astimezone(UTC)
    milliseconds = moment.microsecond // 1000
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + (f".{milliseconds:03d}Z" if milliseconds else "Z")


class ValueMaker:
    """`model` is service-2.json; `fullness` is the part of the optional members that is set, 0 to 1."""

    def __init__(self, model, random, fullness):
        self.shapes = model["shapes"]
        self.random = random
        self.fullness = fullness
        self.made = 0

    def structure(self, name, depth=0):
        """(ours, botocore's) of the structure of that name."""
        shape = self.shapes[name]
        required = set(shape.get("required", ()))
        members = {
            name: member for name, member in shape.get("members", {}).items()
            if not self.shapes[member["shape"]].get("eventstream")
        }  # fmt: skip
        if shape.get("union") and members:
            chosen = self.union_member(members, depth)
            members, required = {chosen: members[chosen]}, {chosen}
        ours, theirs = {}, {}
        for member_name, member in members.items():
            is_wanted = member_name in required or (not self.is_full(depth) and self.random.random() < self.fullness)
            # What is part of the path or of the host cannot be left out, whatever the model says.
            if is_wanted or member.get("location") == "uri" or member.get("hostLabel"):
                ours[member_name], theirs[member_name] = self.member(member, depth + 1)
        return ours, theirs

    def is_full(self, depth):
        return depth >= DEEPEST or self.made > MANY

    def union_member(self, members, depth):
        names = list(members)
        if self.is_full(depth):  # a union of itself must end somewhere
            ends = [n for n in names if self.shapes[members[n]["shape"]]["type"] != "structure"]
            names = ends or names
        return self.random.choice(names)

    def member(self, member, depth, place=None):
        """(ours, botocore's) of what the member refers to; `place` is where on the wire it will be."""
        self.made += 1
        shape = self.shapes[member["shape"]]
        place = place or ("host" if member.get("hostLabel") else member.get("location", "body"))
        kind = shape["type"]
        if member.get("jsonvalue"):
            value = self.random.choice(JSON_VALUES)
            text = json.dumps(value, separators=(",", ":"))
            return text, value if place == "header" else text  # in a body it is a text like any other
        if shape.get("document"):
            value = self.random.choice(DOCUMENTS)
            return value, value
        if kind == "structure":
            return self.structure(member["shape"], depth)
        if kind == "list":
            pairs = [self.element(shape, shape["member"], depth, place) for _ in range(self.count(depth))]
            return [ours for ours, _ in pairs], [theirs for _, theirs in pairs]
        if kind == "map":
            ours, theirs = {}, {}
            for number in range(self.count(depth)):
                key = self.map_key(shape["key"], number, place)
                ours[key], theirs[key] = self.element(shape, shape["value"], depth, place)
            return ours, theirs
        return self.scalar(shape, place)

    def count(self, depth):
        return 0 if self.is_full(depth) else self.random.choice([0, 1, 1, 2, 3])

    def element(self, container, member, depth, place):
        if container.get("sparse") and self.random.random() < 0.2:
            return None, None
        return self.member(member, depth + 1, place)

    def map_key(self, member, number, place):
        shape = self.shapes[member["shape"]]
        if shape.get("enum"):
            return shape["enum"][number % len(shape["enum"])]
        if place in ("header", "headers"):
            return HEADER_NAMES[number]
        return self.random.choice(["k", "key ü", "k<&>", "a.b", "x/y", "1"]) + str(number)

    def scalar(self, shape, place):
        kind = shape["type"]
        if kind == "boolean":
            return (self.random.random() < 0.5,) * 2
        if kind in INTEGERS:
            limits = [int(shape[limit]) for limit in ("min", "max") if limit in shape]
            return (self.random.choice(INTEGERS[kind] + limits),) * 2
        if kind in ("float", "double", "bigDecimal"):
            value = self.random.choice(FLOATS)
            special = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
            return special.get(str(value), value), value
        if kind == "timestamp":
            moment = self.random.choice(MOMENTS)
            return moment_text(moment), moment
        if kind == "blob":
            value = self.random.choice(BYTES)
            return base64.b64encode(value).decode(), value
        return (self.text(shape, place),) * 2

    def text(self, shape, place):
        if place == "host":
            return self.random.choice(["host-1", "a", "123456789012", "A1b"])
        if shape.get("enum"):
            return self.random.choice([value for value in shape["enum"] if value or place != "uri"])
        if place == "uri":
            return self.random.choice(PATH_TEXTS)
        if place in ("header", "headers"):
            return self.random.choice(HEADER_TEXTS)
        return self.random.choice(TEXTS)
