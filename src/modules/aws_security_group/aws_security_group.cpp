#include "modules/aws_security_group/hooks.hpp"
#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource security_group() {
  return {
      .table = "security_group",
      .service = "ec2",
      .id = "GroupId",
      .identity = {"group_name", "vpc_id"},
      .name = "{group_name}",
      .read = {.operation = "DescribeSecurityGroups",
               .by = "GroupIds",
               .absent_on = {"InvalidGroup.NotFound"},
               .filters = {{"group_name", "group-name"}, {"vpc_id", "vpc-id"}}},
      .create = {.operation = "CreateSecurityGroup"},
      .remove = {.operation = "DeleteSecurityGroup"},
      .exists_on = {"InvalidGroup.Duplicate"},
      .absent_on = {"InvalidGroup.NotFound"},
      .blocked_on = {"DependencyViolation", "InvalidGroup.InUse"},
      .tags = ec2_tags("security-group"),
      .references = {{.column = "vpc_id", .table = "vpc"}},
      .blockers = Blockers{.operation = "DescribeNetworkInterfaces",
                           .items = "NetworkInterfaces",
                           .filter = "group-id",
                           .id = "NetworkInterfaceId",
                           .description = "Description",
                           .passing = "RequesterManaged"},
      .protections = {{.member = "GroupName", .equals = "default"}},
      .brings = {{.table = "security_group_rule",
                  .like = {{{"is_egress", true}, {"ip_protocol", "-1"}, {"cidr_ipv4", "0.0.0.0/0"}},
                           {{"is_egress", true}, {"ip_protocol", "-1"}, {"cidr_ipv6", "::/0"}}}}},
  };
}

static Resource security_group_rule() {
  return {
      .table = "security_group_rule",
      .service = "ec2",
      .id = "SecurityGroupRuleId",
      .identity = {"security_group_id", "is_egress", "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6",
                   "prefix_list_id", "referenced_group_id"},
      .name = "{is_egress?egress:ingress} {ip_protocol} {from_port..to_port} "
              "{cidr_ipv4|cidr_ipv6|prefix_list_id|referenced_group_id} of {security_group_id}",
      .read = {.operation = "DescribeSecurityGroupRules",
               .by = "SecurityGroupRuleIds",
               .absent_on = {"InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound"},
               .filters = {{"security_group_id", "group-id"}}},
      // Egress rather than ingress, because its input says that GroupId is required; the hook chooses between them.
      .create = {.operation = "AuthorizeSecurityGroupEgress"},
      .update = {{.operation = "ModifySecurityGroupRules"}},
      .remove = {.operation = "RevokeSecurityGroupEgress"},
      .exists_on = {"InvalidPermission.Duplicate"},
      .absent_on = {"InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound", "InvalidPermission.NotFound"},
      .tags = ec2_tags("security-group-rule"),
      .attributes = {{.column = "is_egress", .role = Role::create_only},
                     {.column = "ip_protocol", .role = Role::input},
                     {.column = "from_port", .role = Role::input},
                     {.column = "to_port", .role = Role::input},
                     {.column = "cidr_ipv4", .role = Role::input},
                     {.column = "cidr_ipv6", .role = Role::input},
                     {.column = "prefix_list_id", .role = Role::input},
                     {.column = "description", .role = Role::input},
                     {.column = "security_group_id", .role = Role::create_only},
                     {.column = "referenced_group_id", .member = "ReferencedGroupInfo.GroupId", .role = Role::input}},
      .references = {{.column = "referenced_group_id", .table = "security_group"}},
      .one_of = {"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_group_id"},
      .protected_with = {"security_group_id"},
      .request_hook = security_group_rule_request,
  };
}

Module aws_security_group() {
  return {
      .name = "aws_security_group",
      .version = "0.1.0",
      .dependencies = {"aws_account", "aws_vpc"},
      .tables = {"security_group", "security_group_rule"},
      .resources = {security_group(), security_group_rule()},
      // The specs name the operations for egress.
      .further_actions = {.write = {{.action = "ec2:AuthorizeSecurityGroupIngress", .reason = "Adds an ingress rule."},
                                    {.action = "ec2:RevokeSecurityGroupIngress",
                                     .reason = "Removes an ingress rule."}}},
      .sql = module_sql("aws_security_group"),
  };
}

} // namespace iasql::modules
