#include "modules/aws_elb/hooks.hpp"
#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Tags elb_tags() {
  return {.style = Tags::Style::key_value_list,
          .create_member = "Tags",
          .read_operation = "DescribeTags",
          .read_member = "TagDescriptions[0].Tags",
          .add_operation = "AddTags",
          .remove_operation = "RemoveTags",
          .arn_member = "ResourceArns",
          .keys_member = "TagKeys"};
}

// AWS answers a second create of the same settings with the object that is there, so apply looks before each create.

static Resource load_balancer() {
  return {
      .table = "load_balancer",
      .service = "elbv2",
      .id = "LoadBalancerArn",
      .identity = {"load_balancer_name"},
      .name = "{load_balancer_name}",
      .read = {.operation = "DescribeLoadBalancers", .by = "LoadBalancerArns", .absent_on = {"LoadBalancerNotFound"}},
      .create = {.operation = "CreateLoadBalancer", .waiter = "LoadBalancerAvailable"},
      // SetSubnets takes an address type too, but never without subnets: its own operation comes first.
      .update = {{.operation = "SetIpAddressType"}, {.operation = "SetSubnets"}, {.operation = "SetSecurityGroups"}},
      .remove = {.operation = "DeleteLoadBalancer", .waiter = "LoadBalancersDeleted"},
      .exists_on = {"DuplicateLoadBalancerName"},
      .absent_on = {"LoadBalancerNotFound"},
      .blocked_on = {"ResourceInUse"},
      .tags = elb_tags(),
      .attributes = {{.column = "load_balancer_name", .member = "LoadBalancerName", .input_member = "Name"},
                     {.column = "state", .member = "State.Code"},
                     {.column = "load_balancer_type", .member = "Type"},
                     {.column = "vpc", .member = "VpcId", .role = Role::create_only},
                     {.column = "subnets", .member = "AvailabilityZones[].SubnetId", .input_member = "Subnets"},
                     {.column = "availability_zones", .member = "AvailabilityZones[].ZoneName", .role = Role::input}},
      .references = {{.column = "vpc", .table = "vpc", .alias = "default", .alias_column = "is_default"},
                     {.column = "subnets", .table = "subnet"}},
      .parts = {{.table = "load_balancer_security_groups",
                 .owner = "load_balancer_id",
                 .member = "SecurityGroups",
                 .element = "security_group_id"}},
      .derived = {{.column = "subnets",
                   .table = "subnet",
                   .matching = {{"vpc_id", "vpc"}, {"availability_zone", "availability_zones"}}}},
      .create_overwrites = true,
      .object_hook = load_balancer_in_words,
  };
}

static Resource target_group() {
  return {
      .table = "target_group",
      .service = "elbv2",
      .id = "TargetGroupArn",
      .identity = {"target_group_name"},
      .name = "{target_group_name}",
      .read = {.operation = "DescribeTargetGroups", .by = "TargetGroupArns", .absent_on = {"TargetGroupNotFound"}},
      .create = {.operation = "CreateTargetGroup"},
      .update = {{.operation = "ModifyTargetGroup"}},
      .remove = {.operation = "DeleteTargetGroup"},
      .exists_on = {"DuplicateTargetGroupName"},
      .absent_on = {"TargetGroupNotFound"},
      .blocked_on = {"ResourceInUse"},
      .tags = elb_tags(),
      .attributes = {{.column = "target_group_name", .member = "TargetGroupName", .input_member = "Name"},
                     {.column = "vpc", .member = "VpcId"}},
      .references = {{.column = "vpc", .table = "vpc", .alias = "default", .alias_column = "is_default"}},
      .create_overwrites = true,
      .object_hook = target_group_in_words,
  };
}

static Resource listener() {
  return {
      .table = "listener",
      .service = "elbv2",
      .id = "ListenerArn",
      .identity = {"load_balancer_id", "port"},
      .name = "{load_balancer_id}:{port}",
      .read = {.operation = "DescribeListeners",
               .by = "ListenerArns",
               .for_each = "load_balancer",
               .parent = "LoadBalancerArn",
               .absent_on = {"ListenerNotFound", "LoadBalancerNotFound"}},
      .create = {.operation = "CreateListener"},
      .update = {{.operation = "ModifyListener"}},
      .remove = {.operation = "DeleteListener"},
      .exists_on = {"DuplicateListener"},
      .absent_on = {"ListenerNotFound"},
      .blocked_on = {"ResourceInUse"},
      .tags = elb_tags(),
      .attributes = {{.column = "action_type", .member = "DefaultActions[0].Type"},
                     {.column = "target_group_id", .member = "DefaultActions[0].TargetGroupArn"}},
      .create_overwrites = true,
  };
}

Module aws_elb() {
  return {
      .name = "aws_elb",
      .version = "0.1.0",
      .dependencies = {"aws_account", "aws_security_group", "aws_vpc"},
      .tables = {"load_balancer", "target_group", "listener", "load_balancer_security_groups"},
      .resources = {load_balancer(), target_group(), listener()},
      .further_actions =
          {.write = {{.action = "ec2:DescribeAccountAttributes", .reason = "Checked with CreateLoadBalancer."},
                     {.action = "ec2:DescribeAddresses", .reason = "Checked with CreateLoadBalancer."},
                     {.action = "ec2:DescribeInternetGateways",
                      .reason = "Checked with CreateLoadBalancer and CreateTargetGroup."},
                     {.action = "ec2:DescribeSecurityGroups", .reason = "Checked with CreateLoadBalancer."},
                     {.action = "ec2:DescribeSubnets",
                      .reason = "Checked with CreateLoadBalancer, SetIpAddressType and SetSubnets."},
                     {.action = "ec2:DescribeVpcs", .reason = "Checked with CreateLoadBalancer and CreateTargetGroup."},
                     {.action = "iam:CreateServiceLinkedRole",
                      .reason = "An account's first load balancer brings the service's own role.",
                      .condition_key = "iam:AWSServiceName",
                      .condition = "elasticloadbalancing.amazonaws.com"}}},
      .sql = module_sql("aws_elb"),
  };
}

} // namespace iasql::modules
