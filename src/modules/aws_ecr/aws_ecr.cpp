#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

// ECR Public is one registry for the account, kept in us-east-1.
static Resource public_repository() {
  return {
      .table = "public_repository",
      .service = "ecr-public",
      .id = "repositoryName",
      .identity = {"repository_name"},
      .name = "{repository_name}",
      .read = {.operation = "DescribeRepositories",
               .by = "repositoryNames",
               .absent_on = {"RepositoryNotFoundException"}},
      .create = {.operation = "CreateRepository"},
      .remove = {.operation = "DeleteRepository"},
      .exists_on = {"RepositoryAlreadyExistsException"},
      .absent_on = {"RepositoryNotFoundException"},
      .hints = {{"RepositoryNotEmptyException", "Delete the repository's images first; iasql deletes no images"}},
      .tags = resource_tags(Tags::Style::key_value_list, "repository_arn"),
      .global = true,
      .home_region = "us-east-1",
      .read_lag = std::chrono::seconds(5),
  };
}

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
      .tables = {"public_repository", "repository", "repository_policy"},
      .resources = {public_repository(), repository(), repository_policy()},
      .sql = module_sql("aws_ecr"),
  };
}

} // namespace iasql::modules
