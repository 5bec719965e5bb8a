// The requests of aws_elb, and what it makes of AWS's answers.

#include "engine/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

using testing::binding_of;
using testing::created;
using ::testing::ElementsAre;
using testing::removed;
using testing::row;
using testing::updated;

TEST(LoadBalancerRequests, CreateCarriesSubnetsAndGroupsButNoVpc) {
  EXPECT_EQ(created("load_balancer", R"({"load_balancer_name": "b", "dns_name": "ignored", "scheme": "internet-facing",
          "load_balancer_type": "application", "vpc": "vpc-1", "subnets": ["subnet-1", "subnet-2"],
          "availability_zones": ["eu-west-2a", "eu-west-2b"], "ip_address_type": "ipv4", "customer_owned_ipv4_pool": "",
          "load_balancer_security_groups": ["sg-1"], "tags": {"a": "b"}})"),
            R"(CreateLoadBalancer {"Name":"b","Scheme":"internet-facing","Type":"application",)"
            R"("Subnets":["subnet-1","subnet-2"],"IpAddressType":"ipv4","SecurityGroups":["sg-1"],)"
            R"("Tags":[{"Key":"a","Value":"b"},{"Key":"iasql:intent","Value":"t0"}]})");
}

TEST(LoadBalancerRequests, EachChangeHasItsOperation) {
  const char* wanted = R"({"subnets": ["subnet-1", "subnet-3"], "ip_address_type": "dualstack",
                           "load_balancer_security_groups": ["sg-2"]})";
  EXPECT_THAT(updated("load_balancer", wanted, "{}", {"ip_address_type"}, "arn:b"),
              ElementsAre(R"(SetIpAddressType {"LoadBalancerArn":"arn:b","IpAddressType":"dualstack"})"));
  EXPECT_THAT(updated("load_balancer", wanted, "{}", {"subnets", "availability_zones"}, "arn:b"),
              ElementsAre(R"(SetSubnets {"LoadBalancerArn":"arn:b","Subnets":["subnet-1","subnet-3"]})"));
  EXPECT_THAT(updated("load_balancer", wanted, "{}", {"load_balancer_security_groups"}, "arn:b"),
              ElementsAre(R"(SetSecurityGroups {"LoadBalancerArn":"arn:b","SecurityGroups":["sg-2"]})"));
  EXPECT_TRUE(needs_replace(binding_of("load_balancer"), row(R"({"vpc": "vpc-2"})"), {}, {"vpc"}));
}

TEST(LoadBalancerRequests, TagsGoByArn) {
  EXPECT_THAT(updated("load_balancer", R"({"tags": {"a": "1"}})", R"({"tags": {"b": "2"}})", {"tags"}, "arn:b"),
              ElementsAre(R"(RemoveTags {"ResourceArns":["arn:b"],"TagKeys":["b"]})",
                          R"(AddTags {"ResourceArns":["arn:b"],"Tags":[{"Key":"a","Value":"1"}]})"));
}

TEST(LoadBalancerRequests, RemoveAndTheWaitersQuestion) {
  EXPECT_EQ(removed("load_balancer", "{}", "arn:b"), R"(DeleteLoadBalancer {"LoadBalancerArn":"arn:b"})");
  EXPECT_EQ(write_json(waiter_input(binding_of("load_balancer"), "arn:b")), R"({"LoadBalancerArns":["arn:b"]})");
}

TEST(ObserveLoadBalancer, ZonesStateAndAGatewaysLackOfAScheme) {
  const Observed seen = observe(binding_of("load_balancer"), read_json(R"({"LoadBalancerArn": "arn:b",
      "LoadBalancerName": "b", "DNSName": "b.example", "VpcId": "vpc-1", "State": {"Code": "active"}, "Type": "network",
      "Scheme": "internal", "CreatedTime": "2026-11-22T08:00:00Z", "SecurityGroups": ["sg-1"],
      "AvailabilityZones": [{"ZoneName": "eu-west-2a", "SubnetId": "subnet-1"},
                            {"ZoneName": "eu-west-2b", "SubnetId": "subnet-2"}],
      "TagDescriptions": [{"ResourceArn": "arn:b", "Tags": [{"Key": "a", "Value": "1"},
                                                           {"Key": "iasql:intent", "Value": "t0"}]}]})"),
                                "eu-west-2");
  EXPECT_EQ(seen.cloud_id, "arn:b");
  EXPECT_EQ(seen.intent, "t0");
  EXPECT_EQ(seen.attributes, row(R"({"load_balancer_name": "b", "load_balancer_arn": "arn:b", "dns_name": "b.example",
      "canonical_hosted_zone_id": null, "created_time": "2026-11-22T08:00:00Z", "scheme": "internal", "state": "active",
      "load_balancer_type": "network", "vpc": "vpc-1", "subnets": ["subnet-1", "subnet-2"],
      "availability_zones": ["eu-west-2a", "eu-west-2b"], "ip_address_type": null, "customer_owned_ipv4_pool": null,
      "load_balancer_security_groups": ["sg-1"], "tags": {"a": "1"}})"));
  const Observed gateway =
      observe(binding_of("load_balancer"), read_json(R"({"LoadBalancerArn": "arn:g", "Type": "gateway"})"), "r");
  EXPECT_EQ(gateway.attributes.get("scheme"), Value(""));
}

TEST(TargetGroupRequests, CreateAndHealthChecks) {
  EXPECT_EQ(created("target_group", R"({"target_group_name": "t", "target_type": "ip", "protocol": "HTTP", "port": 8088,
                "vpc": "vpc-1", "health_check_path": "/health", "health_check_enabled": null})"),
            R"(CreateTargetGroup {"Name":"t","TargetType":"ip","Protocol":"HTTP","Port":8088,"VpcId":"vpc-1",)"
            R"("HealthCheckPath":"/health","Tags":[{"Key":"iasql:intent","Value":"t0"}]})");
  EXPECT_THAT(
      updated("target_group", R"({"health_check_path": "/h", "healthy_threshold_count": 3})", R"({"port": 8088})",
              {"health_check_path", "healthy_threshold_count"}, "arn:t"),
      ElementsAre(R"(ModifyTargetGroup {"TargetGroupArn":"arn:t","HealthCheckPath":"/h","HealthyThresholdCount":3})"));
  EXPECT_EQ(removed("target_group", "{}", "arn:t"), R"(DeleteTargetGroup {"TargetGroupArn":"arn:t"})");
}

TEST(TargetGroupRequests, OfFunctionsHasNoVpc) {
  EXPECT_EQ(created("target_group", R"({"target_group_name": "t", "target_type": "lambda", "vpc": ""})"),
            R"(CreateTargetGroup {"Name":"t","TargetType":"lambda","Tags":[{"Key":"iasql:intent","Value":"t0"}]})");
  const Observed seen =
      observe(binding_of("target_group"), read_json(R"({"TargetGroupArn": "arn:t", "TargetType": "lambda"})"), "r");
  EXPECT_EQ(seen.attributes.get("vpc"), Value(""));
}

TEST(ListenerRequests, ForwardToATargetGroup) {
  EXPECT_EQ(created("listener", R"({"port": 8088, "protocol": "HTTP", "action_type": "forward",
                                    "load_balancer_id": "arn:b", "target_group_id": "arn:t"})"),
            R"(CreateListener {"Port":8088,"Protocol":"HTTP","DefaultActions":[{"Type":"forward",)"
            R"("TargetGroupArn":"arn:t"}],"LoadBalancerArn":"arn:b","Tags":[{"Key":"iasql:intent","Value":"t0"}]})");
  EXPECT_EQ(removed("listener", "{}", "arn:l"), R"(DeleteListener {"ListenerArn":"arn:l"})");
}

TEST(ListenerRequests, AnActionIsSentWhole) {
  const char* base = R"({"port": 80, "protocol": "HTTP", "action_type": "forward", "target_group_id": "arn:t"})";
  EXPECT_THAT(
      updated("listener", R"({"target_group_id": "arn:u", "action_type": null})", base, {"target_group_id"}, "arn:l"),
      ElementsAre(R"(ModifyListener {"ListenerArn":"arn:l","DefaultActions":[{"TargetGroupArn":"arn:u",)"
                  R"("Type":"forward"}]})"));
  EXPECT_THAT(updated("listener", R"({"port": 81, "protocol": "HTTP"})", base, {"port"}, "arn:l"),
              ElementsAre(R"(ModifyListener {"ListenerArn":"arn:l","Port":81})"));
}

TEST(ObserveListener, OfWhatItsFirstActionDoes) {
  const Observed seen =
      observe(binding_of("listener"), read_json(R"({"ListenerArn": "arn:l", "LoadBalancerArn": "arn:b",
      "Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:t"}]})"),
              "r");
  EXPECT_EQ(seen.attributes.get("action_type"), Value("forward"));
  EXPECT_EQ(seen.attributes.get("target_group_id"), Value("arn:t"));
  EXPECT_EQ(seen.attributes.get("load_balancer_id"), Value("arn:b"));
  const Observed redirect = observe(
      binding_of("listener"), read_json(R"({"ListenerArn": "arn:l", "DefaultActions": [{"Type": "redirect"}]})"), "r");
  EXPECT_TRUE(redirect.attributes.get("target_group_id").is_null());
}

} // namespace
} // namespace iasql::engine
