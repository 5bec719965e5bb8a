// Inputs that are meant to send a signed request elsewhere: regions, buckets, ARNs, account ids and labels that become
// parts of a URL. Whatever the rules make of them, a request leaves for one of AWS's domains or not at all.

#include "aws/endpoint.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <map>

namespace iasql::aws {

namespace {

using namespace std::string_literals;

std::unique_ptr<Service> botocore_service(const std::string& name) {
  const auto folder = conformance::folders_of(conformance::botocore_source() / "botocore" / "data" / name).back();
  auto service = read_service(name, conformance::read_file(folder / "service-2.json"));
  service->endpoint_rules = conformance::read_file(folder / "endpoint-rule-set-1.json");
  return service;
}

// As bucket, region, part of an ARN, account id and host label alike.
const std::string payloads[] = {
    "169.254.169.254",
    "169.254.169.254/latest/meta-data",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "127.0.0.1",
    "127.1",
    "0",
    "localhost",
    "[::1]",
    "[fd00:ec2::254]",
    "[::ffff:169.254.169.254]",
    "evil.example",
    "evil.example/",
    "evil.example#",
    "evil.example?",
    "evil.example\\",
    "evil.example:443",
    "evil.example:443/#",
    "evil.example%2f",
    "evil.example%23",
    "evil.example%00",
    "user@evil.example",
    "user:password@evil.example/",
    "@evil.example",
    "@169.254.169.254/",
    "evil.example@",
    "a/../../..",
    "..",
    ".",
    "../evil",
    "//evil.example",
    "///",
    "\\\\evil.example",
    "https://evil.example",
    "http://169.254.169.254/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "a\r\nHost: evil.example",
    "a\r\n\r\nGET / HTTP/1.1",
    "a\nb",
    "a\rb",
    "a\tb",
    "a b",
    "a\0b"s,
    "a\x7f"s,
    "a\x1b[2J",
    "\xe2\x80\xa8",
    "\xef\xbc\x8f\xef\xbc\x8f"
    "evil.example",
    "evil\xe3\x80\x82"
    "example",
    "\xff\xfe",
    "-a",
    "a-",
    "a..b",
    ".a",
    "a.",
    "a_b",
    "{Region}",
    "{url#authority}",
    "${jndi:ldap://evil.example/}",
    std::string(64, 'a'),
    std::string(254, 'a'),
    std::string(100000, 'a'),
    "amazonaws.com.evil.example",
    "evil.example/.amazonaws.com",
    "evil.example#.amazonaws.com",
};

struct HostileCase {
  const char* service;
  const char* operation;
  const char* member;
  const char* before; // what stands before and after the payload in the member
  const char* after;
};

constexpr HostileCase places[] = {
    {"s3", "ListObjects", "Bucket", "", ""},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3:us-east-1:123456789012:accesspoint/", ""},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3:", ":123456789012:accesspoint/point"},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3:us-east-1:", ":accesspoint/point"},
    {"s3", "ListObjects", "Bucket", "arn:", ":s3:us-east-1:123456789012:accesspoint/point"},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/", ""},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3-outposts:us-east-1:123456789012:outpost/", "/accesspoint/point"},
    {"s3", "ListObjects", "Bucket", "arn:aws:s3::123456789012:accesspoint:", ".mrap"},
    {"s3", "ListObjects", "Bucket", "bucket--", "--x-s3"},
    {"s3control", "ListJobs", "AccountId", "", ""},
    {"s3control", "GetAccessPoint", "Name", "arn:aws:s3-outposts:us-west-2:123456789012:outpost:", ":accesspoint:x"},
    {"dynamodb", "DescribeTable", "TableName", "arn:aws:dynamodb:us-east-1:", ":table/x"},
    {"dynamodb", "DescribeTable", "TableName", "arn:aws:dynamodb:", ":123456789012:table/x"},
    {"kinesis", "DescribeStream", "StreamARN", "arn:aws:kinesis:us-east-1:", ":stream/x"},
    {"events", "PutEvents", "EndpointId", "", ""},
    {"opensearchmemory", "GetMemory", "spaceId", "", ""},
};

bool is_aws_host(const std::string& authority) {
  return authority.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
             std::string::npos &&
         authority.size() <= 253 &&
         (authority.ends_with(".amazonaws.com") || authority.ends_with(".amazonaws.com.cn") ||
          authority.ends_with(".api.aws") || authority.ends_with(".on.aws"));
}

TEST(Endpoints, HostileInputsNeverLeaveAws) {
  int refused = 0, harmless = 0;
  std::map<std::string, std::unique_ptr<Service>> services;
  for (const HostileCase& place : places) {
    auto& service = services[place.service];
    if (!service) service = botocore_service(place.service);
    const Operation& operation = service->operation(place.operation);
    ASSERT_NE(operation.input->member(place.member), nullptr) << place.service << " " << place.member;
    for (const std::string& payload : payloads) {
      const Object input = {{place.member, place.before + payload + place.after}};
      for (const BucketAddressing addressing : {BucketAddressing::automatic, BucketAddressing::path}) {
        EndpointSettings settings;
        settings.bucket_addressing = addressing;
        try {
          const Endpoint endpoint = resolve_endpoint(*service, operation, input, "us-east-1", settings);
          ++harmless;
          const UrlParts url = split_url(endpoint.url);
          EXPECT_EQ(url.scheme, "https") << endpoint.url;
          EXPECT_TRUE(is_aws_host(url.authority)) << endpoint.url;
          EXPECT_EQ(endpoint.url.find_first_of("@#?\\ \r\n\t"), std::string::npos) << endpoint.url;
        } catch (const Error& error) {
          ++refused;
          EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value) << error.what();
          EXPECT_EQ(std::string(error.what()).find_first_of("\r\n\t\x1b"), std::string::npos) << error.what();
          EXPECT_LE(std::string(error.what()).size(), 400u);
        }
      }
    }
  }
  for (const std::string& payload : payloads) {
    const Service& s3 = *services["s3"];
    EXPECT_THROW(resolve_endpoint(s3, s3.operation("ListBuckets"), Object(), payload, {}), Error) << payload;
    EndpointSettings settings;
    settings.account_id = payload;
    const Service& dynamodb = *services["dynamodb"];
    try {
      const Endpoint endpoint =
          resolve_endpoint(dynamodb, dynamodb.operation("ListTables"), Object(), "us-east-1", settings);
      EXPECT_TRUE(is_aws_host(split_url(endpoint.url).authority)) << endpoint.url;
    } catch (const Error&) {
      ++refused;
    }
  }
  std::cout << std::size(payloads) << " hostile texts in " << std::size(places) << " places: " << refused
            << " refused, " << harmless << " harmless\n";
}

TEST(Endpoints, HostileInputsStayAtTheOperatorsUrl) {
  const auto s3 = botocore_service("s3");
  const Operation& operation = s3->operation("ListObjects");
  for (const std::string& payload : payloads) {
    for (const BucketAddressing addressing : {BucketAddressing::automatic, BucketAddressing::virtual_host}) {
      EndpointSettings settings;
      settings.url = "http://127.0.0.1:4566";
      settings.bucket_addressing = addressing;
      try {
        const Endpoint endpoint = resolve_endpoint(*s3, operation, Object{{"Bucket", payload}}, "us-east-1", settings);
        const UrlParts url = split_url(endpoint.url);
        EXPECT_EQ(url.scheme, "http");
        EXPECT_TRUE(url.authority == "127.0.0.1:4566" || url.authority.ends_with(".127.0.0.1:4566")) << endpoint.url;
      } catch (const Error& error) {
        EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value) << error.what();
      }
    }
  }
}

// The bucket is no part of the path, and a request without it would be one for all of S3.
TEST(Endpoints, ABucketIsNeverEmptyOrADotSegment) {
  const auto s3 = botocore_service("s3");
  for (const char* bucket : {"", ".", "..", "a/..", "../a"})
    EXPECT_THROW(serialize(*s3, s3->operation("DeleteBucket"), Object{{"Bucket", bucket}}), Error) << bucket;
}

} // namespace
} // namespace iasql::aws
