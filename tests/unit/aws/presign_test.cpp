#include "aws/plain_endpoint_rules.hpp"
#include "aws/presign.hpp"
#include "aws/sign_call.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;

const Credentials key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok/en==");

PresignOptions options() {
  PresignOptions result;
  result.region = "eu-west-2";
  result.time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 15h + 5min;
  result.expires = 60s;
  return result;
}

// A service of one operation, whose endpoint asks for signatures of that scheme.
std::unique_ptr<Service> service_of(const std::string& protocol, const std::string& operation,
                                    const std::string& scheme) {
  auto service = read_service("things",
                              R"({
    "metadata": {"protocol": ")" + protocol +
                                  R"(", "jsonVersion": "1.1", "targetPrefix": "Things", "endpointPrefix": "things",
                 "signingName": "things", "apiVersion": "2026-11-22"},
    "operations": {"Act": {"name": "Act", "http": {"method": "PUT", "requestUri": "/{name}"}, )" +
                                  operation + R"("input": {"shape": "Input"}}},
    "shapes": {
      "Input": {"type": "structure", "required": ["name"], "payload": "body",
                "members": {"name": {"shape": "Text", "location": "uri", "locationName": "name"},
                            "kind": {"shape": "Text", "location": "header", "locationName": "Content-Type"},
                            "body": {"shape": "Bytes"}}},
      "Text": {"type": "string"}, "Bytes": {"type": "blob"}}})");
  std::string rules = plain_endpoint_rules("things");
  const std::string url = R"(.{Region}.{Partition#dnsSuffix}")";
  rules.insert(rules.find(url) + url.size(), R"(, "properties": {"authSchemes": [)" + scheme + "]}");
  service->endpoint_rules = rules;
  return service;
}

const std::string sigv4 = R"({"name": "sigv4", "signingName": "things", "signingRegion": "{Region}"})";
const std::string s3 =
    R"({"name": "sigv4", "signingName": "s3", "signingRegion": "{Region}", "disableDoubleEncoding": true})";

std::string refusal(const Service& service, const Value& input, const PresignOptions& how = options()) {
  try {
    presign(service, service.operation("Act"), input, key, how);
    return "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
    return error.what();
  }
}

// What EKS takes for a token is this URL in base64; the signature is the one that botocore makes.
TEST(Presign, ACallersIdentityAsEksWantsIt) {
  const Service& sts = service("sts");
  PresignOptions how = options();
  how.headers = {{"x-k8s-aws-id", "my-cluster"}};
  auto found = presign(sts, sts.operation("GetCallerIdentity"), Object(), key, how);
  EXPECT_EQ(found.method, "GET");
  EXPECT_EQ(found.headers, (net::Headers{{"x-k8s-aws-id", "my-cluster"}}));
  EXPECT_EQ(found.url, "https://sts.eu-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
                       "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                       "&X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Feu-west-2%2Fsts%2Faws4_request"
                       "&X-Amz-Date=20261122T150500Z&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Expires=60"
                       "&X-Amz-Security-Token=tok%2Fen%3D%3D"
                       "&X-Amz-Signature=5ebeb790ecc97c40b02c9c8c634aadcf09296475411be0a174446fe442cbf1c3");
}

TEST(Presign, AnObjectsBodyIsOpenAndItsHeadersAreNot) {
  auto service = service_of("rest-xml", "", s3);
  auto found =
      presign(*service, service->operation("Act"), Object{{"name", "a b"}, {"kind", "text/plain"}}, key, options());
  EXPECT_EQ(found.method, "PUT");
  EXPECT_EQ(found.headers, (net::Headers{{"Content-Type", "text/plain"}}));
  EXPECT_EQ(found.url.substr(0, found.url.find('&')),
            "https://things.eu-west-2.amazonaws.com/a%20b?X-Amz-Algorithm=AWS4-HMAC-SHA256");
  EXPECT_NE(found.url.find("SignedHeaders=content-type%3Bhost"), std::string::npos);
}

TEST(Presign, RefusesWhatAUrlCannotCarry) {
  auto plain = service_of("rest-json", "", sigv4);
  EXPECT_EQ(refusal(*plain, Object{{"name", "x"}}), "not refused");
  EXPECT_EQ(refusal(*plain, Object{{"name", "x"}, {"body", "Ym9keQ=="}}),
            "a presigned URL cannot carry the input of Act");
  auto unsigned_body = service_of("rest-json", R"("authtype": "v4-unsigned-body", )", sigv4);
  EXPECT_EQ(refusal(*unsigned_body, Object{{"name", "x"}, {"body", "Ym9keQ=="}}), "not refused");
  auto several = service_of("rest-json", "", R"({"name": "sigv4a", "signingName": "x", "signingRegionSet": ["*"]})");
  EXPECT_EQ(refusal(*several, Object{{"name", "x"}}),
            "Act at https://things.eu-west-2.amazonaws.com needs a signature for several regions (SigV4a)");
  auto open = service_of("rest-json", R"("authtype": "none", )", sigv4);
  EXPECT_EQ(refusal(*open, Object{{"name", "x"}}), "Act takes no signature, so there is nothing to presign");
}

TEST(Presign, AKeyIsNoUseWhereATokenIsWanted) {
  auto service = service_of("rest-json", R"("auth": ["smithy.api#httpBearerAuth"], )", sigv4);
  EXPECT_EQ(refusal(*service, Object{{"name", "x"}}),
            "Act of things takes no access key: it asks for smithy.api#httpBearerAuth");
  service = service_of("rest-json", R"("auth": ["aws.auth#sigv4a", "aws.auth#sigv4"], )", sigv4);
  EXPECT_EQ(refusal(*service, Object{{"name", "x"}}), "not refused");
}

TEST(SigningOptions, SayWhatModelAndEndpointSay) {
  struct Case {
    const char* operation;
    const std::string& scheme;
    const char* service;
    PathStyle path;
    const char* payload;
    bool is_hash_sent;
  };
  for (const auto& [operation, scheme, name, path, payload, is_hash_sent] :
       {Case{"", sigv4, "things", PathStyle::normalized, "", false},
        {"", s3, "s3", PathStyle::as_is, "", true},
        {R"("unsignedPayload": true, )", sigv4, "things", PathStyle::normalized, "UNSIGNED-PAYLOAD", true},
        {R"("authtype": "v4-unsigned-body", )", sigv4, "things", PathStyle::normalized, "UNSIGNED-PAYLOAD", true}}) {
    auto service = service_of("rest-json", operation, scheme);
    const Operation& act = service->operation("Act");
    const Value input = Object{{"name", "x"}};
    auto endpoint = resolve_endpoint(*service, act, input, "eu-west-2", {});
    auto found = signing_options(*service, act, endpoint, options().time);
    EXPECT_EQ(found.service, name);
    EXPECT_EQ(found.region, "eu-west-2");
    EXPECT_EQ(found.path, path);
    EXPECT_EQ(found.payload_hash, payload);
    EXPECT_EQ(found.content_hash_header, is_hash_sent);
    EXPECT_EQ(found.place, SignatureIn::headers);
  }
}

TEST(Presign, IsValidForASecondToSevenDays) {
  auto service = service_of("rest-json", "", sigv4);
  PresignOptions how = options();
  for (std::chrono::seconds invalid : {0s, -5s, std::chrono::seconds(7 * 24h + 1s)}) {
    how.expires = invalid;
    EXPECT_EQ(refusal(*service, Object{{"name", "x"}}, how),
              "a presigned URL cannot be valid for " + std::to_string(invalid.count()) + " seconds");
  }
  for (std::chrono::seconds valid : {1s, std::chrono::seconds(7 * 24h)}) {
    how.expires = valid;
    EXPECT_EQ(refusal(*service, Object{{"name", "x"}}, how), "not refused");
  }
}

} // namespace
} // namespace iasql::aws
