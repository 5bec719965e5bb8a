#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource log_group() {
  return {
      .table = "log_group",
      .service = "logs",
      .id = "logGroupName",
      .identity = {"log_group_name"},
      .name = "{log_group_name}",
      .read = {.operation = "DescribeLogGroups", .by = "logGroupNamePrefix"},
      .create = {.operation = "CreateLogGroup"},
      .remove = {.operation = "DeleteLogGroup"},
      .exists_on = {"ResourceAlreadyExistsException"},
      .absent_on = {"ResourceNotFoundException"},
      .tags = resource_tags(Tags::Style::map, "log_group_arn"),
      .loses_data = true,
      .read_lag = std::chrono::seconds(5),
  };
}

Module aws_cloudwatch() {
  return {
      .name = "aws_cloudwatch",
      .version = "0.1.0",
      .dependencies = {"aws_account"},
      .tables = {"log_group"},
      .resources = {log_group()},
      .sql = module_sql("aws_cloudwatch"),
  };
}

} // namespace iasql::modules
