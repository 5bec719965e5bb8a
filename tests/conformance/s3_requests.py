#!/usr/bin/env python3
"""Writes s3_requests.json: where botocore sends S3's requests, over bucket names, ARNs, regions and settings.

    python3 tests/conformance/s3_requests.py > tests/conformance/s3_requests.json

It needs botocore (the release that tools/botocore.txt pins) and no network: what it would send is caught before it is
sent. A request's URL, which has the Host header in it, and what it is signed for are kept, or botocore's error.
"""

import itertools
import json
import sys

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

ACCESS_POINT = "arn:aws:s3:us-west-2:123456789012:accesspoint/my-point"
OPERATIONS = [
    ("ListBuckets", {}),
    ("CreateBucket", {"Bucket": "my-bucket"}),
    ("HeadBucket", {"Bucket": "my-bucket"}),
    ("DeleteBucket", {"Bucket": "my.bucket"}),
    ("GetBucketLocation", {"Bucket": "my-bucket"}),
    ("GetBucketPolicy", {"Bucket": "MyBucket_1"}),
    ("ListObjectsV2", {"Bucket": "my-bucket", "EncodingType": "url", "MaxKeys": 2, "Prefix": "a/b c"}),
    ("PutObject", {"Bucket": "my-bucket", "Key": "a/b c+d/é", "Body": "eA=="}),
    ("GetObject", {"Bucket": "my.bucket", "Key": "dir//file.txt"}),
    ("GetObject", {"Bucket": ACCESS_POINT, "Key": "key"}),
    ("DeleteObject", {"Bucket": "my-bucket", "Key": "key", "VersionId": "v1"}),
    ("CopyObject", {"Bucket": "my-bucket", "Key": "to", "CopySource": "from/key"}),
    ("ListMultipartUploads", {"Bucket": "my-bucket"}),
    ("PutBucketTagging", {"Bucket": "my-bucket", "Tagging": {"TagSet": [{"Key": "k", "Value": "v"}]}}),
]
SETTINGS = [
    {},
    {"bucket_addressing": "path"},
    {"bucket_addressing": "virtual_host"},
    {"dual_stack": True},
    {"fips": True},
    {"accelerate": True},
    {"use_arn_region": False},
    {"url": "http://127.0.0.1:4566"},
    {"url": "https://storage.example:8443", "bucket_addressing": "virtual_host"},
]
REGIONS = ["us-east-1", "eu-west-2", "cn-north-1"]
ADDRESSING = {"path": "path", "virtual_host": "virtual"}


def client(region, settings):
    s3 = {"us_east_1_regional_endpoint": "regional"}
    if "bucket_addressing" in settings:
        s3["addressing_style"] = ADDRESSING[settings["bucket_addressing"]]
    if "accelerate" in settings:
        s3["use_accelerate_endpoint"] = settings["accelerate"]
    if "use_arn_region" in settings:
        s3["use_arn_region"] = settings["use_arn_region"]
    session = botocore.session.Session()
    session.set_credentials("AKIATEST", "secret")
    config = Config(
        s3=s3,
        use_fips_endpoint=settings.get("fips"),
        use_dualstack_endpoint=settings.get("dual_stack"),
        retries={"total_max_attempts": 1},
    )
    return session.create_client("s3", region_name=region, endpoint_url=settings.get("url"), config=config)


def rows_of(region, settings):
    made = client(region, settings)
    caught = {}

    def keep(request, **_):
        caught["url"] = request.url
        scope = request.headers["Authorization"].decode().split("Credential=")[1].split(",")[0].split("/")
        caught["signing_region"], caught["signing_name"] = scope[2], scope[3]
        return AWSResponse(request.url, 200, {}, None)

    made.meta.events.register("before-send.s3", keep)
    for operation, arguments in OPERATIONS:
        caught.clear()
        try:
            made._make_api_call(operation, dict(arguments))
        except Exception as error:  # an answer without a body, or what botocore refuses before it sends anything
            if not caught:
                caught["error"] = str(error)
        yield {"region": region, "settings": settings, "operation": operation, "input": arguments, **caught}


def main():
    rows = [each for place in itertools.product(REGIONS, SETTINGS) for each in rows_of(*place)]
    lines = ",\n".join(json.dumps(each) for each in rows)
    sys.stdout.write(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
