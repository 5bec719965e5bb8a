#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource role() {
  return {
      .table = "role",
      .service = "iam",
      .id = "RoleName",
      .identity = {"role_name"},
      .name = "{role_name}",
      // ListRoles leaves out tags and takes no name: GetRole costs as much as asking for tags, and reads a single role.
      .read = {.operation = "GetRole",
               .items = "Role",
               .by = "RoleName",
               .list = "ListRoles",
               .list_input = Object{{"MaxItems", 1000}},
               .absent_on = {"NoSuchEntity"}},
      .create = {.operation = "CreateRole", .waiter = "RoleExists"},
      // UpdateRole would take the longest session back to an hour.
      .update = {{.operation = "UpdateRoleDescription"}, {.operation = "UpdateAssumeRolePolicy"}},
      .remove = {.operation = "DeleteRole"},
      .exists_on = {"EntityAlreadyExists"},
      .absent_on = {"NoSuchEntity"},
      .blocked_on = {"DeleteConflict"}, // also for some seconds after the last policy was detached
      .hints = {{"DeleteConflict", "Delete the role's inline policies and take it out of its instance profiles first; "
                                   "iasql has no tables for them"}},
      .tags = {.style = Tags::Style::key_value_list,
               .create_member = "Tags",
               .read_member = "Tags",
               .add_operation = "TagRole",
               .remove_operation = "UntagRole",
               .arn_member = "RoleName",
               .keys_member = "TagKeys"},
      .attributes = {{.column = "assume_role_policy_document",
                      .member = "AssumeRolePolicyDocument",
                      .update_member = "PolicyDocument",
                      .meaning = Meaning::document}},
      .memberships = {{.column = "attached_policies_arns",
                       .read_operation = "ListAttachedRolePolicies",
                       .elements = "AttachedPolicies[].PolicyArn",
                       .add_operation = "AttachRolePolicy",
                       .remove_operation = "DetachRolePolicy",
                       .member = "PolicyArn"}},
      .holders = {{.operation = "ListRolePolicies", .names = "PolicyNames", .kind = "inline policy"},
                  {.operation = "ListInstanceProfilesForRole",
                   .names = "InstanceProfiles[].InstanceProfileName",
                   .kind = "instance profile"}},
      .protections = {{.member = "Path", .begins_with = "/aws-service-role/"}},
      .global = true,
  };
}

Module aws_iam() {
  return {
      .name = "aws_iam",
      .version = "0.1.0",
      .dependencies = {"aws_account"},
      .tables = {"role"},
      .resources = {role()},
      .sql = module_sql("aws_iam"),
  };
}

} // namespace iasql::modules
