// Answers that AWS really gave, from botocore's source distribution: XML bodies and errors with the values that they
// are, beside them as JSON. Parsed with today's service models and compared whole.
//
// The JSON has timestamps as the service wrote them and blobs as plain text. So timestamps are compared as moments
// (both sides in RFC 3339), blobs as base64, everything else as it is. Two kinds of timestamps are of AWS's old
// documentation and of no service; they are replaced by real ones on both sides, see with_real_timestamps().

#include "aws/protocol/protocol.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "conformance/all_models.hpp"
#include "conformance/case_value.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

namespace iasql::aws {

namespace {

namespace fs = std::filesystem;

fs::path bodies() {
  return conformance::botocore_tests() / "response_parsing";
}

std::vector<fs::path> files(const fs::path& folder, const char* extension) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == extension) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

struct Called {
  const Service& service;
  const Operation& operation;
};

// "ec2-describe-volume-status#2" is the second answer to ec2's DescribeVolumeStatus.
Called called(const fs::path& file) {
  std::string name = file.stem().string();
  name = name.substr(0, name.find('#'));
  const Service& model = service(name.substr(0, name.find('-')));
  std::string wanted = name.substr(name.find('-') + 1);
  std::erase(wanted, '-');
  for (const std::string& operation : model.operation_names())
    if (lower_case(operation) == wanted) return {model, model.operation(operation)};
  throw std::runtime_error("no operation for " + file.string());
}

// The expected values have timestamps as texts.
Value from_text(const Value& written) {
  auto moment = parse_timestamp(written.text());
  return moment ? Value(format_timestamp(*moment, "iso8601")) : written;
}

std::string with_real_timestamps(std::string text) {
  for (auto [written, real] : {std::pair("YYYY-MM-DDTHH:MM:SS.000Z", "2013-05-17T10:00:00.000Z"),
                               std::pair("2009-10-24 15:00:00", "2009-10-24T15:00:00Z")})
    for (auto at = text.find(written); at != text.npos; at = text.find(written))
      text.replace(at, std::string_view(written).size(), real);
  return text;
}

net::HttpResponse response_of(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

// A template in JSON, which botocore's client reads and we leave to the caller.
void read_template(Value& output) {
  if (Value* body = output.object().find("TemplateBody")) *body = read_json(body->string());
}

void check_error(const fs::path& file, const net::HttpResponse& response, const Value& expected) {
  ServiceError error = parse_error(called(file).service, response);
  EXPECT_EQ(error.code, expected["Error"]["Code"].text());
  EXPECT_EQ(error.message, expected["Error"]["Message"].text());
  if (const Value& id = expected["ResponseMetadata"]["RequestId"]; !id.is_null()) {
    EXPECT_EQ(error.request_id, id.string());
  }
}

} // namespace

TEST(ResponseBodies, XmlAnswers) {
  conformance::callable_services();
  int count = 0;
  for (const fs::path& file : files(bodies() / "xml" / "responses", ".xml")) {
    SCOPED_TRACE(file.filename().string());
    ++count;
    auto [model, operation] = called(file);
    Value expected = read_json(with_real_timestamps(conformance::read_file(fs::path(file).replace_extension(".json"))));
    Value metadata = expected["ResponseMetadata"];
    expected.object().erase("ResponseMetadata");
    if (operation.output) expected = conformance::our_value(*operation.output, expected, from_text);
    net::HttpResponse response = response_of(200, with_real_timestamps(conformance::read_file(file)));
    try {
      Value output = parse(model, operation, response);
      if (file.stem() == "cloudformation-get-template") read_template(output);
      EXPECT_EQ(output, expected) << write_json(output) << "\nexpected\n" << write_json(expected);
      if (metadata["RequestId"].is_string()) {
        EXPECT_EQ(request_id(response), metadata["RequestId"].string());
      }
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_EQ(count, 189);
  std::cout << count << " answers in XML\n";
}

TEST(ResponseBodies, XmlErrors) {
  conformance::callable_services();
  int count = 0;
  for (const fs::path& file : files(bodies() / "xml" / "errors", ".xml")) {
    SCOPED_TRACE(file.filename().string());
    ++count;
    Value expected = read_json(conformance::read_file(fs::path(file).replace_extension(".json")));
    check_error(file, response_of(400, conformance::read_file(file)), expected);
  }
  EXPECT_EQ(count, 12);
  std::cout << count << " errors in XML\n";
}

TEST(ResponseBodies, JsonErrors) {
  conformance::callable_services();
  int count = 0;
  for (const fs::path& file : files(bodies() / "json" / "errors", ".json")) {
    SCOPED_TRACE(file.filename().string());
    ++count;
    Value body = read_json(conformance::read_file(file));
    net::HttpResponse response = response_of(400, {});
    if (const Value headers = body["__headers__"]; headers.is_object()) {
      for (const auto& [name, value] : headers.object())
        response.headers.emplace_back(lower_case(name), value.string());
      body.object().erase("__headers__");
    }
    response.body = write_json(body);
    check_error(file, response, read_json(conformance::read_file(bodies() / "json" / "expected" / file.filename())));
  }
  EXPECT_EQ(count, 5);
  std::cout << count << " errors in JSON\n";
}

} // namespace iasql::aws
