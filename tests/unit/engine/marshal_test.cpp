#include "base/error.hpp"
#include "engine/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace iasql::engine {
namespace {

using testing::binding_of;
using testing::created;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::removed;
using testing::row;
using testing::updated;

// -- creating

TEST(CreateRequest, CarriesInputsTagsAndIntent) {
  EXPECT_EQ(created("vpc", R"({"cidr_block": "10.0.0.0/16", "state": "pending", "tags": {"Name": "a"}})"),
            R"(CreateVpc {"CidrBlock":"10.0.0.0/16","TagSpecifications":[{"ResourceType":"vpc","Tags":)"
            R"([{"Key":"Name","Value":"a"},{"Key":"iasql:intent","Value":"t0"}]}]})");
  EXPECT_EQ(created("subnet", R"({"availability_zone": "eu-west-2a", "cidr_block": "10.0.1.0/24", "vpc_id": "vpc-1"})"),
            R"(CreateSubnet {"AvailabilityZone":"eu-west-2a","CidrBlock":"10.0.1.0/24","VpcId":"vpc-1",)"
            R"("TagSpecifications":[{"ResourceType":"subnet","Tags":[{"Key":"iasql:intent","Value":"t0"}]}]})");
  EXPECT_EQ(created("security_group", R"({"description": "d", "group_name": "g", "vpc_id": null})"),
            R"(CreateSecurityGroup {"Description":"d","GroupName":"g","TagSpecifications":)"
            R"([{"ResourceType":"security-group","Tags":[{"Key":"iasql:intent","Value":"t0"}]}]})");
  EXPECT_EQ(created("log_group", R"({"log_group_name": "l", "tags": {"a": "b"}})"),
            R"(CreateLogGroup {"logGroupName":"l","tags":{"a":"b","iasql:intent":"t0"}})");
}

TEST(CreateRequest, CarriesNestedMembersAndNoOutputs) {
  EXPECT_EQ(created("repository", R"({"repository_name": "r", "registry_id": "123456789012",
                                      "image_tag_mutability": "MUTABLE", "scan_on_push": true})"),
            R"(CreateRepository {"repositoryName":"r","imageTagMutability":"MUTABLE",)"
            R"("imageScanningConfiguration":{"scanOnPush":true},"tags":[{"Key":"iasql:intent","Value":"t0"}]})");
}

TEST(CreateRequest, WithoutTagsWhereAwsHasNone) {
  EXPECT_EQ(created("repository_policy", R"({"policy_text": "{}", "repository_id": "r"})"),
            R"(SetRepositoryPolicy {"policyText":"{}","repositoryName":"r"})");
}

TEST(CreateRequest, NamesWhatAwsNeeds) {
  for (const char* description : {"null", "\"\""}) {
    try {
      created("security_group", (R"({"group_name": "g", "description": )" + std::string(description) + "}").c_str());
      FAIL() << "a security group needs a description";
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::missing_value);
      EXPECT_STREQ(error.what(), "security_group needs a value for description");
    }
  }
  EXPECT_THROW(created("security_group_rule", R"({"is_egress": true, "ip_protocol": "-1"})"), Error);
}

TEST(CreateRequest, RuleByDirectionAndPeer) {
  const std::string tags = R"("TagSpecifications":[{"ResourceType":"security-group-rule","Tags":)"
                           R"([{"Key":"iasql:intent","Value":"t0"}]}]})";
  EXPECT_EQ(created("security_group_rule",
                    R"({"is_egress": false, "ip_protocol": "tcp", "from_port": 8088, "to_port": 8090,
                        "cidr_ipv4": "0.0.0.0/0", "description": "web", "security_group_id": "sg-1"})"),
            R"(AuthorizeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":8088,)"
            R"("ToPort":8090,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"web"}]}],)" +
                tags);
  EXPECT_EQ(created("security_group_rule",
                    R"({"is_egress": true, "ip_protocol": "-1", "from_port": 0, "to_port": 65535,
                        "cidr_ipv6": "::/0", "prefix_list_id": "", "security_group_id": "sg-1"})"),
            R"(AuthorizeSecurityGroupEgress {"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"-1",)"
            R"("Ipv6Ranges":[{"CidrIpv6":"::/0"}]}],)" +
                tags);
  EXPECT_EQ(created("security_group_rule", R"({"is_egress": false, "ip_protocol": "udp", "from_port": 53, "to_port": 53,
                        "referenced_group_id": "sg-2", "security_group_id": "sg-1"})"),
            R"(AuthorizeSecurityGroupIngress {"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"udp","FromPort":53,)"
            R"("ToPort":53,"UserIdGroupPairs":[{"GroupId":"sg-2"}]}],)" +
                tags);
}

TEST(Created, IdIsInTheOutputOrTheRow) {
  EXPECT_EQ(created_id(binding_of("vpc"), read_json(R"({"Vpc": {"VpcId": "vpc-1"}})"), {}), "vpc-1");
  EXPECT_EQ(created_id(binding_of("security_group"), read_json(R"({"GroupId": "sg-1"})"), {}), "sg-1");
  EXPECT_EQ(created_id(binding_of("security_group_rule"),
                       read_json(R"({"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1"}]})"), {}),
            "sgr-1");
  EXPECT_EQ(created_id(binding_of("log_group"), Object(), row(R"({"log_group_name": "l"})")), "l");
  EXPECT_EQ(created_id(binding_of("security_group_rule"), read_json(R"({"SecurityGroupRules": []})"), {}), "");
}

TEST(Created, AttributesAreThoseThatTheOutputHas) {
  const Row known = created_attributes(
      binding_of("vpc"),
      read_json(
          R"({"Vpc": {"VpcId": "vpc-1", "State": "pending", "Tags": [{"Key": "iasql:intent", "Value": "t0"}]}})"));
  EXPECT_EQ(known, row(R"({"vpc_id": "vpc-1", "state": "pending", "tags": {}})"));
  EXPECT_TRUE(created_attributes(binding_of("log_group"), Object()).empty());
}

// -- changing and removing

TEST(UpdateRequests, OnlyOperationsThatTakeAChangedColumn) {
  const char* wanted = R"({"repository_name": "r", "image_tag_mutability": "IMMUTABLE", "scan_on_push": true})";
  EXPECT_THAT(updated("repository", wanted, "{}", {"scan_on_push"}, "r"),
              ElementsAre(R"(PutImageScanningConfiguration {"repositoryName":"r",)"
                          R"("imageScanningConfiguration":{"scanOnPush":true}})"));
  EXPECT_THAT(updated("repository", wanted, "{}", {"scan_on_push", "image_tag_mutability"}, "r"),
              ElementsAre(R"(PutImageTagMutability {"repositoryName":"r","imageTagMutability":"IMMUTABLE"})",
                          HasSubstr("PutImageScanningConfiguration")));
  EXPECT_THAT(updated("repository_policy", R"({"policy_text": "{}"})", "{}", {"policy_text"}, "r"),
              ElementsAre(R"(SetRepositoryPolicy {"repositoryName":"r","policyText":"{}"})"));
}

TEST(UpdateRequests, TagsAreRemovedThenSet) {
  EXPECT_THAT(updated("vpc", R"({"tags": {"a": "1", "b": "2"}})", R"({"tags": {"a": "1", "b": "0", "c": "3"}})",
                      {"tags"}, "vpc-1"),
              ElementsAre(R"(DeleteTags {"Resources":["vpc-1"],"Tags":[{"Key":"c"}]})",
                          R"(CreateTags {"Resources":["vpc-1"],"Tags":[{"Key":"b","Value":"2"}]})"));
  EXPECT_THAT(
      updated("log_group", R"({"tags": {}})", R"({"log_group_arn": "arn:l", "tags": {"c": "3"}})", {"tags"}, "l"),
      ElementsAre(R"(UntagResource {"resourceArn":"arn:l","tagKeys":["c"]})"));
  EXPECT_THAT(updated("repository", R"({"tags": {"d": "4"}})", R"({"repository_arn": "arn:r"})", {"tags"}, "r"),
              ElementsAre(R"(TagResource {"resourceArn":"arn:r","tags":[{"Key":"d","Value":"4"}]})"));
}

TEST(UpdateRequests, RuleIsSentWhole) {
  const char* base = R"({"is_egress": false, "ip_protocol": "tcp", "from_port": 80, "to_port": 80,
                         "cidr_ipv4": "10.0.0.0/8", "description": "old", "security_group_id": "sg-1"})";
  EXPECT_THAT(updated("security_group_rule", R"({"from_port": 80, "to_port": 81, "description": ""})", base,
                      {"to_port", "description"}, "sgr-1"),
              ElementsAre(R"(ModifySecurityGroupRules {"GroupId":"sg-1","SecurityGroupRules":[{"SecurityGroupRuleId":)"
                          R"("sgr-1","SecurityGroupRule":{"IpProtocol":"tcp","FromPort":80,"ToPort":81,)"
                          R"("CidrIpv4":"10.0.0.0/8","Description":""}}]})"));
}

TEST(UpdateRequests, RuleForAllProtocolsIsForAllPorts) {
  const char* base = R"({"ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_ipv4": "10.0.0.0/8",
                         "security_group_id": "sg-1"})";
  EXPECT_THAT(updated("security_group_rule", R"({"ip_protocol": "-1"})", base, {"ip_protocol"}, "sgr-1"),
              ElementsAre(HasSubstr(
                  R"("SecurityGroupRule":{"IpProtocol":"-1","FromPort":-1,"ToPort":-1,"CidrIpv4":"10.0.0.0/8"})")));
}

TEST(NeedsReplace, CreateOnlyColumnsAndAnotherKindOfPeer) {
  const Binding& rule = binding_of("security_group_rule");
  const Row base = row(R"({"cidr_ipv4": "10.0.0.0/8", "is_egress": true})");
  EXPECT_FALSE(needs_replace(rule, row(R"({"cidr_ipv4": "11.0.0.0/8"})"), base, {"cidr_ipv4"}));
  EXPECT_TRUE(needs_replace(rule, row(R"({"cidr_ipv6": "::/0"})"), base, {"cidr_ipv6"}));
  EXPECT_TRUE(needs_replace(rule, row(R"({"is_egress": false})"), base, {"is_egress"}));
  EXPECT_FALSE(needs_replace(rule, row(R"({"from_port": 1})"), base, {"from_port"}));
}

TEST(RemoveRequest, NamesTheObject) {
  EXPECT_EQ(removed("vpc", "{}", "vpc-1"), R"(DeleteVpc {"VpcId":"vpc-1"})");
  EXPECT_EQ(removed("log_group", "{}", "l"), R"(DeleteLogGroup {"logGroupName":"l"})");
  EXPECT_EQ(removed("repository", "{}", "r"), R"(DeleteRepository {"repositoryName":"r"})");
  EXPECT_EQ(removed("security_group_rule", R"({"is_egress": true, "security_group_id": "sg-1"})", "sgr-1"),
            R"(RevokeSecurityGroupEgress {"GroupId":"sg-1","SecurityGroupRuleIds":["sgr-1"]})");
}

TEST(WaiterInput, AsksForOneObject) {
  EXPECT_EQ(write_json(waiter_input(binding_of("vpc"), "vpc-1")), R"({"VpcIds":["vpc-1"]})");
}

// -- observing

TEST(Observe, InTheTablesTerms) {
  const Observed vpc = observe(binding_of("vpc"), read_json(R"({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16",
      "State": "available", "IsDefault": false, "Tags": [{"Key": "Name", "Value": "a"},
      {"Key": "aws:cloudformation:stack-name", "Value": "s"}, {"Key": "iasql:intent", "Value": "t0"}]})"),
                               "eu-west-2");
  EXPECT_EQ(vpc.cloud_id, "vpc-1");
  EXPECT_EQ(vpc.region, "eu-west-2");
  EXPECT_EQ(vpc.intent, "t0");
  EXPECT_FALSE(vpc.is_protected);
  EXPECT_EQ(vpc.attributes, row(R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16", "state": "available",
      "is_default": false, "tags": {"Name": "a", "aws:cloudformation:stack-name": "s"}})"));

  const Observed group = observe(
      binding_of("log_group"),
      read_json(R"({"logGroupName": "l", "logGroupArn": "arn:l", "creationTime": 1795334400123})"), "eu-west-2");
  EXPECT_EQ(group.attributes, row(R"({"log_group_name": "l", "log_group_arn": "arn:l",
      "creation_time": "2026-11-22T08:00:00.123Z", "tags": {}})"));

  const Observed rule = observe(binding_of("security_group_rule"), read_json(R"({"SecurityGroupRuleId": "sgr-1",
      "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1,
      "ReferencedGroupInfo": {"GroupId": "sg-2"}})"),
                                "eu-west-2");
  EXPECT_EQ(rule.attributes.get("referenced_group_id"), Value("sg-2"));
  EXPECT_EQ(rule.attributes.get("security_group_id"), Value("sg-1"));
  EXPECT_EQ(rule.attributes.get("from_port"), Value(-1));
  EXPECT_TRUE(rule.attributes.get("cidr_ipv4").is_null());
}

TEST(Observe, WhatIsAwssOwnIsProtected) {
  EXPECT_TRUE(observe(binding_of("vpc"), read_json(R"({"VpcId": "v", "IsDefault": true})"), "r").is_protected);
  EXPECT_TRUE(observe(binding_of("subnet"), read_json(R"({"SubnetId": "s", "DefaultForAz": true})"), "r").is_protected);
  EXPECT_TRUE(observe(binding_of("security_group"), read_json(R"({"GroupId": "g", "GroupName": "default"})"), "r")
                  .is_protected);
}

TEST(Observe, RefusesAnObjectWithoutId) {
  EXPECT_THROW(observe(binding_of("vpc"), read_json(R"({"State": "available"})"), "r"), Error);
}

// -- equality

struct Pair {
  const char *table, *column, *left, *right;
  bool same;
};

class SameValue : public ::testing::TestWithParam<Pair> {};

TEST_P(SameValue, ByMeaning) {
  const Pair& pair = GetParam();
  const BoundAttribute& attribute = *binding_of(pair.table).attribute(pair.column);
  EXPECT_EQ(same_value(attribute, read_json(pair.left), read_json(pair.right)), pair.same)
      << pair.left << " and " << pair.right;
  EXPECT_EQ(same_value(attribute, read_json(pair.right), read_json(pair.left)), pair.same);
}

INSTANTIATE_TEST_SUITE_P(
    Columns, SameValue,
    ::testing::Values(
        Pair{"vpc", "state", "null", "null", true}, Pair{"vpc", "state", "null", R"("")", true},
        Pair{"vpc", "state", R"("a")", "null", false}, Pair{"vpc", "state", R"("a")", R"("A")", false},
        Pair{"vpc", "cidr_block", R"("10.0.3.4/16")", R"("10.0.0.0/16")", true},
        Pair{"vpc", "cidr_block", R"("10.0.0.0/16")", R"("10.0.0.0/17")", false},
        Pair{"vpc", "cidr_block", R"("nonsense")", R"("10.0.0.0/17")", false},
        Pair{"security_group_rule", "cidr_ipv6", R"("2001:0DB8::/32")", R"("2001:db8::/32")", true},
        Pair{"security_group_rule", "from_port", "80", "80.0", true},
        Pair{"security_group_rule", "from_port", "80", "81", false},
        Pair{"repository", "created_at", R"("2026-11-22T08:00:00Z")", R"("2026-11-22T09:00:00+01:00")", true},
        Pair{"repository", "created_at", R"("2026-11-22T08:00:00.5Z")", R"("2026-11-22T08:00:00.500+00:00")", true},
        Pair{"repository", "created_at", R"("2026-11-22T08:00:00Z")", R"("2026-11-22T08:00:01Z")", false},
        Pair{"vpc", "tags", R"({"a": "1", "b": "2"})", R"({"b": "2", "a": "1"})", true},
        Pair{"vpc", "tags", R"({"a": "1"})", R"({"a": "2"})", false},
        Pair{"repository_policy", "policy_text", R"("{\"Action\": [\"b\", \"a\"], \"Effect\": \"Allow\"}")",
             R"("{\"Effect\":\"Allow\",\"Action\":[\"a\",\"b\"]}")", true},
        Pair{"repository_policy", "policy_text", R"("{\"Statement\": [{\"Action\": [\"a\"]}]}")",
             R"("{\"Statement\": {\"Action\": \"a\"}}")", true},
        Pair{"repository_policy", "policy_text", R"("{\"Action\": \"a\"}")", R"("{\"Action\": \"b\"}")", false},
        Pair{"repository_policy", "policy_text", R"("no json")", R"("no json")", true},
        Pair{"repository_policy", "policy_text", R"("no json")", R"("no  json")", false}));

TEST(SameValue, ArraysWithoutRegardToOrder) {
  BoundAttribute attribute;
  attribute.type = "text[]";
  EXPECT_TRUE(same_value(attribute, read_json(R"(["a", "b"])"), read_json(R"(["b", "a"])")));
  EXPECT_FALSE(same_value(attribute, read_json(R"(["a", "a"])"), read_json(R"(["a"])")));
}

// -- what AWS would refuse

std::string wrong(const char* table, const char* column, const Value& value) {
  const auto matches = [](const std::string& pattern, const std::string& text) {
    return std::regex_match(text, std::regex(pattern));
  };
  return what_is_wrong(*binding_of(table).attribute(column), value, matches).value_or("");
}

TEST(WhatIsWrong, EnumerationsPatternsAndLengths) {
  EXPECT_EQ(wrong("repository", "image_tag_mutability", "MUTABLE"), "");
  EXPECT_THAT(wrong("repository", "image_tag_mutability", "mutable"), HasSubstr("must be one of MUTABLE, IMMUTABLE, "));
  EXPECT_EQ(wrong("repository", "repository_name", "a"), "must be at least 2 characters, not 1 characters");
  EXPECT_EQ(wrong("repository", "repository_name", std::string(300, 'a')),
            "must be at most 256 characters, not 300 characters");
  EXPECT_THAT(wrong("repository", "repository_name", "Über"), HasSubstr("must match the pattern"));
  EXPECT_EQ(wrong("repository", "repository_name", "team/app"), "");
  EXPECT_EQ(wrong("log_group", "log_group_name", Value()), "");
}

TEST(WhatIsWrong, TagsDocumentsAndNetworks) {
  EXPECT_EQ(wrong("vpc", "tags", read_json(R"({"a": "b"})")), "");
  EXPECT_THAT(wrong("vpc", "tags", read_json(R"({"a": 1})")), HasSubstr("the value of \"a\" is none"));
  EXPECT_THAT(wrong("vpc", "tags", read_json(R"(["a"])")), HasSubstr("must be an object of strings"));
  EXPECT_THAT(wrong("vpc", "tags", read_json(R"({"iasql:intent": "x"})")), HasSubstr("iasql uses itself"));
  EXPECT_EQ(wrong("repository_policy", "policy_text", "{"), "must be a JSON document");
  EXPECT_EQ(wrong("vpc", "cidr_block", "10.0.0.0/33"), "must be a network such as 10.0.0.0/16, not \"10.0.0.0/33\"");
  EXPECT_EQ(wrong("subnet", "vpc_id", 7), "");
}

// -- names

std::string name(const char* table, const char* json) {
  return natural_name(binding_of(table), row(json),
                      [](const std::string& table, const Value& reference) { return table + ":" + reference.text(); });
}

TEST(NaturalName, IsForPeople) {
  EXPECT_EQ(name("vpc", R"({"cidr_block": "10.0.0.0/16"})"), "10.0.0.0/16");
  EXPECT_EQ(name("repository_policy", R"({"repository_id": 3})"), "repository:3");
  EXPECT_EQ(name("security_group_rule", R"({"is_egress": false, "ip_protocol": "tcp", "from_port": 8088,
                     "to_port": 8088, "cidr_ipv4": "0.0.0.0/0", "security_group_id": 1})"),
            "ingress tcp 8088 0.0.0.0/0 of security_group:1");
  EXPECT_EQ(name("security_group_rule", R"({"is_egress": true, "ip_protocol": "udp", "from_port": 1,
                     "to_port": 9, "referenced_group_id": "sg-2", "security_group_id": 1})"),
            "egress udp 1-9 sg-2 of security_group:1");
  EXPECT_EQ(name("security_group_rule", R"({"is_egress": true, "ip_protocol": "-1", "from_port": -1,
                     "cidr_ipv6": "::/0", "security_group_id": 1})"),
            "egress -1 ::/0 of security_group:1");
}

TEST(CloudName, IsTheArnWhereTheIdIsOnlyAName) {
  EXPECT_EQ(cloud_name(binding_of("log_group"), row(R"({"log_group_arn": "arn:l"})"), "l"), "arn:l");
  EXPECT_EQ(cloud_name(binding_of("log_group"), {}, "l"), "l");
  EXPECT_EQ(cloud_name(binding_of("subnet"), row(R"({"subnet_arn": "arn:s"})"), "subnet-1"), "subnet-1");
}

} // namespace
} // namespace iasql::engine
