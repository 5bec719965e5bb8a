"""What is the same and what is not: bodies and query strings by meaning, everything else byte for byte."""

import base64
import gzip
import hashlib
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zlib

# Both add them where the request is sent, or they follow from the body.
IGNORED_HEADERS = {"content-length", "user-agent", "host"}
CHECKSUMS = {
    "content-md5": lambda body: hashlib.md5(body).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "x-amz-checksum-sha512": lambda body: hashlib.sha512(body).digest(),
    "x-amz-checksum-md5": lambda body: hashlib.md5(body).digest(),
}


def request_differences(protocol, ours, theirs):
    """[(part, ours, theirs)] of what differs."""
    body = base64.b64decode(ours["body"])
    found = [(part, ours[part], theirs[part]) for part in ("method", "path", "host_prefix") if ours[part] != theirs[part]]
    if not same_form(form(ours["query"]), form(theirs["query"])):
        found.append(("query", ours["query"], theirs["query"]))
    our_headers, their_headers = headers(ours["headers"]), headers(theirs["headers"])
    for name in sorted(set(our_headers) | set(their_headers)):
        if name in CHECKSUMS and name in our_headers and our_headers[name] != their_headers.get(name):
            if our_headers[name] != base64.b64encode(CHECKSUMS[name](body)).decode():
                found.append(("checksum " + name, our_headers[name], base64.b64encode(CHECKSUMS[name](body)).decode()))
            if name not in their_headers:
                found.append(("header " + name, our_headers[name], None))
        elif not same_header(our_headers.get(name), their_headers.get(name)):
            found.append(("header " + name, our_headers.get(name), their_headers.get(name)))
    if not same_body(protocol, uncompressed(our_headers, body), uncompressed(their_headers, theirs["body"])):
        found.append(("body", body.decode("utf-8", "replace"), theirs["body"].decode("utf-8", "replace")))
    return found


def answer_difference(ours, theirs):
    """[(place, ours, theirs)] of the first place where two values differ, or []."""
    place, left, right = first_difference("", ours, theirs) or (None, None, None)
    return [("answer at " + place, short_json(left), short_json(right))] if place is not None else []


def first_difference(place, left, right):
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        pairs = [(f"{place}.{key}" if place else key, left[key], right[key]) for key in left]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = [(f"{place}[{at}]", *pair) for at, pair in enumerate(zip(left, right))]
    else:
        return None if same(left, right) else (place, left, right)
    return next((found for pair in pairs if (found := first_difference(*pair))), None)


def headers(pairs):
    return {name.lower(): value for name, value in pairs if name.lower() not in IGNORED_HEADERS}


def same_header(ours, theirs):
    """The same text, the blanks after a list's commas aside."""
    return ours == theirs or (ours and theirs and ours.replace(", ", ",") == theirs.replace(", ", ","))


def form(text):
    return sorted(urllib.parse.parse_qsl(text, keep_blank_values=True))


def uncompressed(headers, body):
    return gzip.decompress(body) if headers.get("content-encoding", "").endswith("gzip") else body


def same_body(protocol, ours, theirs):
    if ours == theirs:
        return True
    try:
        if protocol in ("query", "ec2"):
            return same_form(form(ours.decode()), form(theirs.decode()))
        if protocol == "rest-xml":
            return canonical(ElementTree.fromstring(ours)) == canonical(ElementTree.fromstring(theirs))
        return same(json.loads(ours), json.loads(theirs))
    except (ValueError, ElementTree.ParseError):
        return False


def same_form(ours, theirs):
    return len(ours) == len(theirs) and all(
        left[0] == right[0] and same_scalar_text(left[1], right[1]) for left, right in zip(ours, theirs)
    )


def same_scalar_text(left, right):
    """Texts, or one number written in two ways (1e+21 and 1e21)."""
    if left == right:
        return True
    try:
        return ("e" in left + right or "." in left + right) and float(left) == float(right)
    except ValueError:
        return False


def canonical(element):
    children = sorted((canonical(child) for child in element), key=repr) if has_no_order(element) else [
        canonical(child) for child in element
    ]  # fmt: skip
    text = "" if len(element) else element.text or ""
    return element.tag, sorted(element.attrib.items()), number_text(text), children


def has_no_order(element):
    """The members of a structure, unlike a list's elements, may come in any order."""
    tags = [child.tag for child in element]
    return len(set(tags)) == len(tags)


def number_text(text):
    try:
        return repr(float(text)) if "e" in text or "." in text else text
    except ValueError:
        return text


def same(left, right):
    """JSON values, an integer the same as a floating-point number of its value, true not the same as 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def short_json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
