"""Requests to sign, made up from a seed: what the public vectors leave out.

What is not made, because the two signers mean different things by it, and why ours is right or it does not matter:
  - queries that are not percent-encoded as RFC 3986 has it ("+", lower-case digits, "&&"): botocore signs them as they
    are written, AWS and its C SDK encode them anew, as we do. No serialiser writes them.
  - a name that is there twice in the query of a presigned URL: botocore keeps the first only.
  - a Date header: botocore rewrites it and signs no X-Amz-Date. Ours always signs X-Amz-Date, which goes before Date.
  - white space in headers other than blank, tab and line break: Python takes U+00A0 and others for white space too.
  - times after 2262, where a nanosecond clock ends.
  - an S3 URL without a path: botocore's canonical path is then empty, though "/" is sent. Its serialiser writes none.
"""

import base64
import datetime
import random

UNICODE = ["ä", "é", "ß", "日本", "🙂", "Ω", "ı", "́"]
SAFE = "abcxyzABCXYZ0189-._~"
RESERVED = "!*'();:@&=+$,/?#[] %\"<>\\^`{|}"
REGIONS = ["us-east-1", "eu-west-2", "eu-central-1", "ap-southeast-3", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
           "eusc-de-east-1", "me-central-1", "mx-central-1", "il-central-1"]
SERVICES = ["ec2", "iam", "sts", "execute-api", "lambda", "logs", "monitoring", "elasticloadbalancing", "ecr", "route53",
            "dynamodb", "aoss", "service"]
S3_SERVICES = ["s3", "s3-outposts", "s3-object-lambda", "s3express"]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"]
HEADERS = ["Content-Type", "X-Amz-Target", "x-amz-meta-name", "X-Amz-Acl", "Range", "If-Match", "Cache-Control", "Accept",
           "x-k8s-aws-id", "X-Custom.Header_1", "Content-MD5", "Accept-Encoding", "Content-Length", "cookie"]
# Those that a proxy may change or that belong to one connection.
UNSIGNED_HEADERS = ["User-Agent", "Connection", "Expect", "X-Amzn-Trace-Id", "Upgrade", "TE", "Trailer", "Keep-Alive",
                    "Transfer-Encoding", "traceparent", "tracestate", "baggage", "Proxy-Authorization",
                    "Proxy-Authenticate"]
EDGES_OF_TIME = ["1970-01-01T00:00:00", "1970-01-01T00:00:01", "1999-12-31T23:59:59", "2000-02-29T12:00:00",
                 "2024-02-29T23:59:59", "2026-11-22T15:05:00", "2038-01-19T03:14:07", "2038-01-19T03:14:08",
                 "2100-02-28T23:59:59", "2100-03-01T00:00:00", "2200-12-31T23:59:59", "2262-04-11T23:00:00"]
LONGEST_EXPIRY = 7 * 24 * 3600


def encoded(text, safe=""):
    return "".join(chr(byte) if chr(byte) in SAFE + safe and byte < 128 else f"%{byte:02X}" for byte in text.encode())


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, choices):
        return self.random.choice(choices)

    def happens(self, probability):
        return self.random.random() < probability

    def text(self, longest, alphabet):
        return "".join(self.one(alphabet) for _ in range(self.random.randint(1, longest)))

    def host(self):
        scheme = self.one(["https", "https", "https", "http"])
        kind = self.random.random()
        if kind < 0.6:
            name = f"{self.one(SERVICES + S3_SERVICES)}.{self.one(REGIONS)}.amazonaws.com"
        elif kind < 0.7:
            name = self.text(12, "abcxyz019-").strip("-.") + "a.example.com"
        elif kind < 0.8:
            name = self.one(["127.0.0.1", "localhost", "192.0.2.17"])
        elif kind < 0.9:
            name = self.one(["[::1]", "[2001:db8::7]", "[FE80::A]", "[::ffff:192.0.2.1]"])
        else:
            name = self.one(["Bucket.S3.Amazonaws.com", "EXAMPLE.com", "my.dotted.bucket.s3.amazonaws.com"])
        port = self.one(["", "", "", ":443", ":80", ":4566", ":8443", ":65535"])
        return scheme, name + port

    def segment(self):
        kind = self.random.random()
        if kind < 0.12:
            return self.one(["", ".", "..", "...", "%2E", "%2e%2e", "."])
        if kind < 0.4:
            return self.text(8, SAFE)
        if kind < 0.6:
            return encoded(self.text(6, SAFE + RESERVED))
        if kind < 0.75:
            return encoded(self.text(4, UNICODE + list(SAFE)))
        if kind < 0.85:
            return encoded(encoded(self.text(3, RESERVED + SAFE)))  # a percent sign in the name itself
        if kind < 0.95:
            return self.text(6, SAFE + "!*'():@&=+$,;")  # what a path may have unencoded
        return "a" * self.random.randint(20, 300)

    def path(self, is_s3):
        segments = [self.segment() for _ in range(self.random.randint(0, 5))]
        path = "/" + "/".join(segments) + self.one(["", "", "/", "//"])
        if not is_s3 and self.happens(0.03):
            return ""
        return path

    def query(self, is_presigned):
        pairs = []
        for _ in range(self.one([0, 0, 1, 2, 3, 6])):
            name = encoded(self.text(5, SAFE + "/:[] %") if self.happens(0.7) else self.text(3, UNICODE))
            value = self.one(["", encoded(self.text(8, SAFE + RESERVED)), encoded(self.text(4, UNICODE)), self.text(6, SAFE)])
            pairs.append(name + ("" if value == "" and self.happens(0.5) else "=" + value))
            if not is_presigned and self.happens(0.25):
                pairs.append(name + "=" + encoded(self.text(3, SAFE + RESERVED)))
        if is_presigned:
            by_name = {pair.partition("=")[0]: pair for pair in pairs}
            pairs = list(by_name.values())
        self.random.shuffle(pairs)
        return "&".join(pairs)

    def header_value(self):
        kind = self.random.random()
        if kind < 0.5:
            return self.text(12, SAFE + "/;=,\"")
        if kind < 0.8:  # folded and padded
            parts = [self.text(4, SAFE) for _ in range(self.random.randint(1, 4))]
            return self.one(["", " ", "\t ", "  "]) + self.one([" ", "  ", " \t ", "\n  ", "   "]).join(parts) + self.one(["", " ", "   "])
        if kind < 0.9:
            return self.text(5, UNICODE)
        return self.one(["", " ", '"a   b"', "a,b", "a, b"])

    def headers(self):
        headers = []
        for _ in range(self.one([0, 1, 2, 3, 6])):
            name = self.one(UNSIGNED_HEADERS if self.happens(0.2) else HEADERS)
            name = self.one([name, name.lower(), name.upper()])
            headers.append([name, self.header_value()])
            if self.happens(0.15):
                headers.append([self.one([name, name.lower()]), self.header_value()])
        self.random.shuffle(headers)
        return headers

    def time(self):
        if self.happens(0.3):
            moment = datetime.datetime.fromisoformat(self.one(EDGES_OF_TIME)).replace(tzinfo=datetime.timezone.utc)
            return int(moment.timestamp())
        return self.random.randint(0, 4_102_444_800 if self.happens(0.9) else 9_223_372_000)

    def case(self):
        is_s3 = self.happens(0.4)
        is_presigned = self.happens(0.35)
        scheme, authority = self.host()
        query = self.query(is_presigned)
        path = self.path(is_s3)
        has_body = not is_presigned and self.happens(0.5)
        body = self.one([self.text(40, SAFE + RESERVED).encode(), self.random.randbytes(self.random.randint(1, 300))])
        return {
            "s3": is_s3,
            "presigned": is_presigned,
            "unsigned_payload": self.happens(0.25),
            "method": self.one(METHODS),
            "url": f"{scheme}://{authority}{path}" + (f"?{query}" if query else ""),
            "headers": self.headers(),
            "body": base64.b64encode(body if has_body else b"").decode(),
            "key": "AKIA" + self.text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            "secret": self.text(40, "abcXYZ019/+"),
            "token": self.text(200, "abcXYZ019/+=") + "==" if self.happens(0.4) else "",
            "region": self.one(REGIONS),
            "service": self.one(S3_SERVICES if is_s3 else SERVICES),
            "time": self.time(),
            "expires": self.one([1, 60, 3600, LONGEST_EXPIRY, self.random.randint(1, LONGEST_EXPIRY)]),
        }
