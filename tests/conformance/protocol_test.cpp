#include "aws/endpoint.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/protocol/timestamp.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <iostream>
#include <map>

namespace iasql::aws {

namespace {

// Cases that are not run, each with its reason.
constexpr const char* compression = "no service in use takes compressed requests";
const std::map<std::string, std::string, std::less<>> skipped = {
    {"SDKAppliedContentEncoding_awsQuery", compression},
    {"SDKAppliedContentEncoding_ec2Query", compression},
    {"SDKAppliedContentEncoding_awsJson1_1", compression},
    {"SDKAppliedContentEncoding_awsJson1_0", compression},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery", compression},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query", compression},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1", compression},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0", compression},
};

std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                             reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// A case's value in our convention: it has timestamps as seconds since 1970 and blobs as plain text.
Value convert(const Shape& shape, const Value& value) {
  if (value.is_null() || shape.document) return value;
  switch (shape.type) {
  case ShapeType::structure: {
    Object result;
    for (const auto& [name, member] : value.object())
      result.set(name, shape.member(name) ? convert(*shape.member(name)->shape, member) : member);
    return result;
  }
  case ShapeType::list: {
    Array result;
    for (const Value& element : value.array())
      result.push_back(convert(*shape.element.shape, element));
    return result;
  }
  case ShapeType::map: {
    Object result;
    for (const auto& [name, member] : value.object())
      result.set(name, convert(*shape.value.shape, member));
    return result;
  }
  case ShapeType::timestamp:
    return value.is_number() ? Value(format_timestamp(*timestamp_from_seconds(value.number()), "iso8601")) : value;
  case ShapeType::blob:
    return base64(value.string());
  default:
    return value;
  }
}

struct Case {
  std::unique_ptr<Service> service;
  const Operation* operation;
  Value json;
};

std::vector<Case> read_cases(const std::string& file) {
  std::vector<Case> cases;
  Value document = read_json(conformance::read_file(conformance::botocore_tests() / "protocols" / file));
  for (const Value& suite : document.array()) {
    for (const Value& single : suite["cases"].array()) {
      const std::string& name = single["given"]["name"].string();
      Value given = single["given"];
      // The models of real services say it; the cases leave it out.
      if (suite["metadata"]["protocol"] == Value("query") && given["output"].is_object())
        given.set_path("output.resultWrapper", name + "Result");
      Object model = {
          {"metadata", suite["metadata"]}, {"shapes", suite["shapes"]}, {"operations", Object{{name, given}}}};
      Case made{read_service("conformance", write_json(model)), nullptr, single};
      made.operation = &made.service->operation(name);
      cases.push_back(std::move(made));
    }
  }
  return cases;
}

std::vector<std::pair<std::string, std::string>> form_pairs(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!body.empty()) {
    std::string_view pair = body.substr(0, body.find('&'));
    body = pair.size() == body.size() ? std::string_view() : body.substr(pair.size() + 1);
    auto equals = pair.find('=');
    std::string value(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    std::replace(value.begin(), value.end(), '+', ' ');
    pairs.emplace_back(percent_decode(pair.substr(0, equals)), percent_decode(value));
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

std::string header(const net::Headers& headers, std::string name) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  for (const auto& [candidate, value] : headers)
    if (lower(candidate) == lower(name)) return value;
  return {};
}

void check_input(const Case& single) {
  Value input = single.json["params"].is_null() ? Value(Object()) : single.json["params"];
  if (single.operation->input) input = convert(*single.operation->input, input);
  fill_idempotency_tokens(*single.operation, input, [] { return "00000000-0000-4000-8000-000000000000"; });
  HttpParts parts = serialize(*single.service, *single.operation, input);
  const Value& expected = single.json["serialized"];
  EXPECT_EQ(parts.method, expected["method"].string());
  std::string host = expected["host"].is_string() ? expected["host"].string() : "example.com";
  bool has_path = host.find('/') != std::string::npos;
  Endpoint endpoint = resolve_endpoint(*single.service, "us-east-1", "https://" + (has_path ? host : "example.com"));
  EXPECT_EQ(split_url(endpoint.url + parts.path).path, expected["uri"].string());
  if (!has_path) {
    EXPECT_EQ(parts.host_prefix + "example.com", host);
  }
  if (const Value& headers = expected["headers"]; headers.is_object()) {
    for (const auto& [name, value] : headers.object())
      EXPECT_EQ(header(parts.headers, name), value.string()) << name;
  }
  if (const Value& forbidden = expected["forbidHeaders"]; forbidden.is_array()) {
    for (const Value& name : forbidden.array())
      EXPECT_EQ(header(parts.headers, name.string()), "") << name.string();
  }
  if (!expected["body"].is_string()) return;
  if (single.service->protocol == Protocol::json)
    EXPECT_EQ(read_json(parts.body), read_json(expected["body"].string())) << parts.body;
  else
    EXPECT_EQ(form_pairs(parts.body), form_pairs(expected["body"].string())) << parts.body;
}

void check_output(const Case& single) {
  const Value& given = single.json["response"];
  net::HttpResponse response;
  response.status = static_cast<int>(given["status_code"].integer());
  response.body = given["body"].text();
  if (given["headers"].is_object())
    for (const auto& [name, value] : given["headers"].object()) {
      std::string lower = name;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
      response.headers.emplace_back(lower, value.text());
    }
  if (!single.json["errorCode"].is_null()) {
    ServiceError error = parse_error(*single.service, response);
    EXPECT_EQ(error.code, single.json["errorCode"].string());
    if (const Value& message = single.json["errorMessage"]; !message.is_null()) {
      EXPECT_EQ(error.message, message.string());
    }
    return;
  }
  Value output = parse(*single.service, *single.operation, response);
  Value expected = single.json["result"].is_null() ? Value(Object()) : single.json["result"];
  if (single.operation->output) expected = convert(*single.operation->output, expected);
  EXPECT_EQ(output, expected) << write_json(output) << "\nexpected\n" << write_json(expected);
}

class ProtocolCases : public testing::TestWithParam<const char*> {
protected:
  void run(const std::string& side, void (*check)(const Case&)) {
    int all = 0, passed = 0, left_out = 0;
    for (const Case& single : read_cases(side + "/" + GetParam() + ".json")) {
      const std::string& id = single.json["id"].string();
      SCOPED_TRACE(id);
      ++all;
      if (auto found = skipped.find(id); found != skipped.end()) {
        std::cout << "  not run: " << id << ": " << found->second << "\n";
        ++left_out;
        continue;
      }
      int failures = testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
      try {
        check(single);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
      passed += failures == testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
    }
    EXPECT_GT(all, 0);
    std::cout << "protocol " << GetParam() << ", " << side << ": " << passed << "/" << all << " passed, " << left_out
              << " not run\n";
  }
};

} // namespace

TEST_P(ProtocolCases, Input) {
  run("input", check_input);
}

TEST_P(ProtocolCases, Output) {
  run("output", check_output);
}

INSTANTIATE_TEST_SUITE_P(Botocore, ProtocolCases,
                         testing::Values("query", "ec2", "json", "json_1_0", "json_1_0-query-compatible"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace iasql::aws
