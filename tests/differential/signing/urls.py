"""Operations to presign, made up from a seed, and botocore's URLs for them."""

import json

import botocore.auth
import botocore.session
from botocore.config import Config

from cases import SAFE, UNICODE, RESERVED, Maker

REGIONS = ["us-east-1", "eu-west-2", "ap-southeast-3", "cn-north-1", "us-gov-west-1"]


def key_of(maker):
    """An object's name. A segment "." or ".." and an empty one at the end are for the serialiser to refuse."""
    segments = [maker.text(6, list(SAFE + RESERVED.replace("/", "") + " ") + UNICODE) for _ in range(maker.random.randint(1, 4))]
    segments = [segment if segment.strip(".") else "dots" for segment in segments]
    return "/".join(segments)


def bucket_of(maker):
    return maker.one(["bucket", "my-bucket-1", "with.dots.in.it", "x" * 63, "123"])


def bucket_and_key(maker):
    return {"Bucket": bucket_of(maker), "Key": key_of(maker)}


# Service, operation, botocore's name of it, the input, the members of which some are added.
OPERATIONS = [
    ("s3", "GetObject", bucket_and_key, {
        "VersionId": "v/1=", "ResponseContentDisposition": 'attachment; filename="ä b.txt"', "PartNumber": 3, "Range": "bytes=0-9",
        "ResponseContentType": "text/plain; charset=utf-8", "IfMatch": '"etag"'}),
    ("s3", "PutObject", bucket_and_key, {
        "ContentType": "text/plain", "ACL": "public-read", "Metadata": {"one": "1", "Two": "a  b"}, "StorageClass": "STANDARD_IA",
        "ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg==", "Tagging": "a=b&c=d", "CacheControl": "no-cache, no-store"}),
    ("s3", "HeadObject", bucket_and_key, {"VersionId": "null"}),
    ("s3", "DeleteObject", bucket_and_key, {"VersionId": "x"}),
    ("s3", "ListObjectsV2", lambda maker: {"Bucket": bucket_of(maker)}, {"Prefix": "a b/ü", "Delimiter": "/", "MaxKeys": 7}),
    ("s3", "CreateMultipartUpload", bucket_and_key, {"ContentType": "image/png"}),
    ("s3", "UploadPart", lambda maker: {**bucket_and_key(maker), "UploadId": maker.text(30, SAFE), "PartNumber": 2}, {}),
    ("sts", "GetCallerIdentity", lambda maker: {}, {}),
    ("sts", "AssumeRole", lambda maker: {"RoleArn": "arn:aws:iam::123456789012:role/" + maker.text(8, SAFE), "RoleSessionName": "session"},
     {"ExternalId": "a:b/c@d", "DurationSeconds": 900, "Policy": '{"Version": "2012-10-17"}'}),
    ("ec2", "DescribeInstances", lambda maker: {}, {"InstanceIds": ["i-1", "i-2"], "MaxResults": 5}),
    ("sns", "ListTopics", lambda maker: {}, {"NextToken": "a+b/c="}),
    ("lambda", "GetFunction", lambda maker: {"FunctionName": maker.text(8, "abc-_:")}, {"Qualifier": "$LATEST"}),
    ("eks", "ListClusters", lambda maker: {}, {"maxResults": 5, "nextToken": "a b"}),
]


class UrlMaker:
    def __init__(self, seed):
        self.maker = Maker(seed + " urls")
        self.session = botocore.session.Session()
        self.clients = {}

    def models(self):
        """Each service's name and model, with its endpoint rule set as tools/trim_models.py puts it there."""
        loader = self.session.get_component("data_loader")
        for service in sorted({service for service, *_ in OPERATIONS}):
            model = loader.load_service_model(service, "service-2")
            rules = loader.load_service_model(service, "endpoint-rule-set-1")
            yield service, {**model, "endpointRules": json.dumps(rules)}

    def case(self):
        maker = self.maker
        service, operation, required, optional = maker.one(OPERATIONS)
        given = required(maker)
        given.update((name, value) for name, value in optional.items() if maker.happens(0.4))
        made = maker.case()
        return {
            "service": service,
            "operation": operation,
            "input": given,
            "region": maker.one(REGIONS),
            "path_style": maker.happens(0.3),
            **{name: made[name] for name in ("key", "secret", "token", "time", "expires")},
        }

    def theirs(self, case, moment):
        """botocore's URL. It may add members to the case's input, as its client does for every call."""
        client = self.client(case)
        botocore.auth.get_current_datetime = lambda: moment
        # Credentials as they are in the case; the client is made once for many of them.
        client._request_signer._credentials = botocore.credentials.Credentials(case["key"], case["secret"], case["token"] or None)
        method = "GET" if client.meta.service_model.metadata["protocol"] in ("query", "ec2") else None
        names = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        return client.generate_presigned_url(names[case["operation"]], case["input"], case["expires"], method)

    def client(self, case):
        which = (case["service"], case["region"], case["path_style"])
        if which not in self.clients:
            config = Config(signature_version="s3v4" if case["service"] == "s3" else None,
                            s3={"addressing_style": "path" if case["path_style"] else "virtual",
                                "us_east_1_regional_endpoint": "regional"})
            self.clients[which] = self.session.create_client(case["service"], case["region"], aws_access_key_id="x",
                                                             aws_secret_access_key="y", config=config)
        return self.clients[which]
