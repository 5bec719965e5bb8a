#include "base/error.hpp"
#include "engine/bind.hpp"
#include "engine/module_tables.hpp"
#include "modules/modules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace iasql::engine {
namespace {

using testing::binding_of;
using testing::catalogue_of;
using ::testing::HasSubstr;
using testing::module_bindings;

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Golden : public ::testing::TestWithParam<std::string> {};

// What inference makes of each module, reviewed. REGENERATE=1 writes the files anew.
TEST_P(Golden, ModuleIsBoundAsReviewed) {
  std::string bound;
  for (const Module& module : modules::all_modules())
    if (module.name == GetParam())
      for (const std::string& table : module.tables)
        bound += describe(binding_of(table)) + "\n";
  const std::string path = std::string(IASQL_SOURCE_DIR) + "/tests/golden/" + GetParam() + ".txt";
  if (std::getenv("REGENERATE")) std::ofstream(path) << bound;
  EXPECT_EQ(read_file(path), bound) << "run with REGENERATE=1 and review the difference";
}

std::vector<std::string> module_names() {
  std::vector<std::string> names;
  for (const Module& module : modules::all_modules())
    names.push_back(module.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Modules, Golden, ::testing::ValuesIn(module_names()),
                         [](const auto& module) { return module.param; });

TEST(Bind, OrdersParentsBeforeChildren) {
  std::set<std::string> before;
  for (const Binding& binding : module_bindings().in_order()) {
    for (const ForeignKey& key : binding.table->foreign_keys)
      EXPECT_TRUE(before.contains(key.table) || key.table == binding.name()) << binding.name() << " of " << key.table;
    before.insert(binding.name());
  }
  EXPECT_EQ(before.size(), module_bindings().in_order().size());
}

TEST(Bind, ConfigurationTablesStandForNoObjects) {
  EXPECT_FALSE(binding_of("aws_regions").stands_for_objects());
  EXPECT_EQ(binding_of("aws_regions").configuration, Configuration::regions);
  EXPECT_TRUE(binding_of("vpc").stands_for_objects());
}

TEST(Bind, ForeignKeyIsTheParentsCloudId) {
  EXPECT_EQ(binding_of("security_group_rule").attribute("security_group_id")->read_path, "GroupId");
  EXPECT_EQ(binding_of("repository_policy").attribute("repository_id")->create_path, "repositoryName");
  EXPECT_EQ(binding_of("repository_policy").id_column, "repository_id");
}

TEST(Bind, IdInAnUpdateIsNoChange) {
  EXPECT_EQ(binding_of("repository").attribute("repository_name")->role, Role::create_only);
}

TEST(Bind, RequiredColumnsOfAHookAreRequired) {
  EXPECT_TRUE(binding_of("security_group_rule").attribute("security_group_id")->required);
  EXPECT_FALSE(binding_of("security_group_rule").attribute("from_port")->required);
}

// -- wrong specs

std::vector<Module> only_vpc(void (*change)(Resource& vpc)) {
  std::vector<Module> changed = {modules::aws_account(), modules::aws_vpc()};
  change(changed[1].resources[0]);
  return changed;
}

std::string refusal(const std::vector<Module>& modules, const Catalogue& catalogue, std::string_view sqlstate) {
  try {
    engine::bind(modules, catalogue);
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate);
    return std::string(error.what()) + " | " + error.hint();
  }
  return "bound";
}

std::string refusal_of_vpc(void (*change)(Resource& vpc)) {
  const auto modules = only_vpc(change);
  return refusal(modules, catalogue_of(modules), sqlstate::invalid_spec);
}

TEST(Bind, RefusesWhatIsNotThere) {
  EXPECT_THAT(
      refusal_of_vpc([](Resource& vpc) { vpc.identity = {"cidr_blok"}; }),
      HasSubstr("identity names column cidr_blok, which the table does not have | The nearest column is cidr_block"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.attributes = {{.column = "state", .member = "Status"}}; }),
              HasSubstr("table vpc: objects have no member Status for column state"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.attributes = {{.column = "state", .input_member = "Status"}}; }),
              HasSubstr("no input has a member Status for column state"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.create.operation = "CreateVpcs"; }), HasSubstr("CreateVpc"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.create.waiter = "VpcReady"; }), HasSubstr("no waiter VpcReady"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.read.by = "VpcId"; }), HasSubstr("DescribeVpcs takes no VpcId"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.id = "Id"; }), HasSubstr("have no member Id"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.id_input = "Vpc"; }), HasSubstr("DeleteVpc takes no Vpc"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.protections = {{.member = "Default", .equals = true}}; }),
              HasSubstr("have no member Default"));
  EXPECT_THAT(refusal_of_vpc([](Resource& vpc) { vpc.attributes = {{.column = "cidr_block", .role = Role::input}}; }),
              HasSubstr("column cidr_block is an input, but no update takes it"));
}

TEST(Bind, RefusesAColumnThatIsNoMember) {
  const auto modules = only_vpc([](Resource&) {});
  Catalogue catalogue = catalogue_of(modules);
  catalogue.tables.at("vpc").columns.push_back({.name = "cidr_blocks", .type = "text"});
  EXPECT_THAT(refusal(modules, catalogue, sqlstate::invalid_spec),
              HasSubstr("column cidr_blocks is no member of anything"));
}

TEST(Bind, LeavesAUsersColumnAlone) {
  const auto modules = only_vpc([](Resource&) {});
  Catalogue catalogue = catalogue_of(modules);
  catalogue.tables.at("vpc").columns.push_back({.name = "owner_id", .type = "text", .of_module = false});
  EXPECT_EQ(engine::bind(modules, catalogue).of("vpc").attribute("owner_id"), nullptr);
}

TEST(Bind, RefusesTablesOfAnotherVersion) {
  const auto modules = only_vpc([](Resource&) {});
  Catalogue catalogue = catalogue_of(modules);
  catalogue.modules[1].version = "0.0.9";
  EXPECT_THAT(refusal(modules, catalogue, sqlstate::upgrade_needed), HasSubstr("iasql_upgrade()"));
}

TEST(Bind, BindsInstalledModulesOnly) {
  const auto modules = only_vpc([](Resource&) {});
  Catalogue catalogue = catalogue_of({modules::aws_account()});
  const Bindings bindings = engine::bind(modules, catalogue);
  EXPECT_EQ(bindings.find("vpc"), nullptr);
  EXPECT_THROW(bindings.of("vpc"), Error);
}

} // namespace
} // namespace iasql::engine
