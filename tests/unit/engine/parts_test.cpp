// Parts and `after`, on a made-up service: a balancer whose requests carry its groups (a join table), a task whose
// requests carry its containers (structures), and a server that has to wait for the listeners of its target.

#include "aws/model.hpp"
#include "engine/diff.hpp"
#include "engine/marshal.hpp"
#include "engine/order.hpp"
#include "engine/reconcile.hpp"

#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

constexpr const char* model = R"({
  "metadata": {"protocol": "json", "protocols": ["json"], "jsonVersion": "1.1", "targetPrefix": "Shop",
    "endpointPrefix": "shop", "serviceId": "Shop", "apiVersion": "2026-11-22"},
  "operations": {
    "DescribeGroups": {"name": "DescribeGroups", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Groups"}},
    "CreateGroup": {"name": "CreateGroup", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Group"}, "output": {"shape": "Group"}},
    "DeleteGroup": {"name": "DeleteGroup", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Group"}},
    "DescribeBalancers": {"name": "DescribeBalancers", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Balancers"}},
    "CreateBalancer": {"name": "CreateBalancer", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "NewBalancer"}, "output": {"shape": "Balancer"}},
    "SetGroups": {"name": "SetGroups", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "SetGroupsInput"}},
    "DeleteBalancer": {"name": "DeleteBalancer", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "BalancerName"}},
    "DescribeTasks": {"name": "DescribeTasks", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Tasks"}},
    "RegisterTask": {"name": "RegisterTask", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "NewTask"}, "output": {"shape": "Task"}},
    "DeregisterTask": {"name": "DeregisterTask", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "TaskName"}}
  },
  "shapes": {
    "Text": {"type": "string"}, "Number": {"type": "integer"}, "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Group": {"type": "structure", "required": ["GroupName"], "members": {"GroupName": {"shape": "Text"}}},
    "GroupList": {"type": "list", "member": {"shape": "Group"}},
    "Groups": {"type": "structure", "members": {"Groups": {"shape": "GroupList"}}},
    "BalancerName": {"type": "structure", "members": {"BalancerName": {"shape": "Text"}}},
    "NewBalancer": {"type": "structure", "members": {"BalancerName": {"shape": "Text"}, "Groups": {"shape": "Texts"}}},
    "SetGroupsInput": {"type": "structure", "members": {"BalancerName": {"shape": "Text"}, "Groups": {"shape": "Texts"}}},
    "Balancer": {"type": "structure", "members": {"BalancerName": {"shape": "Text"}, "Groups": {"shape": "Texts"}}},
    "BalancerList": {"type": "list", "member": {"shape": "Balancer"}},
    "Balancers": {"type": "structure", "members": {"Balancers": {"shape": "BalancerList"}}},
    "Container": {"type": "structure", "members": {"Name": {"shape": "Text"}, "Cpu": {"shape": "Number"}, "GroupName": {"shape": "Text"}}},
    "ContainerList": {"type": "list", "member": {"shape": "Container"}},
    "TaskName": {"type": "structure", "members": {"TaskName": {"shape": "Text"}}},
    "NewTask": {"type": "structure", "members": {"TaskName": {"shape": "Text"}, "BalancerName": {"shape": "Text"}, "Containers": {"shape": "ContainerList"}}},
    "Task": {"type": "structure", "members": {"TaskName": {"shape": "Text"}, "BalancerName": {"shape": "Text"}, "Containers": {"shape": "ContainerList"}}},
    "TaskList": {"type": "list", "member": {"shape": "Task"}},
    "Tasks": {"type": "structure", "members": {"Tasks": {"shape": "TaskList"}}}
  },
  "pagination": {}, "waiters": {}})";

const std::vector<Module>& modules() {
  static const std::vector<Module> all{
      {.name = "shop",
       .version = "1",
       .dependencies = {},
       .tables = {"balancer", "balancer_groups", "task", "container", "grp"},
       .resources =
           {{.table = "grp",
             .service = "shop",
             .id = "GroupName",
             .identity = {"group_name"},
             .name = "{group_name}",
             .read = {.operation = "DescribeGroups", .items = "Groups"},
             .create = {.operation = "CreateGroup"},
             .remove = {.operation = "DeleteGroup"},
             .global = true},
            {.table = "balancer",
             .service = "shop",
             .id = "BalancerName",
             .identity = {"balancer_name"},
             .name = "{balancer_name}",
             .read = {.operation = "DescribeBalancers", .items = "Balancers"},
             .create = {.operation = "CreateBalancer"},
             .update = {{.operation = "SetGroups"}},
             .remove = {.operation = "DeleteBalancer"},
             .parts = {{.table = "balancer_groups", .owner = "balancer_id", .member = "Groups", .element = "grp_id"}},
             .global = true},
            {.table = "task",
             .service = "shop",
             .id = "TaskName",
             .identity = {"task_name"},
             .name = "{task_name}",
             .read = {.operation = "DescribeTasks", .items = "Tasks"},
             .create = {.operation = "RegisterTask"},
             .remove = {.operation = "DeregisterTask"},
             .parts = {{.table = "container", .owner = "task_id", .member = "Containers", .identity = "name"}},
             .after = {{.column = "balancer_name",
                        .table = "balancer",
                        .their_column = "balancer_name",
                        .error = "NoSuchBalancer"}},
             .global = true}},
       .sql = {}}};
  return all;
}

Table table(const std::string& name, std::vector<Column> columns, std::vector<ForeignKey> keys,
            std::vector<std::string> key_columns = {"id"}) {
  Table made{.name = name,
             .module = "shop",
             .oid = 1,
             .primary_key = key_columns.size() == 1 ? key_columns.front() : "",
             .key_columns = key_columns,
             .columns = std::move(columns),
             .foreign_keys = std::move(keys)};
  return made;
}

const Bindings& bindings() {
  static const Catalogue catalogue = [] {
    aws::add_service(aws::read_service("shop", model));
    Catalogue made;
    made.modules = {{.name = "shop", .version = "1"}};
    made.tables.emplace("grp", table("grp", {{"id", "integer", true}, {"group_name", "text", true}}, {}));
    made.tables.emplace("balancer", table("balancer", {{"id", "integer", true}, {"balancer_name", "text", true}}, {}));
    made.tables.emplace("balancer_groups",
                        table("balancer_groups", {{"balancer_id", "integer", true}, {"grp_id", "integer", true}},
                              {{"balancer_id", "balancer", "id"}, {"grp_id", "grp", "id"}}, {"balancer_id", "grp_id"}));
    made.tables.emplace(
        "task",
        table("task", {{"id", "integer", true}, {"task_name", "text", true}, {"balancer_name", "text", false}}, {}));
    made.tables.emplace("container", table("container",
                                           {{"id", "integer", true},
                                            {"name", "text", true},
                                            {"cpu", "integer", false},
                                            {"task_id", "integer", false},
                                            {"grp_id", "integer", false}},
                                           {{"task_id", "task", "id"}, {"grp_id", "grp", "id"}}));
    return made;
  }();
  static const Bindings bound = engine::bind(modules(), catalogue);
  return bound;
}

StoredRow row(int id, Row columns) {
  columns.set("id", id);
  return {std::to_string(id), std::move(columns)};
}
StoredRow join(int balancer, int group) {
  return {"{" + std::to_string(balancer) + "," + std::to_string(group) + "}",
          Row{{"balancer_id", balancer}, {"grp_id", group}}};
}

Entry entry(const std::string& table, const std::string& id, int row_key, Row attributes) {
  return {.table = table,
          .region = "global",
          .cloud_id = id,
          .table_oid = 1,
          .row_key = std::to_string(row_key),
          .attributes = std::move(attributes)};
}

const std::set<std::string> everywhere{"global"};

TableRows rows_of_a_shop() {
  TableRows rows;
  rows["grp"] = {row(1, {{"group_name", "web"}}), row(2, {{"group_name", "db"}})};
  rows["balancer"] = {row(1, {{"balancer_name", "front"}})};
  rows["balancer_groups"] = {join(1, 1), join(1, 2)};
  return rows;
}

TEST(Parts, BelongToTheirOwnersBinding) {
  const BoundAttribute* groups = bindings().of("balancer").attribute("balancer_groups");
  ASSERT_NE(groups, nullptr);
  EXPECT_EQ(groups->role, Role::input);
  EXPECT_EQ(groups->update_paths.at("SetGroups"), "Groups");
  EXPECT_EQ(bindings().of("task").attribute("container")->role, Role::create_only);
  EXPECT_FALSE(bindings().of("container").stands_for_objects());
}

TEST(Parts, WhatTheyPointAtComesBeforeTheirOwner) {
  std::vector<std::string> names;
  for (const Binding& binding : bindings().in_order())
    names.push_back(binding.name());
  auto place = [&](const char* name) { return std::find(names.begin(), names.end(), name) - names.begin(); };
  EXPECT_LT(place("grp"), place("balancer"));
  EXPECT_LT(place("grp"), place("task"));
  EXPECT_LT(place("balancer"), place("balancer_groups"));
}

TEST(Parts, ANewOwnerWaitsForWhatItsPartsPointAt) {
  Base base;
  Diff changes = diff(bindings(), rows_of_a_shop(), base, everywhere);
  ASSERT_EQ(changes.changes.size(), 3u); // two groups, one balancer; parts have no change of their own
  std::vector<Step> steps = order(changes, bindings(), base);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(changes.changes[steps[2].change].binding->name(), "balancer");
  EXPECT_EQ(steps[2].after.size(), 2u);
}

TEST(Parts, TravelInTheOwnersRequests) {
  const Binding& balancer = bindings().of("balancer");
  Row wanted{{"balancer_name", "front"}, {"balancer_groups", Array{"web", "db"}}};
  EXPECT_EQ(create_request(balancer, wanted, "t").input["Groups"], Value(Array{"web", "db"}));
  auto updates = update_requests(balancer, wanted, {}, {"balancer_groups"}, "front");
  ASSERT_EQ(updates.size(), 1u);
  EXPECT_EQ(updates[0].request.operation, "SetGroups");
  EXPECT_EQ(updates[0].request.input["Groups"], Value(Array{"web", "db"}));

  const Binding& task = bindings().of("task");
  Row container{{"name", "app"}, {"cpu", 256}, {"grp_id", "web"}};
  Value input = create_request(task, Row{{"task_name", "t"}, {"container", Array{container}}}, "t").input;
  EXPECT_EQ(input["Containers"], Value(Array{Object{{"Name", "app"}, {"Cpu", 256}, {"GroupName", "web"}}}));
  Observed observed = observe(task, Value(Object{{"TaskName", "t"}, {"Containers", input["Containers"]}}), "global");
  EXPECT_EQ(observed.attributes.get("container"), Value(Array{container}));
}

TEST(Parts, AChangedPartIsAnUpdateOfTheOwner) {
  Base base({entry("grp", "web", 1, {{"group_name", "web"}}), entry("grp", "db", 2, {{"group_name", "db"}}),
             entry("balancer", "front", 1, {{"balancer_name", "front"}, {"balancer_groups", Array{"db", "web"}}})});
  TableRows rows = rows_of_a_shop();
  EXPECT_TRUE(diff(bindings(), rows, base, everywhere).changes.empty()); // in whatever order AWS gives them
  rows["balancer_groups"].pop_back();
  Diff fewer = diff(bindings(), rows, base, everywhere);
  ASSERT_EQ(fewer.changes.size(), 1u);
  EXPECT_EQ(fewer.changes[0].action, Action::update);
  EXPECT_EQ(fewer.changes[0].columns, std::set<std::string>{"balancer_groups"});
  rows["balancer_groups"].clear();
  Diff none = diff(bindings(), rows, base, everywhere);
  ASSERT_EQ(none.changes.size(), 1u);
  EXPECT_EQ(none.rows[*none.changes[0].row].resolved.get("balancer_groups"), Value(Array()));
}

TEST(Parts, AGroupIsReleasedBeforeItIsRemoved) {
  Base base({entry("grp", "web", 1, {{"group_name", "web"}}), entry("grp", "db", 2, {{"group_name", "db"}}),
             entry("balancer", "front", 1, {{"balancer_name", "front"}, {"balancer_groups", Array{"db", "web"}}})});
  TableRows rows = rows_of_a_shop();
  rows["grp"].pop_back();
  rows["balancer_groups"].pop_back();
  Diff changes = diff(bindings(), rows, base, everywhere);
  std::vector<Step> steps = order(changes, bindings(), base);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(changes.changes[steps[0].change].binding->name(), "balancer");
  EXPECT_EQ(steps[1].after, std::vector<std::size_t>{0});
}

TEST(Parts, ColumnsLeftOpenAreNoChange) {
  Base base(
      {entry("task", "t", 1,
             {{"task_name", "t"}, {"container", Array{Object{{"name", "app"}, {"cpu", 128}, {"grp_id", Value()}}}}})});
  TableRows rows;
  rows["task"] = {row(1, {{"task_name", "t"}})};
  rows["container"] = {row(7, {{"name", "app"}, {"task_id", 1}})};
  EXPECT_TRUE(diff(bindings(), rows, base, everywhere).changes.empty());
  rows["container"][0].columns.set("cpu", 256);
  Diff changed = diff(bindings(), rows, base, everywhere);
  ASSERT_EQ(changed.changes.size(), 1u);
  EXPECT_EQ(changed.changes[0].action, Action::replace); // RegisterTask alone takes containers
}

TEST(Parts, SyncKeepsTheRowsThatStandForAnElement) {
  Base base({entry("grp", "web", 1, {{"group_name", "web"}}), entry("grp", "db", 2, {{"group_name", "db"}}),
             entry("balancer", "front", 1, {{"balancer_name", "front"}, {"balancer_groups", Array{"web"}}})});
  TableRows rows = rows_of_a_shop();
  rows["balancer_groups"].pop_back();
  Readings readings;
  auto seen = [](const std::string& id, Row attributes) {
    return Observed{
        .cloud_id = id, .region = "global", .attributes = std::move(attributes), .is_protected = false, .intent = {}};
  };
  readings["grp"] = {seen("web", {{"group_name", "web"}}), seen("db", {{"group_name", "db"}})};
  readings["balancer"] = {seen("front", {{"balancer_name", "front"}, {"balancer_groups", Array{"web", "db"}}})};
  readings["task"] = {};
  Diff current = diff(bindings(), rows, base, everywhere);
  Reconciliation grown = reconcile(bindings(), base, current, readings);
  ASSERT_EQ(grown.changes.size(), 2u);
  EXPECT_EQ(grown.changes[0].binding->name(), "balancer"); // listed in the part's place
  EXPECT_EQ(grown.changes[1].kind, RowChange::Kind::insert);
  EXPECT_EQ(grown.changes[1].parents.at("grp_id").cloud_id, "db");
  EXPECT_EQ(grown.changes[1].parents.at("balancer_id").cloud_id, "front");

  readings["balancer"][0].attributes.set("balancer_groups", Array());
  Reconciliation emptied = reconcile(bindings(), base, current, readings);
  ASSERT_EQ(emptied.changes.size(), 2u);
  EXPECT_EQ(emptied.changes[1].kind, RowChange::Kind::remove);
  EXPECT_EQ(emptied.changes[1].key, "{1,1}");
}

TEST(After, WritesFollowAndRemovesGoAhead) {
  TableRows rows;
  rows["task"] = {row(1, {{"task_name", "a"}, {"balancer_name", "front"}})};
  rows["balancer"] = {row(9, {{"balancer_name", "front"}})};
  Base empty;
  Diff creates = diff(bindings(), rows, empty, everywhere);
  std::vector<Step> up = order(creates, bindings(), empty);
  ASSERT_EQ(up.size(), 2u);
  EXPECT_EQ(creates.changes[up[0].change].binding->name(), "balancer");
  EXPECT_EQ(up[1].after, std::vector<std::size_t>{0});

  Base base({entry("task", "a", 1, {{"task_name", "a"}, {"balancer_name", "front"}}),
             entry("balancer", "front", 9, {{"balancer_name", "front"}})});
  Diff removes = diff(bindings(), {}, base, everywhere);
  std::vector<Step> down = order(removes, bindings(), base);
  ASSERT_EQ(down.size(), 2u);
  EXPECT_EQ(removes.changes[down[0].change].binding->name(), "task");
  EXPECT_EQ(down[1].after, std::vector<std::size_t>{0});
}

} // namespace
} // namespace iasql::engine
