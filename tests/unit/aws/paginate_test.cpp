#include "aws/paginate.hpp"
#include "aws/scripted_caller.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

TEST(Paginate, FollowsTokensToTheEnd) {
  ScriptedCaller caller;
  caller.answer(R"({"Vpcs":[{"VpcId":"1"},{"VpcId":"2"}],"NextToken":"a"})");
  caller.answer(R"({"Vpcs":[],"NextToken":"b"})");
  caller.answer(R"({"Vpcs":[{"VpcId":"3"}],"NextToken":""})");
  Array vpcs = run(read_all(caller, make_call("ec2", "DescribeVpcs")));
  EXPECT_EQ(Value(vpcs), read_json(R"([{"VpcId":"1"},{"VpcId":"2"},{"VpcId":"3"}])"));
  ASSERT_EQ(caller.calls.size(), 3u);
  EXPECT_TRUE(caller.calls[0].input["NextToken"].is_null());
  EXPECT_EQ(caller.calls[1].input["NextToken"], Value("a"));
  EXPECT_EQ(caller.calls[2].input["NextToken"], Value("b"));
}

TEST(Paginate, ATokenThatComesAgainIsAnError) {
  for (const char* second : {R"({"Vpcs":[],"NextToken":"a"})", R"({"Vpcs":[],"NextToken":"b"})"}) {
    ScriptedCaller caller;
    caller.answer(R"({"Vpcs":[],"NextToken":"a"})");
    caller.answer(second);
    caller.answer(R"({"Vpcs":[],"NextToken":"a"})");
    try {
      run(read_all(caller, make_call("ec2", "DescribeVpcs")));
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::read_failed);
    }
  }
}

TEST(Paginate, AnErrorOnALaterPageIsTheResult) {
  ScriptedCaller caller;
  caller.answer(R"({"Vpcs":[],"NextToken":"a"})");
  caller.refuse("RequestLimitExceeded");
  EXPECT_THROW(run(read_all(caller, make_call("ec2", "DescribeVpcs"))), CallError);
}

TEST(Paginate, WhereNothingSaysWhetherThereIsMoreATokenDoes) {
  ScriptedCaller caller;
  caller.answer(R"({"Roles":[{"RoleName":"one"}],"Marker":"a"})");
  caller.answer(R"({"Roles":[{"RoleName":"two"}],"Marker":"b","IsTruncated":true})");
  caller.answer(R"({"Roles":[{"RoleName":"three"}],"Marker":"c","IsTruncated":false})");
  EXPECT_EQ(run(read_all(caller, make_call("iam", "ListRoles"))).size(), 3u);
  caller.answer(R"({"Roles":[{"RoleName":"one"}]})");
  EXPECT_EQ(run(read_all(caller, make_call("iam", "ListRoles"))).size(), 1u);
  caller.answer(R"({"Roles":[{"RoleName":"one"}],"IsTruncated":true})");
  EXPECT_THROW(run(read_all(caller, make_call("iam", "ListRoles"))), Error);
}

TEST(Paginate, WithoutPaginatorThereIsOnePage) {
  ScriptedCaller caller;
  caller.answer(R"({"Regions":[{"RegionName":"eu-west-2"}],"NextToken":"ignored"})");
  Array regions = run(read_all(caller, make_call("ec2", "DescribeRegions"), "Regions[].RegionName"));
  EXPECT_EQ(Value(regions), read_json(R"(["eu-west-2"])"));
  EXPECT_EQ(caller.calls.size(), 1u);
}

TEST(Paginate, ItemsMustBeKnownAndAList) {
  ScriptedCaller caller;
  EXPECT_THROW(run(read_all(caller, make_call("ec2", "DescribeRegions"))), Error);
  caller.answer(R"({"Regions":"none"})");
  EXPECT_THROW(run(read_all(caller, make_call("ec2", "DescribeRegions"), "Regions")), Error);
  caller.answer("{}");
  EXPECT_TRUE(run(read_all(caller, make_call("ec2", "DescribeRegions"), "Regions")).empty());
}

TEST(Paginate, EachPageIsHandedOver) {
  ScriptedCaller caller;
  caller.answer(R"({"logGroups":[],"nextToken":"a"})");
  caller.answer(R"({"logGroups":[]})");
  int pages = 0;
  std::function<void(Value)> count = [&](Value) { ++pages; };
  run(for_each_page(caller, make_call("logs", "DescribeLogGroups"), std::move(count)));
  EXPECT_EQ(pages, 2);
}

} // namespace iasql::aws
