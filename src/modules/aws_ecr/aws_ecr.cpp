#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource repository() {
  return {
      .table = "repository",
      .service = "ecr",
      .id = "repositoryName",
      .identity = {"repository_name"},
      .name = "{repository_name}",
      .read = {.operation = "DescribeRepositories",
               .by = "repositoryNames",
               .absent_on = {"RepositoryNotFoundException"}},
      .create = {.operation = "CreateRepository"},
      .update = {{.operation = "PutImageTagMutability"}, {.operation = "PutImageScanningConfiguration"}},
      .remove = {.operation = "DeleteRepository"},
      .exists_on = {"RepositoryAlreadyExistsException"},
      .absent_on = {"RepositoryNotFoundException"},
      .hints = {{"RepositoryNotEmptyException", "Delete the repository's images first; iasql deletes no images"}},
      .tags = resource_tags(Tags::Style::key_value_list, "repository_arn"),
      .attributes = {{.column = "scan_on_push", .member = "imageScanningConfiguration.scanOnPush"},
                     {.column = "registry_id", .role = Role::output}},
      .read_lag = std::chrono::seconds(5),
  };
}

static Resource repository_policy() {
  return {
      .table = "repository_policy",
      .service = "ecr",
      .id = "repositoryName",
      .identity = {"repository_id"},
      .name = "{repository_id}",
      .read = {.operation = "GetRepositoryPolicy",
               .items = ".",
               .by = "repositoryName",
               .for_each = "repository",
               .absent_on = {"RepositoryPolicyNotFoundException", "RepositoryNotFoundException"}},
      .create = {.operation = "SetRepositoryPolicy"},
      .update = {{.operation = "SetRepositoryPolicy"}},
      .remove = {.operation = "DeleteRepositoryPolicy"},
      .absent_on = {"RepositoryPolicyNotFoundException", "RepositoryNotFoundException"},
      .attributes = {{.column = "policy_text", .meaning = Meaning::document},
                     {.column = "registry_id", .role = Role::output}},
      .create_overwrites = true,
      .read_lag = std::chrono::seconds(5),
  };
}

Module aws_ecr() {
  return {
      .name = "aws_ecr",
      .version = "0.1.0",
      .dependencies = {"aws_account"},
      .tables = {"repository", "repository_policy"},
      .resources = {repository(), repository_policy()},
      .sql = module_sql("aws_ecr"),
  };
}

} // namespace iasql::modules
