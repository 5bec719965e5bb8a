#include "modules/aws_ecs_fargate/hooks.hpp"
#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

// Tags travel in the objects, where asked for with `include`, and are changed by ARN.
static Tags ecs_tags() {
  return {.style = Tags::Style::lower_key_value_list,
          .create_member = "tags",
          .read_member = "tags",
          .add_operation = "TagResource",
          .remove_operation = "UntagResource",
          .arn_member = "resourceArn",
          .keys_member = "tagKeys"};
}

static Value with_tags() {
  return Object{{"include", Array{"TAGS"}}};
}

static Resource cluster() {
  return {
      .table = "cluster",
      .service = "ecs",
      .id = "clusterArn",
      .id_input = "cluster",
      .identity = {"cluster_name"},
      .name = "{cluster_name}",
      .read = {.operation = "DescribeClusters",
               .items = "clusters",
               .by = "clusters",
               .list = "ListClusters",
               .batch = 100,
               .input = with_tags(),
               .gone = {{"status", "INACTIVE"}}},
      .create = {.operation = "CreateCluster"},
      .remove = {.operation = "DeleteCluster"},
      .absent_on = {"ClusterNotFoundException"},
      .blocked_on = {"ClusterContainsTasksException", "UpdateInProgressException"},
      .hints = {{"ClusterContainsServicesException",
                 "It has services that are no rows, such as those on EC2 instances; "
                 "delete them first"},
                {"ClusterContainsContainerInstancesException", "Deregister its container instances first"}},
      .tags = ecs_tags(),
      .attributes = {{.column = "cluster_status", .member = "status"}},
      .create_overwrites = true,
  };
}

// RegisterTaskDefinition refuses a role that was made seconds ago in the same words as one that ECS may never assume;
// the trust policy tells them apart.
static std::vector<NotYet> roles_not_known_yet() {
  std::vector<NotYet> refusals;
  for (const char* role : {"execution_role_name", "task_role_name"})
    for (const char* text : {"Role is not valid", "unable to assume the role"})
      refusals.push_back({.error = "ClientException",
                          .text = text,
                          .columns = {role},
                          .their_column = "assume_role_policy_document",
                          .contains = "ecs-tasks.amazonaws.com"});
  return refusals;
}

static Resource task_definition() {
  return {
      .table = "task_definition",
      .service = "ecs",
      .id = "taskDefinitionArn",
      .id_input = "taskDefinition",
      .name = "{family}",
      .read = {.operation = "DescribeTaskDefinition",
               .items = "taskDefinition",
               .by = "taskDefinition",
               .list = "ListTaskDefinitionFamilies",
               .list_input = Object{{"status", "ACTIVE"}},
               .beside = {"tags"},
               .absent_on = {"ClientException"},
               .input = with_tags(),
               .only = {{"requiresCompatibilities", "FARGATE"}},
               .gone = {{"status", "INACTIVE"}, {"status", "DELETE_IN_PROGRESS"}},
               .also = {{"service", "task_definition_id"}}},
      .create = {.operation = "RegisterTaskDefinition",
                 .input = Object{{"networkMode", "awsvpc"}, {"requiresCompatibilities", Array{"FARGATE"}}}},
      .remove = {.operation = "DeregisterTaskDefinition"},
      .tags = ecs_tags(),
      .attributes = {{.column = "cpu_memory", .role = Role::create_only, .by_hook = true},
                     {.column = "task_role_name", .member = "taskRoleArn", .points_by = "arn"},
                     {.column = "execution_role_name", .member = "executionRoleArn", .points_by = "arn"}},
      .parts = {{.table = "container_definition",
                 .owner = "task_definition_id",
                 .member = "containerDefinitions",
                 .identity = "name",
                 .attributes = {{.column = "repository_id", .points_by = "repository_uri"},
                                {.column = "public_repository_id", .points_by = "repository_uri"}},
                 .one_of = {"repository_id", "public_repository_id", "image"},
                 .to_structure = container_structure,
                 .from_structure = container_row}},
      .not_yet = roles_not_known_yet(),
      .revision_of = "family",
      .amend = set_size_and_log_regions,
      .object_hook = task_definition_with_size,
  };
}

static Resource service() {
  return {
      .table = "service",
      .service = "ecs",
      .id = "serviceArn",
      .id_input = "service",
      .identity = {"name", "cluster_id"},
      .name = "{name}",
      .read = {.operation = "DescribeServices",
               .items = "services",
               .by = "services",
               .for_each = "cluster",
               .parent = "cluster",
               .parent_in_id = 1, // arn:aws:ecs:<region>:<account>:service/<cluster>/<name>
               .list = "ListServices",
               .batch = 10,
               .absent_on = {"ClusterNotFoundException"},
               .input = with_tags(),
               .only = {{"launchType", "FARGATE"}},
               .gone = {{"status", "INACTIVE"}}},
      .create = {.operation = "CreateService", .input = Object{{"launchType", "FARGATE"}}},
      .update = {{.operation = "UpdateService"}},
      .remove = {.operation = "DeleteService", .waiter = "ServicesInactive"},
      .absent_on = {"ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException"},
      .tags = ecs_tags(),
      .attributes =
          {{.column = "name", .member = "serviceName"},
           {.column = "arn", .member = "serviceArn"},
           {.column = "subnets", .member = "networkConfiguration.awsvpcConfiguration.subnets"},
           {.column = "assign_public_ip", .member = "networkConfiguration.awsvpcConfiguration.assignPublicIp"},
           {.column = "force_new_deployment", .input_member = "forceNewDeployment", .once = true},
           {.column = "cluster_id", .member = "clusterArn", .input_member = "cluster", .role = Role::create_only},
           {.column = "task_definition_id", .member = "taskDefinition"},
           {.column = "target_group_id", .member = "loadBalancers[0].targetGroupArn"}},
      .references = {{.column = "subnets", .table = "subnet"}},
      .parts = {{.table = "service_security_groups",
                 .owner = "service_id",
                 .member = "networkConfiguration.awsvpcConfiguration.securityGroups",
                 .element = "security_group_id"}},
      // "The target group … does not have an associated load balancer."
      .after = {{.column = "target_group_id",
                 .table = "listener",
                 .their_column = "target_group_id",
                 .error = "InvalidParameterException"}},
      .within = {"cluster_id"},
      .drain = {.operation = "UpdateService", .input = Object{{"desiredCount", 0}}},
      .not_yet = {{.error = "InvalidParameterException",
                   .text = "assume the role",
                   .columns = {"task_definition_id", "execution_role_name"},
                   .their_column = "assume_role_policy_document",
                   .contains = "ecs-tasks.amazonaws.com"},
                  // AWS makes ECS's own role along with an account's first cluster.
                  {.error = "InvalidParameterException", .text = "service linked role", .columns = {"cluster_id"}}},
      .amend = set_load_balanced_container,
  };
}

Module aws_ecs_fargate() {
  return {
      .name = "aws_ecs_fargate",
      .version = "0.1.0",
      .dependencies = {"aws_account", "aws_cloudwatch", "aws_ecr", "aws_elb", "aws_iam", "aws_security_group",
                       "aws_vpc"},
      .tables = {"cluster", "service", "task_definition", "container_definition", "service_security_groups"},
      .resources = {cluster(), service(), task_definition()},
      .further_actions = {.write = {{.action = "iam:CreateServiceLinkedRole",
                                     .reason = "An account's first cluster brings the service's own role.",
                                     .condition_key = "iam:AWSServiceName",
                                     .condition = "ecs.amazonaws.com"},
                                    {.action = "iam:PassRole",
                                     .reason = "A task definition gives its two roles to ECS.",
                                     .condition_key = "iam:PassedToService",
                                     .condition = "ecs-tasks.amazonaws.com"}}},
      .sql = module_sql("aws_ecs_fargate"),
  };
}

} // namespace iasql::modules
