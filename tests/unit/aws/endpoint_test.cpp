#include "aws/endpoint.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

Endpoint resolve(std::string_view name, std::string_view operation, std::string_view region,
                 const EndpointSettings& settings = {}) {
  const Service& model = service(name);
  return resolve_endpoint(model, model.operation(operation), Object(), region, settings);
}

std::string ec2_url(std::string_view region, const EndpointSettings& settings = {}) {
  return resolve("ec2", "DescribeVpcs", region, settings).url;
}

EndpointSettings at(std::string url) {
  EndpointSettings settings;
  settings.url = std::move(url);
  return settings;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
    return error.what();
  }
  return "";
}

TEST(Endpoint, IsWhatTheRegionsPartitionHas) {
  EXPECT_EQ(ec2_url("eu-west-2"), "https://ec2.eu-west-2.amazonaws.com");
  EXPECT_EQ(resolve("ecr", "DescribeRepositories", "us-east-1").url, "https://api.ecr.us-east-1.amazonaws.com");
  EXPECT_EQ(ec2_url("mx-central-1"), "https://ec2.mx-central-1.amazonaws.com");
  EXPECT_EQ(ec2_url("cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(ec2_url("us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(ec2_url("us-iso-east-1"), "https://ec2.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(ec2_url("eusc-de-east-1"), "https://ec2.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(ec2_url("eu-nowhere-7"), "https://ec2.eu-nowhere-7.amazonaws.com");
  const Endpoint endpoint = resolve("ec2", "DescribeVpcs", "eu-west-2");
  EXPECT_EQ(endpoint.auth_scheme, AuthScheme::sigv4);
  EXPECT_EQ(endpoint.signing_name, "ec2");
  EXPECT_EQ(endpoint.signing_region, "eu-west-2");
  EXPECT_EQ(endpoint.path_encoding, PathEncoding::twice);
  EXPECT_EQ(endpoint.host_prefix, HostPrefix::added);
  EXPECT_TRUE(endpoint.headers.empty());
}

struct GlobalCase {
  std::string service, operation, region, url, signing_region;
};

TEST(Endpoint, GlobalServicesAreSignedForTheirPartitionsRegion) {
  for (const GlobalCase& row : {
           GlobalCase{"iam", "ListRoles", "eu-west-2", "https://iam.amazonaws.com", "us-east-1"},
           GlobalCase{"iam", "ListRoles", "aws-global", "https://iam.amazonaws.com", "us-east-1"},
           GlobalCase{"iam", "ListRoles", "cn-north-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
           GlobalCase{"iam", "ListRoles", "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"},
           GlobalCase{"sts", "GetCallerIdentity", "eu-west-2", "https://sts.eu-west-2.amazonaws.com", "eu-west-2"},
           GlobalCase{"sts", "GetCallerIdentity", "us-east-1", "https://sts.us-east-1.amazonaws.com", "us-east-1"},
           GlobalCase{"sts", "GetCallerIdentity", "aws-global", "https://sts.amazonaws.com", "us-east-1"},
       }) {
    const Endpoint endpoint = resolve(row.service, row.operation, row.region);
    EXPECT_EQ(endpoint.url, row.url) << row.region;
    EXPECT_EQ(endpoint.signing_region, row.signing_region) << row.service << " " << row.region;
    EXPECT_EQ(endpoint.signing_name, row.service);
  }
}

TEST(Endpoint, HasVariants) {
  EndpointSettings fips, dual_stack, both;
  fips.fips = dual_stack.dual_stack = both.fips = both.dual_stack = true;
  EXPECT_EQ(ec2_url("us-east-1", fips), "https://ec2-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(ec2_url("us-east-1", dual_stack), "https://ec2.us-east-1.api.aws");
  EXPECT_EQ(ec2_url("us-east-1", both), "https://ec2-fips.us-east-1.api.aws");
  both.url = "http://127.0.0.1:4566";
  EXPECT_EQ(ec2_url("us-east-1", both), "http://127.0.0.1:4566");
}

TEST(Endpoint, AnEndpointUrlReplacesIt) {
  auto url = [](const char* given) { return ec2_url("eu-west-2", at(given)); };
  EXPECT_EQ(url("http://127.0.0.1:4566"), "http://127.0.0.1:4566");
  EXPECT_EQ(url("http://localhost:4566/"), "http://localhost:4566");
  EXPECT_EQ(url("HTTPS://Proxy.Example:8443/AWS/"), "https://proxy.example:8443/AWS");
  EXPECT_EQ(url("https://proxy.example:443"), "https://proxy.example");
  EXPECT_EQ(url("http://proxy.example:80/x"), "http://proxy.example/x");
  EXPECT_EQ(url("http://proxy.example:443"), "http://proxy.example:443");
  EXPECT_EQ(url("http://[::1]:4566"), "http://[::1]:4566");
  const Endpoint endpoint = resolve("iam", "ListRoles", "eu-west-2", at("http://127.0.0.1:4566"));
  EXPECT_EQ(endpoint.signing_region, "eu-west-2");
  EXPECT_EQ(endpoint.host_prefix, HostPrefix::left_out);
}

TEST(Endpoint, NeedsRulesOrAnEndpointUrl) {
  auto unruled =
      read_service("unruled", R"({"metadata": {"protocol": "json", "signingName": "x"}, "operations": {"Do": {}}})");
  const Operation& operation = unruled->operation("Do");
  EXPECT_EQ(resolve_endpoint(*unruled, operation, Object(), "eu-west-2", at("http://127.0.0.1:1")).url,
            "http://127.0.0.1:1");
  EXPECT_THROW(resolve_endpoint(*unruled, operation, Object(), "eu-west-2", {}), Error);
}

TEST(Endpoint, RefusesRegionsThatNoPartitionHas) {
  for (std::string region :
       {"",           "eu",         "eu-west",        "eu-west-",          "eu--1",           "-west-1",
        "EU-WEST-2",  "eu-west-2 ", " eu-west-2",     "eu_west_2",         "xx-west-2",       "eu-west-2.evil.example",
        "eu-west-2/", "eu-west-2#", "eu-west-2@evil", "eu-west-2\r\nX: y", "us-gov-west-1-1", "a-b-1",
        "eu west-1",  "us-east-1a", "2130706433",     "169.254.169.254",   "eu-WEST-2",       "eu-we_st-2"})
    EXPECT_THROW(ec2_url(region), Error) << region;
  EXPECT_THROW(ec2_url("eu-" + std::string(58, 'w') + "-12"), Error);
  EXPECT_NO_THROW(ec2_url("eu-" + std::string(58, 'w') + "-1"));
  EXPECT_THROW(ec2_url(std::string_view("eu-west-2\0", 10)), Error);
  EXPECT_THROW(ec2_url("nowhere", at("http://127.0.0.1:4566")), Error);
  EXPECT_EQ(message_of([] { ec2_url("x\r\ny"); }), "there is no AWS region \"x??y\"");
}

TEST(Endpoint, RefusesUnusableEndpointUrls) {
  for (const char* url : {"127.0.0.1:4566", "ftp://host", "file:///etc/passwd", "http://", "http:///path", "http://:80",
                          "https://:443/", "http://user@host", "http://host/#fragment", "http://host?query",
                          "http://ho st", "http://host\r\nX: y", "gopher://host", "http:/host", "http://host\\@evil"})
    EXPECT_THROW(ec2_url("eu-west-2", at(url)), Error) << url;
}

TEST(Endpoint, ARequestsUrlHasPrefixPathAndQuery) {
  Endpoint endpoint;
  HttpParts parts;
  auto url = [&](const char* base, const char* prefix, const char* path, const char* query) {
    endpoint.url = base;
    parts.host_prefix = prefix;
    parts.path = path;
    parts.query = query;
    return request_url(endpoint, parts);
  };
  EXPECT_EQ(url("https://a.amazonaws.com", "", "/", ""), "https://a.amazonaws.com/");
  EXPECT_EQ(url("https://a.amazonaws.com", "", "", ""), "https://a.amazonaws.com/");
  EXPECT_EQ(url("https://a.amazonaws.com", "data.", "/x", "y=1"), "https://data.a.amazonaws.com/x?y=1");
  EXPECT_EQ(url("https://a.amazonaws.com/bucket", "", "", "list-type=2"), "https://a.amazonaws.com/bucket?list-type=2");
  EXPECT_EQ(url("https://a.amazonaws.com/bucket", "", "/key", ""), "https://a.amazonaws.com/bucket/key");
  for (const char* prefix : {"evil.example/", "evil.example#", "a@", "a_b.", "-a.", "a..", ".", "a:1.", "\r\n"})
    EXPECT_THROW(url("https://a.amazonaws.com", prefix, "/", ""), Error) << prefix;
  EXPECT_THROW(url("https://a.amazonaws.com", (std::string(64, 'a') + ".").c_str(), "/", ""), Error);
  endpoint.host_prefix = HostPrefix::left_out;
  EXPECT_EQ(url("http://127.0.0.1:4566", "data.", "/x", ""), "http://127.0.0.1:4566/x");
}

} // namespace
} // namespace iasql::aws
