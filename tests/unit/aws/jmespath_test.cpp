#include "aws/jmespath.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

std::string search(const char* expression, const char* document) {
  return write_json(JmesPath(expression).search(read_json(document)));
}

} // namespace

// The shapes of expression that botocore's paginators and waiters have.
TEST(JmesPath, FindsWhatModelsAskFor) {
  EXPECT_EQ(search("NextMarker || Contents[-1].Key", R"({"Contents":[{"Key":"a"},{"Key":"b"}]})"), R"("b")");
  EXPECT_EQ(search("StreamDescription.Shards[-1].ShardId", R"({"StreamDescription":{"Shards":[{"ShardId":1}]}})"), "1");
  EXPECT_EQ(
      search("Reservations[].Instances[].State.Name",
             R"({"Reservations":[{"Instances":[{"State":{"Name":"a"}},{}]},{"Instances":[{"State":{"Name":"b"}}]}]})"),
      R"(["a","b"])");
  EXPECT_EQ(search("length(InternetGateways[].InternetGatewayId) > `0`", R"({"InternetGateways":[]})"), "false");
  EXPECT_EQ(search("length(services[?!(length(deployments) == `1` && runningCount == desiredCount)]) == `0`",
                   R"({"services":[{"deployments":[1],"runningCount":2,"desiredCount":2}]})"),
            "true");
  EXPECT_EQ(search("status != 'CANCELLING' && status != 'CANCELLED'", R"({"status":"RUNNING"})"), "true");
  EXPECT_EQ(search("Volumes[].Attachments[*].State", R"({"Volumes":[{"Attachments":[{"State":"x"}]}]})"), R"([["x"]])");
}

TEST(JmesPath, FindsNullWhereThereIsNothing) {
  EXPECT_EQ(search("a.b[0].c", "{}"), "null");
  EXPECT_EQ(search("a[].b", "{}"), "null");
  EXPECT_EQ(search("a[5]", R"({"a":[1]})"), "null");
}

TEST(JmesPath, RefusesWhatItDoesNotKnow) {
  for (const char* expression : {"", "a.", "a[", "a[?b", "sort_by(a, &b)", "to_number(a)", "length()", "length(a, b)",
                                 "a b", "'open", "`{`", "a[::0]", "#", "-", "a[99999999999999999999]"}) {
    try {
      JmesPath path(expression);
      FAIL() << expression;
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::invalid_spec) << expression;
    }
  }
}

TEST(JmesPath, AWrongArgumentIsAnErrorOfItsOwn) {
  try {
    search("length(a)", "{}");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
  }
}

TEST(JmesPath, HostileExpressionsAreErrors) {
  EXPECT_THROW(JmesPath(std::string(100'000, '(')), Error);
  EXPECT_THROW(JmesPath(std::string(3'000, '(')), Error);
  EXPECT_THROW(JmesPath(std::string(3'000, '!')), Error);
  EXPECT_THROW(JmesPath(std::string(3'000, '[')), Error);
  std::string chain = "a";
  while (chain.size() < 3'990)
    chain += ".a";
  EXPECT_TRUE(JmesPath(chain).search(Object()).is_null());
  std::string doubling = "[@, @]";
  for (int i = 0; i < 9; ++i)
    doubling += " | [@, @]";
  EXPECT_THROW(JmesPath{doubling}, Error);
  EXPECT_THROW(JmesPath("[?a].{b: @, c: @}" + doubling.substr(6)), Error);
  EXPECT_NO_THROW(JmesPath("a[].{b: b, c: c}[].[b, c][] | [?b == 'x' || c == `1`]"));
  // As many as are in the literals, for each that is found before.
  EXPECT_THROW(JmesPath("`[1,2,3,4,5,6,7,8,9,10]`[*].`[1,2,3,4,5,6,7,8,9,10]`[*].`[1,2,3,4,5,6,7,8,9,10]`"), Error);
}

} // namespace iasql::aws
