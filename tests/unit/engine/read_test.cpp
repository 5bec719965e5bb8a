#include "base/error.hpp"
#include "base/json.hpp"
#include "engine/module_tables.hpp"
#include "engine/read.hpp"
#include "net/loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace iasql::engine {
namespace {

using testing::binding_of;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// Answers by a function from calls, and keeps what it was asked.
class FakeCaller : public aws::Caller {
public:
  explicit FakeCaller(std::function<Value(const aws::Call&)> answer) : m_answer(std::move(answer)) {}

  net::task<aws::Answer> call(aws::Call call) override {
    asked.push_back(call.operation + " " + write_json(call.input));
    ++m_running;
    most_at_once = std::max(most_at_once, m_running);
    if (loop) co_await loop->sleep(net::Milliseconds(1));
    --m_running;
    aws::Answer answer;
    answer.output = m_answer(call);
    co_return answer;
  }

  std::vector<std::string> asked;
  int most_at_once = 0;
  net::Loop* loop = nullptr; // where given, every call takes a while

private:
  std::function<Value(const aws::Call&)> m_answer;
  int m_running = 0;
};

[[noreturn]] void refuse(const char* code) {
  aws::CallError::Facts facts;
  facts.code = code;
  facts.status = 400;
  throw aws::CallError(facts);
}

// Runs a task that never waits for anything outside.
template <typename T>
T run(net::task<T> work) {
  work.start();
  EXPECT_TRUE(work.done());
  return work.result();
}

std::vector<std::string> ids(const std::vector<Observed>& observed) {
  std::vector<std::string> result;
  for (const Observed& one : observed)
    result.push_back(one.cloud_id);
  return result;
}

Row row(const char* json) {
  return read_json(json).object();
}

TEST(ReadAll, GathersEveryPage) {
  FakeCaller caller([](const aws::Call& call) {
    return call.input["NextToken"].is_null() ? read_json(R"({"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "2"})")
                                             : read_json(R"({"Vpcs": [{"VpcId": "vpc-2"}]})");
  });
  EXPECT_THAT(ids(run(read_all(caller, binding_of("vpc"), "eu-west-2", {}, 8))), ElementsAre("vpc-1", "vpc-2"));
  EXPECT_THAT(caller.asked, ElementsAre("DescribeVpcs {}", R"(DescribeVpcs {"NextToken":"2"})"));
}

TEST(ReadAll, IsNothingRatherThanAPart) {
  FakeCaller caller([](const aws::Call& call) -> Value {
    if (!call.input["NextToken"].is_null()) refuse("RequestLimitExceeded");
    return read_json(R"({"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "2"})");
  });
  EXPECT_THROW(run(read_all(caller, binding_of("vpc"), "eu-west-2", {}, 8)), aws::CallError);
}

// Two groups, of which "b" is gone when its tags are read.
Value log_groups(const aws::Call& call) {
  if (call.operation == "DescribeLogGroups")
    return read_json(R"({"logGroups": [{"logGroupName": "a", "logGroupArn": "arn:a"},
                                       {"logGroupName": "b", "logGroupArn": "arn:b"},
                                       {"logGroupName": "ab", "logGroupArn": "arn:ab"}]})");
  if (call.input["resourceArn"] == Value("arn:b")) refuse("ResourceNotFoundException");
  return read_json(R"({"tags": {"iasql:intent": "t-)" + call.input["resourceArn"].text() + R"(", "x": "y"}})");
}

TEST(ReadAll, MergesTagsThatTravelApart) {
  FakeCaller caller(log_groups);
  const auto observed = run(read_all(caller, binding_of("log_group"), "eu-west-2", {}, 8));
  EXPECT_THAT(ids(observed), ElementsAre("a", "ab"));
  EXPECT_EQ(observed.front().intent, "t-arn:a");
  EXPECT_EQ(observed.front().attributes.get("tags"), read_json(R"({"x": "y"})"));
}

TEST(ReadAll, FailsWhereTagsCannotBeRead) {
  FakeCaller caller([](const aws::Call& call) -> Value {
    if (call.operation == "ListTagsForResource") refuse("AccessDeniedException");
    return log_groups(call);
  });
  EXPECT_THROW(run(read_all(caller, binding_of("log_group"), "eu-west-2", {}, 8)), aws::CallError);
}

Value policies(const aws::Call& call) {
  const std::string repository = call.input["repositoryName"].text();
  if (repository == "bare") refuse("RepositoryPolicyNotFoundException");
  if (repository == "closed") refuse("AccessDeniedException");
  Object output;
  output.set("repositoryName", repository);
  output.set("policyText", "{}");
  return output;
}

TEST(ReadAll, AsksForEachParent) {
  FakeCaller caller(policies);
  const Binding& binding = binding_of("repository_policy");
  EXPECT_THAT(ids(run(read_all(caller, binding, "eu-west-2", {"a", "bare", "b"}, 2))), UnorderedElementsAre("a", "b"));
  EXPECT_EQ(caller.asked.size(), 3u);
  EXPECT_THROW(run(read_all(caller, binding, "eu-west-2", {"a", "closed"}, 2)), aws::CallError);
  EXPECT_TRUE(run(read_all(caller, binding, "eu-west-2", {}, 2)).empty());
}

TEST(ReadAll, KeepsToItsParallelism) {
  net::Loop loop(net::polling_waiter());
  FakeCaller caller(policies);
  caller.loop = &loop;
  ParentIds parents;
  for (int number = 0; number < 20; ++number)
    parents.push_back("r" + std::to_string(number));
  EXPECT_EQ(loop.run(read_all(caller, binding_of("repository_policy"), "eu-west-2", parents, 3)).size(), 20u);
  EXPECT_EQ(caller.most_at_once, 3);
}

TEST(ReadOne, ByIdOrNothing) {
  FakeCaller caller([](const aws::Call& call) -> Value {
    if (call.input["VpcIds"] != read_json(R"(["vpc-1"])")) refuse("InvalidVpcID.NotFound");
    return read_json(R"({"Vpcs": [{"VpcId": "vpc-1"}]})");
  });
  EXPECT_EQ(run(read_one(caller, binding_of("vpc"), "eu-west-2", "vpc-1"))->cloud_id, "vpc-1");
  EXPECT_FALSE(run(read_one(caller, binding_of("vpc"), "eu-west-2", "vpc-2")).has_value());
}

TEST(ReadOne, IsNotMisledByAPrefix) {
  FakeCaller caller(log_groups);
  EXPECT_EQ(run(read_one(caller, binding_of("log_group"), "eu-west-2", "a"))->cloud_id, "a");
  EXPECT_THAT(caller.asked, ElementsAre(R"(DescribeLogGroups {"logGroupNamePrefix":"a"})",
                                        R"(ListTagsForResource {"resourceArn":"arn:a"})"));
  EXPECT_FALSE(run(read_one(caller, binding_of("log_group"), "eu-west-2", "c")).has_value());
}

TEST(ReadMatching, FiltersAndThenCompares) {
  FakeCaller caller([](const aws::Call&) {
    return read_json(R"({"Subnets": [{"SubnetId": "s-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"},
                                     {"SubnetId": "s-2", "VpcId": "vpc-1", "CidrBlock": "10.0.2.0/24"}]})");
  });
  const auto observed =
      run(read_matching(caller, binding_of("subnet"), "eu-west-2",
                        row(R"({"vpc_id": "vpc-1", "cidr_block": "10.0.2.9/24", "state": null})"), {}));
  EXPECT_THAT(ids(observed), ElementsAre("s-2"));
  EXPECT_THAT(caller.asked, ElementsAre(R"(DescribeSubnets {"Filters":[{"Name":"vpc-id","Values":["vpc-1"]},)"
                                        R"({"Name":"cidr-block","Values":["10.0.2.0/24"]}]})"));
}

TEST(ReadMatching, ByIdWhereTheIdentityIsOne) {
  FakeCaller caller(log_groups);
  EXPECT_THAT(
      ids(run(read_matching(caller, binding_of("log_group"), "eu-west-2", row(R"({"log_group_name": "ab"})"), {}))),
      ElementsAre("ab"));
  EXPECT_EQ(caller.asked.front(), R"(DescribeLogGroups {"logGroupNamePrefix":"ab"})");
}

TEST(ReadByIntent, FiltersByTagWhereTheServiceCan) {
  FakeCaller caller([](const aws::Call&) {
    return read_json(R"({"Vpcs": [{"VpcId": "vpc-1", "Tags": [{"Key": "iasql:intent", "Value": "t1"}]},
                                  {"VpcId": "vpc-2", "Tags": [{"Key": "iasql:intent", "Value": "t2"}]}]})");
  });
  EXPECT_THAT(ids(run(read_by_intent(caller, binding_of("vpc"), "eu-west-2", "t2", {}))), ElementsAre("vpc-2"));
  EXPECT_THAT(caller.asked, ElementsAre(R"(DescribeVpcs {"Filters":[{"Name":"tag:iasql:intent","Values":["t2"]}]})"));
}

TEST(ReadByIntent, ComparesWhereItCannot) {
  FakeCaller caller(log_groups);
  EXPECT_THAT(ids(run(read_by_intent(caller, binding_of("log_group"), "eu-west-2", "t-arn:ab", {}))),
              ElementsAre("ab"));
}

TEST(ReadByIntent, FindsNothingWithoutTags) {
  FakeCaller caller(policies);
  EXPECT_TRUE(run(read_by_intent(caller, binding_of("repository_policy"), "eu-west-2", "t", {"a"})).empty());
  EXPECT_TRUE(caller.asked.empty());
}

} // namespace
} // namespace iasql::engine
