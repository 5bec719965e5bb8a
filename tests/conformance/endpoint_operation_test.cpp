// Endpoints of whole operations: botocore's cases that have an operation with its input, and S3's requests as botocore
// sends them (s3_requests.json, made by s3_requests.py).

#include "aws/endpoint.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <map>

namespace iasql::aws {

namespace {

namespace fs = std::filesystem;

// The service as botocore's own files have it, whole.
const Service& botocore_service(const std::string& name) {
  static std::map<std::string, std::unique_ptr<Service>> services;
  std::unique_ptr<Service>& service = services[name];
  if (!service) {
    const fs::path folder = conformance::folders_of(conformance::botocore_source() / "botocore" / "data" / name).back();
    service = read_service(name, conformance::read_file(folder / "service-2.json"));
    service->endpoint_rules = conformance::read_file(folder / "endpoint-rule-set-1.json");
  }
  return *service;
}

bool is_set(const Value& built_ins, std::string_view name) {
  return built_ins[name] == Value(true);
}

EndpointSettings settings_of(const Value& built_ins) {
  EndpointSettings settings;
  settings.url = built_ins["SDK::Endpoint"].text();
  settings.fips = is_set(built_ins, "AWS::UseFIPS");
  settings.dual_stack = is_set(built_ins, "AWS::UseDualStack");
  settings.accelerate = is_set(built_ins, "AWS::S3::Accelerate");
  if (is_set(built_ins, "AWS::S3::ForcePathStyle"))
    settings.bucket_addressing = BucketAddressing::path;
  else if (!settings.url.empty())
    settings.bucket_addressing = BucketAddressing::virtual_host;
  settings.use_arn_region = true; // what the rules take where the parameter is not there
  for (const char* name : {"AWS::S3::UseArnRegion", "AWS::S3Control::UseArnRegion"})
    if (built_ins[name].is_boolean()) settings.use_arn_region = built_ins[name].boolean();
  settings.disable_multi_region_access_points = is_set(built_ins, "AWS::S3::DisableMultiRegionAccessPoints");
  settings.account_id = built_ins["AWS::Auth::AccountId"].text();
  const std::string mode = built_ins["AWS::Auth::AccountIdEndpointMode"].text();
  if (mode == "disabled") settings.account_id_endpoints = AccountIdEndpoints::disabled;
  if (mode == "required") settings.account_id_endpoints = AccountIdEndpoints::required;
  return settings;
}

// Why a case cannot be one of ours, or "".
std::string reason_to_leave_out(const Value& inputs, const Value& expected) {
  const Value& built_ins = inputs["builtInParams"];
  for (const char* name : {"AWS::S3::UseGlobalEndpoint", "AWS::STS::UseGlobalEndpoint"})
    if (is_set(built_ins, name)) return "global endpoints of services that are regional";
  const bool has_variant = is_set(built_ins, "AWS::UseFIPS") || is_set(built_ins, "AWS::UseDualStack");
  if (has_variant && !built_ins["SDK::Endpoint"].is_null()) return "variants of an endpoint that the operator names";
  if (!built_ins["AWS::Region"].is_string() || built_ins["AWS::Region"] == Value("s3-external-1"))
    return "a region that is none";
  if (built_ins["AWS::Auth::AccountId"] == Value("")) return "an account id that is empty";
  const bool is_elsewhere =
      is_set(built_ins, "AWS::S3::Accelerate") || inputs["operationParams"]["Bucket"].text().starts_with("arn:");
  if (is_set(built_ins, "AWS::S3::ForcePathStyle") && is_elsewhere)
    return "the path where a bucket cannot be in it: the setting does not count then";
  if (expected["endpoint"]["url"].text().starts_with("http://") && built_ins["SDK::Endpoint"].is_null())
    return "DynamoDB's local endpoint";
  return "";
}

std::string without_last_slash(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  return url;
}

// What differs, or "".
std::string run_operation(const Service& service, const Value& inputs, const Value& expected) {
  const Value& built_ins = inputs["builtInParams"];
  const Value input = inputs["operationParams"].is_null() ? Value(Object()) : inputs["operationParams"];
  try {
    const Endpoint endpoint = resolve_endpoint(service, service.operation(inputs["operationName"].string()), input,
                                               built_ins["AWS::Region"].string(), settings_of(built_ins));
    if (!expected["error"].is_null()) return "no error but " + endpoint.url;
    if (endpoint.url != without_last_slash(expected["endpoint"]["url"].string())) return "the URL is " + endpoint.url;
    const Value& schemes = expected["endpoint"]["properties"]["authSchemes"];
    if (!schemes.is_array()) return "";
    const Value& scheme = schemes.array().front();
    if (scheme["signingRegion"].is_string() && endpoint.signing_region != scheme["signingRegion"].string())
      return "it is signed for region " + endpoint.signing_region;
    if (scheme["signingName"].is_string() && endpoint.signing_name != scheme["signingName"].string())
      return "it is signed for service " + endpoint.signing_name;
  } catch (const Error& error) {
    if (expected["error"].is_null()) return std::string("the error is ") + error.what();
  }
  return "";
}

TEST(Endpoints, OfOperations) {
  int cases = 0;
  std::map<std::string, int> left_out;
  for (const char* name : {"dynamodb", "events", "kinesis", "opensearchmemory", "s3", "s3control", "sts"}) {
    const Value document = read_json(conformance::read_file(conformance::botocore_source() / "tests" / "functional" /
                                                            "endpoint-rules" / name / "endpoint-tests-1.json"));
    for (const Value& test : document["testCases"].array()) {
      if (!test["operationInputs"].is_array()) continue;
      for (const Value& inputs : test["operationInputs"].array()) {
        const std::string reason = reason_to_leave_out(inputs, test["expect"]);
        if (!reason.empty()) {
          ++left_out[reason];
          continue;
        }
        ++cases;
        EXPECT_EQ(run_operation(botocore_service(name), inputs, test["expect"]), "")
            << name << ": " << test["documentation"].text() << "\n"
            << write_json(inputs) << write_json(test["expect"]);
      }
    }
  }
  std::cout << cases << " cases of operations' endpoints";
  for (const auto& [reason, count] : left_out)
    std::cout << ", left out " << count << ": " << reason;
  std::cout << "\n";
}

EndpointSettings settings_of_row(const Value& row) {
  EndpointSettings settings;
  settings.url = row["url"].text();
  settings.fips = is_set(row, "fips");
  settings.dual_stack = is_set(row, "dual_stack");
  settings.accelerate = is_set(row, "accelerate");
  if (row["use_arn_region"].is_boolean()) settings.use_arn_region = row["use_arn_region"].boolean();
  if (row["bucket_addressing"] == Value("path")) settings.bucket_addressing = BucketAddressing::path;
  if (row["bucket_addressing"] == Value("virtual_host")) settings.bucket_addressing = BucketAddressing::virtual_host;
  return settings;
}

TEST(Endpoints, OfS3Requests) {
  const Service& s3 = botocore_service("s3");
  const Value rows =
      read_json(conformance::read_file(fs::path(IASQL_SOURCE_DIR) / "tests" / "conformance" / "s3_requests.json"));
  for (const Value& row : rows.array()) {
    SCOPED_TRACE(write_json(row));
    const Operation& operation = s3.operation(row["operation"].string());
    const HttpParts parts = serialize(s3, operation, row["input"]);
    try {
      const Endpoint endpoint =
          resolve_endpoint(s3, operation, row["input"], row["region"].string(), settings_of_row(row["settings"]));
      ASSERT_TRUE(row["error"].is_null()) << endpoint.url;
      EXPECT_EQ(request_url(endpoint, parts), row["url"].string());
      EXPECT_EQ(endpoint.signing_region, row["signing_region"].string());
      EXPECT_EQ(endpoint.signing_name, row["signing_name"].string());
      EXPECT_EQ(endpoint.path_encoding, PathEncoding::once);
    } catch (const Error& error) {
      ASSERT_TRUE(row["error"].is_string()) << error.what();
      EXPECT_NE(row["error"].text().find(error.what()), std::string::npos) << error.what();
    }
  }
  std::cout << rows.array().size() << " requests of S3\n";
}

} // namespace
} // namespace iasql::aws
