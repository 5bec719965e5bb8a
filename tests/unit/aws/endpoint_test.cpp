#include "aws/endpoint.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

struct EndpointTest : testing::Test {
  EndpointTest() {
    regional.name = regional.endpoint_prefix = "ec2";
    prefixed.name = "ecr";
    prefixed.endpoint_prefix = "api.ecr";
    sts.name = sts.endpoint_prefix = "sts";
    sts.global_endpoint = "sts.amazonaws.com";
    iam.name = iam.endpoint_prefix = "iam";
    iam.global_endpoint = "iam.amazonaws.com";
  }
  Service regional, prefixed, sts, iam;
};

TEST_F(EndpointTest, IsPrefixRegionAndThePartitionsSuffix) {
  auto url = [](const Service& service, const char* region) { return resolve_endpoint(service, region, "").url; };
  EXPECT_EQ(url(regional, "eu-west-2"), "https://ec2.eu-west-2.amazonaws.com");
  EXPECT_EQ(url(prefixed, "us-east-1"), "https://api.ecr.us-east-1.amazonaws.com");
  EXPECT_EQ(url(regional, "ap-southeast-3"), "https://ec2.ap-southeast-3.amazonaws.com");
  EXPECT_EQ(url(regional, "mx-central-1"), "https://ec2.mx-central-1.amazonaws.com");
  EXPECT_EQ(url(regional, "cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(url(regional, "us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(url(regional, "us-iso-east-1"), "https://ec2.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(url(regional, "eusc-de-east-1"), "https://ec2.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(resolve_endpoint(regional, "eu-west-2", "").signing_region, "eu-west-2");
}

TEST_F(EndpointTest, GlobalServicesAreSignedForTheirOwnRegion) {
  auto global = resolve_endpoint(iam, "eu-west-2", "");
  EXPECT_EQ(global.url, "https://iam.amazonaws.com");
  EXPECT_EQ(global.signing_region, "us-east-1");
  auto china = resolve_endpoint(iam, "cn-north-1", "");
  EXPECT_EQ(china.url, "https://iam.cn-northwest-1.amazonaws.com.cn");
  EXPECT_EQ(china.signing_region, "cn-northwest-1");
  auto regional_all_the_same = resolve_endpoint(sts, "eu-west-2", "");
  EXPECT_EQ(regional_all_the_same.url, "https://sts.eu-west-2.amazonaws.com");
  EXPECT_EQ(regional_all_the_same.signing_region, "eu-west-2");
}

TEST_F(EndpointTest, AnEndpointUrlReplacesIt) {
  auto url = [&](const char* given) { return resolve_endpoint(regional, "eu-west-2", given).url; };
  EXPECT_EQ(url("http://127.0.0.1:4566"), "http://127.0.0.1:4566");
  EXPECT_EQ(url("http://localhost:4566/"), "http://localhost:4566");
  EXPECT_EQ(url("HTTPS://Proxy.Example:8443/AWS/"), "https://proxy.example:8443/AWS");
  EXPECT_EQ(url("https://proxy.example:443"), "https://proxy.example");
  EXPECT_EQ(url("http://proxy.example:80/x"), "http://proxy.example/x");
  EXPECT_EQ(url("http://proxy.example:443"), "http://proxy.example:443");
  EXPECT_EQ(url("http://[::1]:4566"), "http://[::1]:4566");
  EXPECT_EQ(resolve_endpoint(iam, "eu-west-2", "http://127.0.0.1:4566").signing_region, "us-east-1");
}

TEST_F(EndpointTest, RefusesRegionsThatNoPartitionHas) {
  for (std::string region :
       {"",           "eu",         "eu-west",        "eu-west-",          "eu--1",           "-west-1",
        "EU-WEST-2",  "eu-west-2 ", " eu-west-2",     "eu_west_2",         "xx-west-2",       "eu-west-2.evil.example",
        "eu-west-2/", "eu-west-2#", "eu-west-2@evil", "eu-west-2\r\nX: y", "us-gov-west-1-1", "a-b-1",
        "eu west-1",  "us-east-1a", "2130706433",     "169.254.169.254"})
    EXPECT_THROW(resolve_endpoint(regional, region, ""), Error) << region;
  EXPECT_THROW(resolve_endpoint(regional, "eu-" + std::string(80, 'w') + "-1", ""), Error);
  EXPECT_THROW(resolve_endpoint(regional, std::string_view("eu-west-2\0", 10), ""), Error);
  EXPECT_THROW(resolve_endpoint(regional, "nowhere", "http://127.0.0.1:4566"), Error);
  try {
    resolve_endpoint(regional, "x\r\ny", "");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
    EXPECT_STREQ(error.what(), "there is no AWS region \"x??y\"");
  }
}

TEST_F(EndpointTest, RefusesUnusableEndpointUrls) {
  for (const char* url : {"127.0.0.1:4566", "ftp://host", "file:///etc/passwd", "http://", "http:///path", "http://:80",
                          "https://:443/", "http://user@host", "http://host/#fragment", "http://host?query",
                          "http://ho st", "http://host\r\nX: y", "gopher://host", "http:/host", "http://host\\@evil"})
    EXPECT_THROW(resolve_endpoint(regional, "eu-west-2", url), Error) << url;
}

} // namespace
} // namespace iasql::aws
