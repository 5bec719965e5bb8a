#include "modules/aws_rds/hooks.hpp"
#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource rds() {
  return {
      .table = "rds",
      .service = "rds",
      .id = "DBInstanceIdentifier",
      .identity = {"db_instance_identifier"},
      .name = "{db_instance_identifier}",
      .read = {.operation = "DescribeDBInstances",
               .by = "DBInstanceIdentifier",
               .absent_on = {"DBInstanceNotFound"},
               .only = {{"DBClusterIdentifier", Value()}},
               .gone = {{"DBInstanceStatus", "deleting"}}},
      .create = {.operation = "CreateDBInstance", .waiter = "DBInstanceAvailable"},
      .update = {{.operation = "ModifyDBInstance",
                  .waiter = "DBInstanceAvailable",
                  .input = Object{{"ApplyImmediately", true}}}},
      .remove = {.operation = "DeleteDBInstance", .waiter = "DBInstanceDeleted"},
      .exists_on = {"DBInstanceAlreadyExists"},
      .absent_on = {"DBInstanceNotFound"},
      .blocked_on = {"InvalidDBInstanceState"},
      .hints = {{"InvalidDBInstanceState", "Wait until the instance is available; one that failed is deleted only with "
                                           "skip_final_snapshot = true"}},
      .tags = {.style = Tags::Style::key_value_list,
               .create_member = "Tags",
               .read_member = "TagList",
               .add_operation = "AddTagsToResource",
               .remove_operation = "RemoveTagsFromResource",
               .arn_member = "ResourceName",
               .arn_column = "arn",
               .keys_member = "TagKeys"},
      .attributes = {{.column = "db_instance_identifier", .meaning = Meaning::caseless},
                     {.column = "engine", .role = Role::create_only}, // an update takes it from Oracle to Oracle alone
                     {.column = "endpoint_addr", .member = "Endpoint.Address"},
                     {.column = "endpoint_port", .member = "Endpoint.Port"},
                     {.column = "endpoint_hosted_zone_id", .member = "Endpoint.HostedZoneId"},
                     {.column = "skip_final_snapshot", .input_member = "SkipFinalSnapshot", .for_remove = true},
                     {.column = "arn", .member = "DBInstanceArn"}},
      .parts = {{.table = "rds_security_groups",
                 .owner = "rds_id",
                 .member = "VpcSecurityGroups[].VpcSecurityGroupId",
                 .input_member = "VpcSecurityGroupIds",
                 .element = "security_group_id"}},
      .loses_data = true,
      .amend = name_final_snapshot,
      .object_hook = with_pending_changes,
  };
}

Module aws_rds() {
  return {
      .name = "aws_rds",
      .version = "0.1.0",
      .dependencies = {"aws_account", "aws_security_group", "aws_vpc"},
      .tables = {"rds", "rds_security_groups"},
      .resources = {rds()},
      .further_actions = {.write = {{.action = "rds:CreateDBSnapshot", .reason = "Takes the final snapshot."},
                                    {.action = "iam:CreateServiceLinkedRole",
                                     .reason = "Makes RDS's own role with the account's first instance.",
                                     .condition_key = "iam:AWSServiceName",
                                     .condition = "rds.amazonaws.com"}}},
      .sql = module_sql("aws_rds"),
  };
}

} // namespace iasql::modules
