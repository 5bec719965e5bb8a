// The requests of aws_iam, and what it makes of AWS's answers.

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
using testing::sent;
using ::testing::UnorderedElementsAre;
using testing::updated;

constexpr const char* administrators = "arn:aws:iam::aws:policy/AdministratorAccess";

TEST(RoleRequests, CreateCarriesNoPolicies) {
  EXPECT_EQ(created("role", R"({"role_name": "r", "assume_role_policy_document": "{}", "description": "d",
                               "attached_policies_arns": ["arn:p"], "arn": "arn:r", "tags": {"a": "b"}})"),
            R"(CreateRole {"RoleName":"r","AssumeRolePolicyDocument":"{}","Description":"d",)"
            R"("Tags":[{"Key":"a","Value":"b"},{"Key":"iasql:intent","Value":"t0"}]})");
  EXPECT_EQ(created("role", R"({"role_name": "r", "assume_role_policy_document": "{}", "description": ""})"),
            R"(CreateRole {"RoleName":"r","AssumeRolePolicyDocument":"{}",)"
            R"("Tags":[{"Key":"iasql:intent","Value":"t0"}]})");
}

TEST(RoleRequests, ThePolicyDocumentHasANameOfItsOwnInItsUpdate) {
  const char* wanted = R"({"role_name": "r", "assume_role_policy_document": "{}", "description": "new"})";
  EXPECT_THAT(updated("role", wanted, "{}", {"assume_role_policy_document"}, "r"),
              ElementsAre(R"(UpdateAssumeRolePolicy {"RoleName":"r","PolicyDocument":"{}"})"));
  EXPECT_THAT(updated("role", wanted, "{}", {"description"}, "r"),
              ElementsAre(R"(UpdateRoleDescription {"RoleName":"r","Description":"new"})"));
}

TEST(RoleRequests, PoliciesAreAttachedAndDetachedOneByOne) {
  const char* wanted = R"({"role_name": "r", "attached_policies_arns": ["arn:b", "arn:c"]})";
  const char* base = R"({"role_name": "r", "attached_policies_arns": ["arn:a", "arn:b"]})";
  EXPECT_THAT(updated("role", wanted, base, {"attached_policies_arns"}, "r"),
              ElementsAre(R"(DetachRolePolicy {"RoleName":"r","PolicyArn":"arn:a"})",
                          R"(AttachRolePolicy {"RoleName":"r","PolicyArn":"arn:c"})"));
  EXPECT_THAT(updated("role", wanted, R"({"role_name": "r"})", {"attached_policies_arns"}, "r"),
              ElementsAre(R"(AttachRolePolicy {"RoleName":"r","PolicyArn":"arn:b"})",
                          R"(AttachRolePolicy {"RoleName":"r","PolicyArn":"arn:c"})"));
}

TEST(RoleRequests, TagsAreTheRolesByItsName) {
  EXPECT_THAT(updated("role", R"({"tags": {"a": "1"}})", R"({"tags": {"b": "2"}})", {"tags"}, "r"),
              ElementsAre(R"(UntagRole {"RoleName":"r","TagKeys":["b"]})",
                          R"(TagRole {"RoleName":"r","Tags":[{"Key":"a","Value":"1"}]})"));
}

TEST(RoleRequests, RemovingDetachesFirst) {
  const Row base = row(R"({"role_name": "r", "attached_policies_arns": ["arn:a", "arn:b"]})");
  std::vector<std::string> before;
  for (const Preparation& preparation : preparations(binding_of("role"), base, "r"))
    before.push_back(sent(preparation.request));
  EXPECT_THAT(before, UnorderedElementsAre(R"(DetachRolePolicy {"RoleName":"r","PolicyArn":"arn:a"})",
                                           R"(DetachRolePolicy {"RoleName":"r","PolicyArn":"arn:b"})"));
  EXPECT_EQ(removed("role", "{}", "r"), R"(DeleteRole {"RoleName":"r"})");
}

TEST(RoleObserved, DocumentsArriveEncodedAndLeaveReadable) {
  const Observed role =
      observe(binding_of("role"), read_json(R"({"RoleName": "r", "Path": "/", "Arn": "arn:r", "Description": "d",
        "AssumeRolePolicyDocument": "%7B%22Version%22%3A%20%222012-10-17%22%7D", "Tags": [{"Key": "a", "Value": "b"}]})"),
              "global");
  EXPECT_EQ(role.cloud_id, "r");
  EXPECT_EQ(role.region, "global");
  EXPECT_FALSE(role.is_protected);
  EXPECT_EQ(role.attributes.get("assume_role_policy_document"), Value(R"({"Version": "2012-10-17"})"));
  EXPECT_EQ(role.attributes.get("arn"), Value("arn:r"));
  EXPECT_EQ(role.attributes.get("tags"), read_json(R"({"a": "b"})"));
}

TEST(RoleObserved, ThoseOfAwssServicesAreProtected) {
  const char* path = R"({"RoleName": "AWSServiceRoleForECS", "Path": "/aws-service-role/ecs.amazonaws.com/"})";
  EXPECT_TRUE(observe(binding_of("role"), read_json(path), "global").is_protected);
  EXPECT_FALSE(
      observe(binding_of("role"), read_json(R"({"RoleName": "r", "Path": "/service-role/"})"), "global").is_protected);
}

TEST(RoleEquality, PoliciesAreASet) {
  const BoundAttribute& policies = *binding_of("role").attribute("attached_policies_arns");
  EXPECT_TRUE(same_value(policies, Array{administrators, "arn:b"}, Array{"arn:b", administrators}));
  EXPECT_FALSE(same_value(policies, Array{administrators}, Array()));
}

} // namespace
} // namespace iasql::engine
