// What the comparison with botocore (tests/differential) found wrong here.

#include "aws/paginate.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/scripted_caller.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

std::unique_ptr<Service> service_of(const std::string& protocol, const std::string& operation,
                                    const std::string& shapes) {
  return read_service("example", R"({"metadata": {"protocol": ")" + protocol +
                                     R"(", "apiVersion": "2010-01-01", "targetPrefix": "Example", "jsonVersion": "1.1"},
                                     "operations": {"Run": )" +
                                     operation + R"(}, "shapes": )" + shapes + "}");
}

std::string header(const HttpParts& parts, std::string_view wanted) {
  for (const auto& [name, value] : parts.headers)
    if (name == wanted) return value;
  return "none";
}

} // namespace

TEST(FoundByComparison, HttpDatesAreWholeSeconds) {
  auto model = service_of("rest-xml", R"({"http": {"method": "GET", "requestUri": "/"}, "input": {"shape": "In"}})",
                          R"({"Time": {"type": "timestamp"},
      "In": {"type": "structure", "members":
        {"Since": {"shape": "Time", "location": "header", "locationName": "If-Modified-Since"}}}})");
  HttpParts parts = serialize(*model, model->operation("Run"), Value(Object{{"Since", "1999-01-02T03:04:05.123Z"}}));
  EXPECT_EQ(header(parts, "If-Modified-Since"), "Sat, 02 Jan 1999 03:04:05 GMT");
}

TEST(FoundByComparison, AChosenChecksumIsSentBesideAContentMd5) {
  auto model = service_of("rest-json", R"({"http": {"method": "PUT", "requestUri": "/"}, "input": {"shape": "In"},
      "httpChecksum": {"requestAlgorithmMember": "Sum", "requestChecksumRequired": true}})",
                          R"({"Text": {"type": "string"}, "Bytes": {"type": "blob"},
      "In": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Bytes"},
        "Md5": {"shape": "Text", "location": "header", "locationName": "Content-MD5"},
        "Sum": {"shape": "Text", "location": "header", "locationName": "x-sum"}}}})");
  HttpParts parts = serialize(*model, model->operation("Run"),
                              Value(Object{{"Body", "MTIzNDU2Nzg5"}, {"Md5", "given"}, {"Sum", "CRC32"}}));
  EXPECT_EQ(header(parts, "Content-MD5"), "given");
  EXPECT_EQ(header(parts, "x-amz-checksum-crc32"), "y/Q5Jg==");
}

TEST(FoundByComparison, TwoMembersOfOneElementBothHaveIt) {
  auto model = service_of("rest-xml", R"({"http": {"method": "GET", "requestUri": "/"}, "output": {"shape": "Out"}})",
                          R"({"Text": {"type": "string"},
      "Texts": {"type": "list", "member": {"shape": "Text"}, "flattened": true},
      "Out": {"type": "structure", "members":
        {"Event": {"shape": "Text"}, "Events": {"shape": "Texts", "locationName": "Event"}}}})");
  EXPECT_EQ(parse(*model, model->operation("Run"), {200, {}, "<Out><Event>a</Event><Event>b</Event></Out>"}),
            Value(Object{{"Event", "b"}, {"Events", Array{"a", "b"}}}));
}

TEST(FoundByComparison, ThePathOfQueryAndJsonIsNeverTheModels) {
  for (const char* protocol : {"query", "json"}) {
    auto model = service_of(protocol, R"({"http": {"method": "POST", "requestUri": "/?Operation=Run"}})", "{}");
    EXPECT_EQ(serialize(*model, model->operation("Run"), Object()).path, "/") << protocol;
  }
}

TEST(FoundByComparison, AnAnswerOfEc2MayBeNamedAsItsOperationAlone) {
  auto model = service_of("ec2", R"({"http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Out"}})",
                          R"({"Text": {"type": "string"}, "Out": {"type": "structure", "members":
        {"State": {"shape": "Text", "locationName": "state"}}}})");
  EXPECT_EQ(parse(*model, model->operation("Run"), {200, {}, "<Run><state>on</state></Run>"}),
            Value(Object{{"State", "on"}}));
  EXPECT_THROW(parse(*model, model->operation("Run"), {200, {}, "<html><state>on</state></html>"}), Error);
}

TEST(FoundByComparison, MoreResultsWithoutATokenIsAnIncompleteList) {
  ScriptedCaller caller;
  caller.answer(R"({"Roles": [{"RoleName": "one"}], "IsTruncated": true})");
  try {
    run(read_all(caller, make_call("iam", "ListRoles")));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::read_failed);
  }
}

} // namespace iasql::aws
