// botocore's protocol cases: each is a service model with one operation, and an input with the request that it becomes
// or a response with the output or error that it is. A case is read into our convention for values, run, and compared
// by meaning.

#include "aws/endpoint.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/protocol/timestamp.hpp"
#include "aws/protocol/xml.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "conformance/case_value.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace iasql::aws {

namespace {

// The cases have timestamps as seconds since 1970.
Value from_seconds(const Value& written) {
  return written.is_number() ? Value(format_timestamp(*timestamp_from_seconds(written.number()), "iso8601")) : written;
}

struct Case {
  std::unique_ptr<Service> service;
  const Operation* operation;
  Value json;
};

// The cases' models give every payload member its own name as its element's. In the models of real services that name
// is what is sent (S3's <Retention>, of shape ObjectLockRetention); in the cases it is not.
void drop_own_name_of_payload(const Value& given, Value& shapes) {
  for (const char* side : {"input", "output"}) {
    Value* shape = given[side].is_object() ? shapes.object().find(given[side]["shape"].string()) : nullptr;
    if (!shape || !(*shape)["payload"].is_string()) continue;
    const std::string payload = (*shape)["payload"].string();
    Object& member = shape->object()["members"].object()[payload].object();
    if (member.get("locationName") == Value(payload)) member.erase("locationName");
  }
}

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
      Value shapes = suite["shapes"];
      if (suite["metadata"]["protocol"] == Value("rest-xml")) drop_own_name_of_payload(given, shapes);
      Object model = {{"metadata", suite["metadata"]}, {"shapes", shapes}, {"operations", Object{{name, given}}}};
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

std::string header(const net::Headers& headers, const std::string& name) {
  for (const auto& [candidate, value] : headers)
    if (lower_case(candidate) == lower_case(name)) return value;
  return {};
}

// The element with its attributes in order and without the blanks between elements.
std::string canonical(XmlElement element) {
  std::vector<std::string> attributes;
  for (const auto& attribute : element.attributes())
    attributes.push_back(std::string(" ") + attribute.name() + "=" + attribute.value());
  std::sort(attributes.begin(), attributes.end());
  std::string text = std::string("<") + element.name();
  for (const std::string& attribute : attributes)
    text += attribute;
  text += '>';
  bool has_elements = false;
  for (XmlElement child : element.children())
    if (child.type() == pugi::node_element) {
      text += canonical(child);
      has_elements = true;
    }
  return text + (has_elements ? "" : element_text(element)) + "</>";
}

// Forms, JSON and XML by meaning, anything else byte for byte.
void check_body(const Case& single, const std::string& body, const std::string& expected) {
  Protocol protocol = single.service->protocol;
  if (protocol == Protocol::query || protocol == Protocol::ec2)
    EXPECT_EQ(form_pairs(body), form_pairs(expected)) << body;
  else if (protocol == Protocol::rest_xml && expected.find('<') != std::string::npos)
    EXPECT_EQ(canonical(XmlDocument(body).root()), canonical(XmlDocument(expected).root())) << body;
  else if (expected.find_first_of("{\"") != std::string::npos)
    EXPECT_EQ(read_json(body), read_json(expected)) << body;
  else
    EXPECT_EQ(body, expected);
}

bool has_header(const net::Headers& headers, const std::string& name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return lower_case(header.first) == lower_case(name); });
}

void check_input(const Case& single) {
  Value input = single.json["params"].is_null() ? Value(Object()) : single.json["params"];
  if (single.operation->input) input = conformance::our_value(*single.operation->input, input, from_seconds);
  fill_idempotency_tokens(*single.operation, input, [] { return "00000000-0000-4000-8000-000000000000"; });
  HttpParts parts = serialize(*single.service, *single.operation, input);
  const Value& expected = single.json["serialized"];
  EXPECT_EQ(parts.method, expected["method"].string());
  std::string host = expected["host"].is_string() ? expected["host"].string() : "example.com";
  bool has_path = host.find('/') != std::string::npos;
  EndpointSettings settings;
  settings.url = "https://" + (has_path ? host : "example.com");
  Endpoint endpoint = resolve_endpoint(*single.service, *single.operation, input, "us-east-1", settings);
  UrlParts url = split_url(request_url(endpoint, parts));
  EXPECT_EQ(url.path + (url.query.empty() ? "" : "?" + url.query), expected["uri"].string());
  if (!has_path) {
    EXPECT_EQ(parts.host_prefix + "example.com", host);
  }
  if (const Value& headers = expected["headers"]; headers.is_object()) {
    for (const auto& [name, value] : headers.object())
      EXPECT_EQ(header(parts.headers, name), value.string()) << name;
  }
  if (const Value& forbidden = expected["forbidHeaders"]; forbidden.is_array()) {
    for (const Value& name : forbidden.array())
      EXPECT_FALSE(has_header(parts.headers, name.string())) << name.string();
  }
  if (expected["body"].is_string()) check_body(single, parts.body, expected["body"].string());
}

void check_output(const Case& single) {
  const Value& given = single.json["response"];
  net::HttpResponse response;
  response.status = static_cast<int>(given["status_code"].integer());
  response.body = given["body"].text();
  if (given["headers"].is_object())
    for (const auto& [name, value] : given["headers"].object())
      response.headers.emplace_back(lower_case(name), value.text());
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
  if (single.operation->output) expected = conformance::our_value(*single.operation->output, expected, from_seconds);
  EXPECT_EQ(output, expected) << write_json(output) << "\nexpected\n" << write_json(expected);
}

class ProtocolCases : public testing::TestWithParam<const char*> {
protected:
  void run(const std::string& side, void (*check)(const Case&)) {
    int all = 0, passed = 0;
    for (const Case& single : read_cases(side + "/" + GetParam() + ".json")) {
      const std::string& id = single.json["id"].string();
      SCOPED_TRACE(id);
      ++all;
      int failures = testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
      try {
        check(single);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
      passed += failures == testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
    }
    EXPECT_GT(all, 0);
    std::cout << "protocol " << GetParam() << ", " << side << ": " << passed << "/" << all << " passed\n";
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
                         testing::Values("query", "ec2", "json", "json_1_0", "json_1_0-query-compatible", "rest-json",
                                         "rest-xml"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace iasql::aws
