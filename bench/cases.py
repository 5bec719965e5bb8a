"""The inputs and answers that the benchmark gives to botocore and to this project: one operation for each protocol.

    cases.py FOLDER

writes FOLDER/<protocol>.input (the operation's input, JSON), FOLDER/<protocol>.answer (the body of its answer, a page of
1,000 objects) and FOLDER/cases.txt (protocol, service and operation, a line each).
"""

import json
import pathlib
import sys
from xml.sax.saxutils import escape

PAGE = 1000


def group(number):
    return {
        "ownerId": "123456789012",
        "groupId": f"sg-{number:017x}",
        "groupName": f"service-{number}",
        "groupDescription": f"What may reach service {number} & its neighbours",
        "vpcId": f"vpc-{number % 7:017x}",
        "securityGroupArn": f"arn:aws:ec2:eu-west-2:123456789012:security-group/sg-{number:017x}",
        "ipPermissions": [
            {
                "ipProtocol": "tcp",
                "fromPort": 443,
                "toPort": 443,
                "groups": [{"userId": "123456789012", "groupId": f"sg-{number + 1:017x}"}],
                "ipRanges": [{"cidrIp": f"10.{number % 256}.0.0/16", "description": "the office"}],
                "ipv6Ranges": [],
                "prefixListIds": [],
            }
        ],
        "ipPermissionsEgress": [
            {
                "ipProtocol": "-1",
                "groups": [],
                "ipRanges": [{"cidrIp": "0.0.0.0/0"}],
                "ipv6Ranges": [{"cidrIpv6": "::/0"}],
                "prefixListIds": [],
            }
        ],
        "tagSet": [{"key": "Name", "value": f"service {number}"}, {"key": "stage", "value": "production"}],
    }


def role(number):
    return {
        "Path": "/service-role/",
        "RoleName": f"role-{number}",
        "RoleId": f"AROA{number:017d}",
        "Arn": f"arn:aws:iam::123456789012:role/service-role/role-{number}",
        "CreateDate": "2026-11-22T08:00:00Z",
        "AssumeRolePolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D",
        "Description": f"What task {number} may do",
        "MaxSessionDuration": 3600,
    }


def repository(number):
    return {
        "repositoryArn": f"arn:aws:ecr:eu-west-2:123456789012:repository/team/service-{number}",
        "registryId": "123456789012",
        "repositoryName": f"team/service-{number}",
        "repositoryUri": f"123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/service-{number}",
        "createdAt": 1795334400.5,
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfiguration": {"encryptionType": "AES256"},
    }


def function(number):
    return {
        "FunctionName": f"function-{number}",
        "FunctionArn": f"arn:aws:lambda:eu-west-2:123456789012:function:function-{number}",
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::123456789012:role/role-{number}",
        "Handler": "main.handle",
        "CodeSize": 4096 + number,
        "Description": f"Answers \"question\" {number}",
        "Timeout": 30,
        "MemorySize": 256,
        "LastModified": "2026-11-22T08:00:00.000+0000",
        "Environment": {"Variables": {"STAGE": "production", "NUMBER": str(number)}},
        "VpcConfig": {"SubnetIds": [f"subnet-{number:017x}"], "SecurityGroupIds": [f"sg-{number:017x}"], "VpcId": "vpc-1"},
        "Layers": [{"Arn": "arn:aws:lambda:eu-west-2:123456789012:layer:common:1", "CodeSize": 1}],
        "Architectures": ["arm64"],
        "PackageType": "Zip",
    }


def s3_object(number):
    return {
        "Key": f"photos/2026/11/{number:05d}.jpeg",
        "LastModified": "2026-11-22T08:00:00.000Z",
        "ETag": f"\"{number:032x}\"",
        "Size": 100000 + number,
        "StorageClass": "STANDARD",
    }


def xml(name, value, item):
    if isinstance(value, dict):
        return f"<{name}>" + "".join(xml(key, part, item) for key, part in value.items()) + f"</{name}>"
    if isinstance(value, list):
        return f"<{name}>" + "".join(xml(item, part, item) for part in value) + f"</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def pages():
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    numbers = range(PAGE)
    groups = xml("securityGroupInfo", [group(number) for number in numbers], "item")
    roles = xml("Roles", [role(number) for number in numbers], "member")
    objects = "".join(xml("Contents", s3_object(number), "") for number in numbers)
    return {
        "ec2": f'{head}<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>r</requestId>{groups}</DescribeSecurityGroupsResponse>",
        "query": f'{head}<ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult>'
        f"<IsTruncated>false</IsTruncated>{roles}</ListRolesResult></ListRolesResponse>",
        "json": json.dumps({"repositories": [repository(number) for number in numbers]}, separators=(",", ":")),
        "rest-json": json.dumps({"Functions": [function(number) for number in numbers]}, separators=(",", ":")),
        "rest-xml": f'{head}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>'
        f"<KeyCount>{PAGE}</KeyCount>{objects}</ListBucketResult>",
    }


CASES = {
    "ec2": (
        "ec2",
        "DescribeSecurityGroups",
        {
            "Filters": [{"Name": "vpc-id", "Values": ["vpc-1", "vpc-2"]}, {"Name": "group-name", "Values": ["a b"]}],
            "GroupIds": [f"sg-{number:017x}" for number in range(20)],
            "MaxResults": 1000,
        },
    ),
    "query": ("iam", "ListRoles", {"PathPrefix": "/service-role/", "Marker": "m" * 40, "MaxItems": 1000}),
    "json": (
        "ecr",
        "DescribeRepositories",
        {"registryId": "123456789012", "repositoryNames": [f"team/service-{number}" for number in range(20)]},
    ),
    "rest-json": (
        "lambda",
        "UpdateFunctionConfiguration",
        {
            "FunctionName": "function-1",
            "Timeout": 30,
            "Environment": {"Variables": {f"VARIABLE_{number}": f"value {number}" for number in range(20)}},
            "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1", "sg-2"]},
        },
    ),
    "rest-xml": (
        "s3",
        "PutBucketTagging",
        {
            "Bucket": "bucket",
            "Tagging": {"TagSet": [{"Key": f"key-{number}", "Value": f"value & {number}"} for number in range(20)]},
        },
    ),
}
# The operation whose answer is the page, where it is not the one whose input is serialised.
ANSWERS = {"rest-json": "ListFunctions", "rest-xml": "ListObjectsV2"}


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for protocol, page in pages().items():
        service, operation, given = CASES[protocol]
        (folder / f"{protocol}.input").write_text(json.dumps(given))
        (folder / f"{protocol}.answer").write_text(page)
        lines.append(f"{protocol} {service} {operation} {ANSWERS.get(protocol, operation)}\n")
    (folder / "cases.txt").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
