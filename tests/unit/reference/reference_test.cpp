// What is written is what the modules say today (each file of docs/reference/tables and policies), what they say is
// true (comments against bindings, policies against models.txt), and how specs become permissions.

#include "modules/modules.hpp"
#include "reference/pages.hpp"
#include "reference/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace iasql::reference {
namespace {

using engine::BoundAttribute;
using engine::Module;
using engine::Resource;
using engine::Role;
using engine::testing::module_bindings;
using engine::testing::ModuleText;
using engine::testing::TableText;
using engine::testing::text_of;
using ::testing::Contains;

const std::filesystem::path folder = std::filesystem::path(IASQL_SOURCE_DIR) / "docs" / "reference";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// REGENERATE=1 writes the files anew.
void expect_file(const std::string& name, const std::string& text) {
  if (std::getenv("REGENERATE")) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }
  EXPECT_EQ(read_file(folder / name), text)
      << "docs/reference/" << name << " is out of date: run with REGENERATE=1 and review the difference";
}

Permissions reading(const Module& module) {
  Permissions permissions = to_read(module);
  for (const Module* needed : needed_by(module, modules::all_modules()))
    permissions.merge(to_read(*needed));
  return permissions;
}

Permissions writing(const Module& module) {
  Permissions permissions = reading(module);
  permissions.merge(to_write(module));
  return permissions;
}

class Reference : public ::testing::TestWithParam<std::string> {
protected:
  static const Module& module() {
    for (const Module& module : modules::all_modules())
      if (module.name == GetParam()) return module;
    throw std::runtime_error("no module " + GetParam());
  }
};

TEST_P(Reference, PageOfTablesIsUpToDate) {
  expect_file("tables/" + GetParam() + ".md", module_page(module(), text_of(module()), module_bindings()));
}

TEST_P(Reference, PoliciesAreUpToDate) {
  expect_file("policies/" + GetParam() + ".read.json", policy_document(reading(module())));
  if (!to_write(module()).empty())
    expect_file("policies/" + GetParam() + ".write.json", policy_document(writing(module())));
}

TEST_P(Reference, EverythingHasAComment) {
  const ModuleText text = text_of(module());
  for (const std::string& table : module().tables) {
    const TableText& described = text.tables.at(table);
    EXPECT_NE(described.comment, "") << table;
    for (const engine::Column& column : module_bindings().of(table).table->columns)
      EXPECT_TRUE(described.column_comments.contains(column.name)) << table << "." << column.name;
  }
  for (const std::string& function : module().functions)
    EXPECT_TRUE(text.functions.contains(function)) << function;
}

// What a comment promises about a column, against what its binding does.
void expect_true(const std::string& comment, const Resource& resource, const BoundAttribute& attribute) {
  const std::string name = resource.table + "." + attribute.column + ": " + comment;
  const bool output = attribute.role == Role::output;
  EXPECT_EQ(comment.starts_with("Output"), output) << name;
  if (output) return;
  EXPECT_TRUE(comment.starts_with("Input") || comment.starts_with("Key, input")) << name;
  const bool replaces = attribute.role == Role::create_only && resource.revision_of.empty();
  EXPECT_EQ(comment.find("A change replaces") != std::string::npos, replaces) << name;
  const bool updates = attribute.role == Role::input && !attribute.once;
  EXPECT_EQ(comment.find("A change updates") != std::string::npos, updates) << name;
}

TEST_P(Reference, CommentsSayWhatAChangeDoes) {
  const ModuleText text = text_of(module());
  for (const Resource& resource : module().resources)
    for (const BoundAttribute& attribute : module_bindings().of(resource.table).attributes)
      if (!attribute.part)
        expect_true(text.tables.at(resource.table).column_comments.at(attribute.column), resource, attribute);
}

// What the module may call by its models.txt it must be allowed to.
TEST_P(Reference, PolicyAllowsEveryOperation) {
  std::set<std::string> allowed;
  for (const Permission& permission : writing(module()))
    allowed.insert(permission.action);
  std::ifstream list(std::filesystem::path(IASQL_SOURCE_DIR) / "src/modules" / GetParam() / "models.txt");
  ASSERT_TRUE(list);
  for (std::string line; std::getline(list, line);) {
    std::istringstream words(line);
    std::string service, operation;
    if (!(words >> service >> operation) || service == "#") continue;
    EXPECT_THAT(allowed, Contains(iam_prefix(service) + ":" + operation));
  }
}

TEST_P(Reference, ReadingChangesNothing) {
  for (const Permission& permission : reading(module()))
    EXPECT_THAT(permission.action, ::testing::MatchesRegex("[a-z0-9-]+:(Get|List|Describe)[A-Za-z]+"));
}

std::vector<std::string> module_names() {
  std::vector<std::string> names;
  for (const Module& module : modules::all_modules())
    names.push_back(module.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Modules, Reference, ::testing::ValuesIn(module_names()),
                         [](const auto& module) { return module.param; });

TEST(ReferenceOfAllModules, IsUpToDate) {
  expect_file("tables/README.md", index_page(modules::all_modules()));
  Permissions read, write;
  for (const Module& module : modules::all_modules()) {
    read.merge(reading(module));
    write.merge(writing(module));
  }
  expect_file("policies/all.read.json", policy_document(read));
  expect_file("policies/all.write.json", policy_document(write));
}

TEST(ReferenceOfAllModules, HasNoPageOfWhatIsNoModule) {
  const std::vector<std::string> names = module_names();
  for (const char* kind : {"tables", "policies"})
    for (const auto& entry : std::filesystem::directory_iterator(folder / kind)) {
      const std::string file = entry.path().filename().string();
      const std::string name = file.substr(0, file.find('.'));
      if (name == "README" || name == "all") continue;
      EXPECT_THAT(names, Contains(name)) << kind << "/" << file;
    }
}

// A managed policy of IAM may have 6,144 characters, white space not counted.
TEST(ReferenceOfAllModules, PolicyFitsInOneManagedPolicy) {
  std::string text = read_file(folder / "policies/all.write.json");
  std::erase_if(text, [](char character) { return character == ' ' || character == '\n'; });
  EXPECT_LT(text.size(), 6144U);
}

TEST(Policy, ServiceWithoutPrefixIsAnError) {
  EXPECT_THROW(iam_prefix("cloudwatch"), std::runtime_error);
}

TEST(Policy, ConditionsAreStatementsOfTheirOwn) {
  EXPECT_EQ(policy_document({{"ec2:DescribeVpcs"},
                             {"iam:PassRole", "iam:PassedToService", "ecs-tasks.amazonaws.com"},
                             {"iam:PassRole", "iam:PassedToService", "rds.amazonaws.com"}}),
            R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeVpcs"
      ],
      "Resource": "*"
    },
    {
      "Effect": "Allow",
      "Action": [
        "iam:PassRole"
      ],
      "Resource": "*",
      "Condition": {
        "StringEquals": {
          "iam:PassedToService": [
            "ecs-tasks.amazonaws.com",
            "rds.amazonaws.com"
          ]
        }
      }
    }
  ]
}
)");
}

TEST(Policy, TakesInWhatASpecCalls) {
  engine::Membership members;
  members.read_operation = "GetMembers";
  members.add_operation = "AddMember";
  members.remove_operation = "DropMember";
  Resource vpc;
  vpc.service = "ec2";
  vpc.read = {.operation = "DescribeVpcs", .list = "ListVpcs"};
  vpc.tags = engine::ec2_tags("vpc");
  vpc.create = {.operation = "CreateVpc", .waiter = "VpcAvailable"};
  vpc.update = {{.operation = "ModifyVpc"}};
  vpc.drain = {.operation = "DrainVpc"};
  vpc.remove = {.operation = "DeleteVpc"};
  vpc.memberships = {members};
  vpc.blockers.emplace().operation = "DescribeNetworkInterfaces";
  EXPECT_EQ(to_read(vpc), (Permissions{{"ec2:DescribeVpcs"}, {"ec2:GetMembers"}, {"ec2:ListVpcs"}}));
  EXPECT_EQ(to_write(vpc), (Permissions{{"ec2:AddMember"},
                                        {"ec2:CreateTags"},
                                        {"ec2:CreateVpc"},
                                        {"ec2:DeleteTags"},
                                        {"ec2:DeleteVpc"},
                                        {"ec2:DescribeNetworkInterfaces"},
                                        {"ec2:DrainVpc"},
                                        {"ec2:DropMember"},
                                        {"ec2:ModifyVpc"}}));
}

TEST(Policy, NeededModulesAreThoseOfNeededModulesToo) {
  std::vector<Module> modules(3);
  modules[0].name = "service";
  modules[0].dependencies = {"network"};
  modules[1].name = "account";
  modules[2].name = "network";
  modules[2].dependencies = {"account"};
  EXPECT_THAT(needed_by(modules[0], modules), ::testing::ElementsAre(&modules[1], &modules[2]));
}

} // namespace
} // namespace iasql::reference
