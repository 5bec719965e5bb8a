// What a plan shows of changes: columns before and after, reasons, order, calls. On a made-up service of keepers, who
// have a name and a password, and of their boxes, which have items; and on networks, where names are not unique.

#include "aws/model.hpp"
#include "base/json.hpp"
#include "engine/module_tables.hpp"
#include "engine/plan.hpp"
#include "engine/plan_markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* model = R"({
  "metadata": {"protocol": "json", "protocols": ["json"], "jsonVersion": "1.1", "targetPrefix": "Attic",
    "endpointPrefix": "attic", "serviceId": "Attic", "apiVersion": "2026-11-22"},
  "operations": {
    "DescribeKeepers": {"name": "DescribeKeepers", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Keepers"}},
    "CreateKeeper": {"name": "CreateKeeper", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "NewKeeper"}},
    "ModifyKeeper": {"name": "ModifyKeeper", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "KeeperChange"}},
    "DeleteKeeper": {"name": "DeleteKeeper", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "KeeperName"}},
    "DescribeBoxes": {"name": "DescribeBoxes", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Boxes"}},
    "CreateBox": {"name": "CreateBox", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "NewBox"}, "output": {"shape": "Box"}},
    "ModifyBox": {"name": "ModifyBox", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "BoxChange"}},
    "DeleteBox": {"name": "DeleteBox", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "BoxName"}}
  },
  "shapes": {
    "Text": {"type": "string"}, "Secret": {"type": "string", "sensitive": true},
    "KeeperName": {"type": "structure", "members": {"KeeperName": {"shape": "Text"}}},
    "NewKeeper": {"type": "structure", "required": ["KeeperName"], "members": {"KeeperName": {"shape": "Text"},
      "Grade": {"shape": "Text"}, "Password": {"shape": "Secret"}}},
    "KeeperChange": {"type": "structure", "members": {"KeeperName": {"shape": "Text"}, "Password": {"shape": "Secret"}}},
    "Keeper": {"type": "structure", "members": {"KeeperName": {"shape": "Text"}, "Grade": {"shape": "Text"}}},
    "KeeperList": {"type": "list", "member": {"shape": "Keeper"}},
    "Keepers": {"type": "structure", "members": {"Keepers": {"shape": "KeeperList"}}},
    "Item": {"type": "structure", "members": {"Name": {"shape": "Text"}, "Code": {"shape": "Secret"}, "KeeperName": {"shape": "Text"}}},
    "ItemList": {"type": "list", "member": {"shape": "Item"}},
    "BoxName": {"type": "structure", "members": {"BoxId": {"shape": "Text"}}},
    "NewBox": {"type": "structure", "members": {"Label": {"shape": "Text"}, "KeeperName": {"shape": "Text"}, "Items": {"shape": "ItemList"}}},
    "BoxChange": {"type": "structure", "members": {"BoxId": {"shape": "Text"}, "Label": {"shape": "Text"}, "Items": {"shape": "ItemList"}}},
    "Box": {"type": "structure", "members": {"BoxId": {"shape": "Text"}, "Label": {"shape": "Text"},
      "KeeperName": {"shape": "Text"}, "Items": {"shape": "ItemList"}}},
    "BoxList": {"type": "list", "member": {"shape": "Box"}},
    "Boxes": {"type": "structure", "members": {"Boxes": {"shape": "BoxList"}}}
  },
  "pagination": {}, "waiters": {}})";

const std::vector<Module>& attic() {
  static const std::vector<Module> all{
      {.name = "attic",
       .version = "1",
       .dependencies = {},
       .tables = {"keeper", "box", "item"},
       .resources = {{.table = "keeper",
                      .service = "attic",
                      .id = "KeeperName",
                      .identity = {"keeper_name"},
                      .name = "{keeper_name}",
                      .read = {.operation = "DescribeKeepers", .items = "Keepers"},
                      .create = {.operation = "CreateKeeper"},
                      .update = {{.operation = "ModifyKeeper"}},
                      .remove = {.operation = "DeleteKeeper"}},
                     {.table = "box",
                      .service = "attic",
                      .id = "BoxId",
                      .name = "{label}",
                      .read = {.operation = "DescribeBoxes", .items = "Boxes"},
                      .create = {.operation = "CreateBox"},
                      .update = {{.operation = "ModifyBox"}},
                      .remove = {.operation = "DeleteBox"},
                      .parts = {{.table = "item", .owner = "box", .member = "Items", .identity = "name"}},
                      .loses_data = true}},
       .sql = {}}};
  return all;
}

Table table(const std::string& name, std::vector<Column> columns, std::vector<ForeignKey> keys) {
  columns.insert(columns.begin(), {"id", "integer", true});
  return {.name = name,
          .module = "attic",
          .oid = 1,
          .primary_key = "id",
          .key_columns = {"id"},
          .columns = std::move(columns),
          .foreign_keys = std::move(keys)};
}

const Bindings& attic_bindings() {
  static const Catalogue catalogue = [] {
    aws::add_service(aws::read_service("attic", model));
    Catalogue made;
    made.modules = {{.name = "attic", .version = "1"}};
    made.tables.emplace(
        "keeper",
        table("keeper", {{"keeper_name", "text", true}, {"grade", "text"}, {"password", "text"}, {"region", "text"}},
              {}));
    made.tables.emplace(
        "box", table("box", {{"box_id", "text"}, {"label", "text"}, {"keeper_id", "integer"}, {"region", "text"}},
                     {{"keeper_id", "keeper", "id"}}));
    made.tables.emplace(
        "item", table("item", {{"name", "text"}, {"code", "text"}, {"keeper_id", "integer"}, {"box", "integer"}},
                      {{"box", "box", "id"}, {"keeper_id", "keeper", "id"}}));
    return made;
  }();
  static const Bindings bound = engine::bind(attic(), catalogue);
  return bound;
}

StoredRow row(int id, const char* json) {
  Row columns = read_json(json).object();
  columns.set("id", id);
  columns.set("region", "eu-west-2");
  return {std::to_string(id), std::move(columns)};
}

Entry entry(const Bindings& bindings, const std::string& table, const std::string& id, int row_key, const char* json) {
  return {.table = table,
          .region = "eu-west-2",
          .cloud_id = id,
          .table_oid = bindings.of(table).table->oid,
          .row_key = std::to_string(row_key),
          .attributes = read_json(json).object()};
}

Entry in_attic(const std::string& table, const std::string& id, int row_key, const char* json) {
  return entry(attic_bindings(), table, id, row_key, json);
}

std::vector<PlannedChange> planned(const Bindings& bindings, const TableRows& rows, const Folded& folded) {
  Diff changes = diff(bindings, rows, folded.base, {"eu-west-2", "global"});
  return describe_plan(bindings, folded, changes, order(changes, bindings, folded.base));
}

Folded known(const std::vector<Entry>& entries) {
  return {.base = Base(entries), .concluded = {}, .in_doubt = {}, .running = {}};
}

std::vector<PlannedChange> planned(const TableRows& rows, const std::vector<Entry>& entries) {
  return planned(attic_bindings(), rows, known(entries));
}

std::string title(const PlannedChange& change) {
  return std::to_string(change.step) + " " + change.row.action + " " + change.row.table + " " + change.row.description;
}

std::vector<std::string> titles(const std::vector<PlannedChange>& plan) {
  std::vector<std::string> all;
  for (const PlannedChange& change : plan)
    all.push_back(title(change));
  return all;
}

std::string columns(const PlannedChange& change) {
  return write_json(change.columns);
}

TEST(Plan, OfACreateShowsWhatIsGivenAndWhatItWaitsFor) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann", "grade": null, "password": "hush"})")};
  rows["box"] = {row(4, R"({"label": "toys", "keeper_id": 1, "box_id": "ignored"})")};
  rows["item"] = {row(7, R"({"name": "ball", "code": "1234", "box": 4, "keeper_id": 1})"),
                  row(8, R"({"name": "kite", "code": "", "box": 4})")};
  auto plan = planned(rows, {});
  EXPECT_THAT(titles(plan), ElementsAre("1 create keeper ann", "2 create box toys"));
  EXPECT_EQ(columns(plan[0]), R"({"region":{"from":null,"to":"eu-west-2"},"keeper_name":{"from":null,"to":"ann"},)"
                              R"j("password":{"from":null,"to":"(secret)"}})j");
  EXPECT_EQ(columns(plan[1]), R"({"region":{"from":null,"to":"eu-west-2"},"label":{"from":null,"to":"toys"},)"
                              R"("keeper_id":{"from":null,"to":"ann"},"item":{"from":null,"to":[)"
                              R"j({"name":"ball","code":"(secret)","keeper_id":"ann"},{"name":"kite"}]}})j");
  EXPECT_THAT(plan[0].waits_for, IsEmpty());
  EXPECT_THAT(plan[1].waits_for, ElementsAre(1));
  EXPECT_THAT(plan[0].operations, ElementsAre("attic:CreateKeeper"));
  EXPECT_THAT(plan[1].operations, ElementsAre("attic:CreateBox"));
  EXPECT_EQ(plan[1].row.id, 4);
  EXPECT_EQ(plan[1].reason, "");
  EXPECT_FALSE(plan[1].loses_data);
}

TEST(Plan, OfAnUpdateShowsTheChangedColumnsAlone) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann", "grade": "A"})")};
  rows["box"] = {row(4, R"({"label": "games", "keeper_id": 1})")};
  rows["item"] = {row(7, R"({"name": "ball", "box": 4, "keeper_id": 1})")};
  auto plan = planned(rows, {in_attic("keeper", "ann", 1, R"({"keeper_name": "ann", "grade": "A"})"),
                             in_attic("box", "b-1", 4,
                                      R"({"box_id": "b-1", "label": "toys", "keeper_id": "ann",
                                          "item": [{"name": "kite", "code": "9", "keeper_id": "ann"}]})")});
  EXPECT_THAT(titles(plan), ElementsAre("1 update box games"));
  EXPECT_EQ(columns(plan[0]), R"({"label":{"from":"toys","to":"games"},"item":{)"
                              R"j("from":[{"name":"kite","code":"(secret)","keeper_id":"ann"}],)j"
                              R"("to":[{"name":"ball","keeper_id":"ann"}]}})");
  EXPECT_THAT(plan[0].operations, ElementsAre("attic:ModifyBox"));
  EXPECT_EQ(plan[0].reason, "");
}

TEST(Plan, EmptiesAPart) {
  TableRows rows;
  rows["box"] = {row(4, R"({"label": "toys"})")};
  auto plan = planned(rows, {in_attic("box", "b-1", 4, R"({"label": "toys", "item": [{"name": "kite"}]})")});
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(columns(plan[0]), R"({"item":{"from":[{"name":"kite"}],"to":[]}})");
}

TEST(Plan, NeverShowsASecret) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann", "password": "hush"})")};
  auto plan = planned(rows, {in_attic("keeper", "ann", 1, R"({"keeper_name": "ann", "password": "old"})")});
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(columns(plan[0]), R"j({"password":{"from":"(secret)","to":"(secret)"}})j");
  EXPECT_THAT(plan[0].operations, ElementsAre("attic:ModifyKeeper"));
  EXPECT_THAT(plan_markdown(plan), Not(HasSubstr("hush")));
}

TEST(Plan, OfAReplaceSaysWhyAndCallsInItsOrder) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann", "grade": "B", "password": "hush"})"),
                    row(2, R"({"keeper_name": "bob"})")};
  rows["box"] = {row(4, R"({"label": "games", "keeper_id": 2})")};
  auto plan = planned(rows, {in_attic("keeper", "ann", 1, R"({"keeper_name": "ann", "grade": "A"})"),
                             in_attic("keeper", "bob", 2, R"({"keeper_name": "bob"})"),
                             in_attic("keeper", "eve", 3, R"({"keeper_name": "eve"})"),
                             in_attic("box", "b-1", 4, R"({"box_id": "b-1", "label": "toys", "keeper_id": "eve"})")});
  EXPECT_THAT(titles(plan), ElementsAre("1 replace box games", "2 replace keeper ann", "3 delete keeper eve"));
  EXPECT_EQ(plan[0].reason, "keeper_id cannot be changed in place");
  EXPECT_EQ(columns(plan[0]), R"({"label":{"from":"toys","to":"games"},"keeper_id":{"from":"eve","to":"bob"}})");
  EXPECT_THAT(plan[0].operations, ElementsAre("attic:CreateBox", "attic:DeleteBox"));
  EXPECT_TRUE(plan[0].loses_data);
  // The name has to be free before another can have it.
  EXPECT_EQ(plan[1].reason, "grade cannot be changed in place");
  EXPECT_EQ(columns(plan[1]), R"j({"grade":{"from":"A","to":"B"},"password":{"from":"(secret)","to":"(secret)"}})j");
  EXPECT_THAT(plan[1].operations, ElementsAre("attic:DeleteKeeper", "attic:CreateKeeper"));
  EXPECT_FALSE(plan[1].loses_data);
  EXPECT_THAT(plan[2].waits_for, ElementsAre(1));
}

TEST(Plan, OfADeleteShowsTheIdentityAndWhatItWaitsFor) {
  auto plan = planned({}, {in_attic("keeper", "ann", 1, R"({"keeper_name": "ann", "grade": "A"})"),
                           in_attic("box", "b-1", 4, R"({"box_id": "b-1", "label": "toys", "keeper_id": "ann"})")});
  EXPECT_THAT(titles(plan), ElementsAre("1 delete box b-1", "2 delete keeper ann"));
  EXPECT_EQ(columns(plan[0]), R"({"region":{"from":"eu-west-2","to":null}})");
  EXPECT_EQ(columns(plan[1]), R"({"region":{"from":"eu-west-2","to":null},"keeper_name":{"from":"ann","to":null}})");
  EXPECT_THAT(plan[1].waits_for, ElementsAre(1));
  EXPECT_THAT(plan[1].operations, ElementsAre("attic:DeleteKeeper"));
  EXPECT_EQ(plan[1].row.id, std::nullopt);
  EXPECT_TRUE(plan[0].loses_data);
  EXPECT_FALSE(plan[1].loses_data);
}

TEST(Plan, ACreateWaitsForTheDeletesOfItsTable) {
  TableRows rows;
  rows["keeper"] = {row(2, R"({"keeper_name": "bob"})")};
  auto plan = planned(rows, {in_attic("keeper", "ann", 1, R"({"keeper_name": "ann"})")});
  EXPECT_THAT(titles(plan), ElementsAre("1 delete keeper ann", "2 create keeper bob"));
  EXPECT_THAT(plan[1].waits_for, ElementsAre(1));
}

TEST(Plan, WhatIsInDoubtStandsForItsChange) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann"})")};
  rows["box"] = {row(4, R"({"label": "toys", "keeper_id": 1})")};
  Intent intent;
  intent.effect = Effect::create;
  intent.table = "keeper";
  intent.table_oid = 1;
  intent.row_key = "1";
  intent.description = "ann";
  intent.service = "attic";
  intent.operation = "CreateKeeper";
  Folded folded = known({});
  folded.in_doubt = {intent};
  auto plan = planned(attic_bindings(), rows, folded);
  EXPECT_THAT(titles(plan), ElementsAre("1 in doubt keeper ann", "2 create box toys"));
  EXPECT_EQ(plan[0].row.id, 1);
  EXPECT_TRUE(plan[0].columns.empty());
  EXPECT_THAT(plan[0].operations, ElementsAre("attic:CreateKeeper"));
  EXPECT_THAT(plan[1].waits_for, ElementsAre(1));
  folded.running = std::move(folded.in_doubt);
  folded.in_doubt.clear();
  EXPECT_EQ(title(planned(attic_bindings(), rows, folded)[0]), "1 running keeper ann");
}

// -- names that are not unique, and texts that name what is replaced

TEST(Plan, TellsObjectsOfTheSameNameApart) {
  const Bindings& bindings = testing::module_bindings();
  const std::vector<Entry> entries = {
      entry(bindings, "vpc", "vpc-1", 1, R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16"})"),
      entry(bindings, "vpc", "vpc-2", 2, R"({"vpc_id": "vpc-2", "cidr_block": "10.0.0.0/16"})"),
      entry(bindings, "subnet", "subnet-1", 3,
            R"({"subnet_id": "subnet-1", "cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-2a",
                "vpc_id": "vpc-1"})")};
  TableRows rows;
  rows["vpc"] = {row(1, R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16"})"),
                 row(2, R"({"vpc_id": "vpc-2", "cidr_block": "10.0.0.0/16"})")};
  rows["subnet"] = {row(3, R"({"subnet_id": "subnet-1", "cidr_block": "10.0.1.0/24",
                               "availability_zone": "eu-west-2a", "vpc_id": 2})")};
  auto plan = planned(bindings, rows, known(entries));
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].row.action, "replace");
  EXPECT_EQ(columns(plan[0]), R"j({"vpc_id":{"from":"10.0.0.0/16 (vpc-1)","to":"10.0.0.0/16 (vpc-2)"}})j");
}

TEST(Plan, ShowsWhatFollowsAReplacedObject) {
  const Bindings& bindings = testing::module_bindings();
  const std::vector<Entry> entries = {
      entry(bindings, "vpc", "vpc-1", 1, R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16"})"),
      entry(bindings, "security_group", "sg-1", 2,
            R"({"group_id": "sg-1", "group_name": "web", "description": "d", "vpc_id": "vpc-1"})"),
      entry(bindings, "subnet", "subnet-1", 3,
            R"({"subnet_id": "subnet-1", "cidr_block": "10.9.1.0/24", "availability_zone": "eu-west-2a",
                "vpc_id": "vpc-1"})")};
  TableRows rows;
  rows["vpc"] = {row(1, R"({"vpc_id": "vpc-1", "cidr_block": "10.9.0.0/16"})")};
  rows["security_group"] = {
      row(2, R"({"group_id": "sg-1", "group_name": "web", "description": "d", "vpc_id": "vpc-1"})")};
  rows["subnet"] = {row(3, R"({"subnet_id": "subnet-1", "cidr_block": "10.9.1.0/24",
                               "availability_zone": "eu-west-2a", "vpc_id": 1})")};
  auto plan = planned(bindings, rows, known(entries));
  EXPECT_THAT(titles(plan),
              ElementsAre("1 replace vpc 10.9.0.0/16", "2 replace subnet 10.9.1.0/24", "3 replace security_group web"));
  EXPECT_EQ(columns(plan[0]), R"({"cidr_block":{"from":"10.0.0.0/16","to":"10.9.0.0/16"}})");
  EXPECT_THAT(plan[0].operations, ElementsAre("ec2:CreateVpc", "ec2:DeleteVpc"));
  EXPECT_EQ(columns(plan[1]), R"j({"vpc_id":{"from":"10.0.0.0/16","to":"10.9.0.0/16 (new)"}})j");
  EXPECT_EQ(columns(plan[2]), R"j({"vpc_id":{"from":"vpc-1","to":"10.9.0.0/16 (new)"}})j");
  for (std::size_t follower : {1u, 2u}) {
    EXPECT_EQ(plan[follower].reason, "vpc_id cannot be changed in place");
    EXPECT_THAT(plan[follower].waits_for, ElementsAre(1));
  }
}

TEST(Plan, NamesTheOperationThatAHookChooses) {
  const Bindings& bindings = testing::module_bindings();
  TableRows rows;
  rows["security_group"] = {row(1, R"({"group_name": "web", "description": "d", "vpc_id": null})")};
  rows["security_group_rule"] = {
      row(1, R"({"is_egress": true, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0", "security_group_id": 1})"),
      row(2, R"({"is_egress": null, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0", "security_group_id": 1})")};
  auto plan = planned(bindings, rows, known({}));
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_THAT(plan[1].operations, ElementsAre("ec2:AuthorizeSecurityGroupEgress"));
  EXPECT_THAT(plan[2].operations, IsEmpty()); // no request can be built without a direction
}

// -- parts whose rows and AWS's structures differ

TEST(Plan, ShowsAContainerAsItsTableDoes) {
  const Bindings& bindings = testing::module_bindings();
  const char* uri = "123456789012.dkr.ecr.eu-west-2.amazonaws.com/app";
  Object container{{"name", "web"},     {"image", uri},      {"repository_id", uri}, {"public_repository_id", uri},
                   {"tag", "latest"},   {"essential", true}, {"cpu", Value()},       {"container_port", 8088},
                   {"host_port", 8088}, {"protocol", "tcp"}};
  Entry definition = entry(bindings, "task_definition", "arn:td:1", 2,
                           R"({"family": "td", "cpu_memory": "vCPU2-8GB", "task_definition_arn": "arn:td:1"})");
  definition.attributes.set("container_definition", Array{container});
  Entry repository = entry(bindings, "repository", "app", 1, R"({"repository_name": "app"})");
  repository.attributes.set("repository_uri", uri);
  TableRows rows;
  rows["repository"] = {row(1, R"({"repository_name": "app"})")};
  rows["task_definition"] = {row(2, R"({"family": "td", "cpu_memory": "vCPU2-8GB"})")};
  rows["container_definition"] = {row(3, R"({"name": "web", "repository_id": 1, "tag": "v2", "essential": true,
      "container_port": 8088, "host_port": 8088, "protocol": "tcp", "task_definition_id": 2})")};
  auto plan = planned(bindings, rows, known({definition, repository}));
  EXPECT_THAT(titles(plan), ElementsAre("1 update task_definition td"));
  const Value& shown = plan[0].columns.get("container_definition");
  for (auto [side, tag] : {std::pair("from", "latest"), std::pair("to", "v2")})
    EXPECT_EQ(shown[side], Value(Array{Object{{"name", "web"},
                                              {"repository_id", "app"},
                                              {"tag", tag},
                                              {"essential", true},
                                              {"container_port", 8088},
                                              {"host_port", 8088},
                                              {"protocol", "tcp"}}}))
        << write_json(shown[side]);
  EXPECT_EQ(plan[0].reason, "container_definition cannot be changed in place: AWS keeps a new revision");
  EXPECT_THAT(plan[0].operations, ElementsAre("ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition"));
  EXPECT_FALSE(plan[0].loses_data);
}

TEST(Plan, FindsTheCallsOfWhatPointsAtRowsToCome) {
  const Bindings& bindings = testing::module_bindings();
  TableRows rows;
  rows["cluster"] = {row(1, R"({"cluster_name": "c"})")};
  rows["target_group"] = {row(1, R"({"target_group_name": "t", "target_type": "ip", "protocol": "HTTP", "port": 80})")};
  rows["task_definition"] = {row(2, R"({"family": "td", "cpu_memory": "vCPU2-8GB"})")};
  rows["container_definition"] = {row(3, R"({"name": "web", "image": "nginx", "essential": true,
      "container_port": 80, "task_definition_id": 2})")};
  rows["service"] = {row(4, R"({"name": "s", "desired_count": 1, "cluster_id": 1, "task_definition_id": 2,
                               "target_group_id": 1})")};
  auto plan = planned(bindings, rows, known({}));
  ASSERT_EQ(plan.size(), 4u);
  EXPECT_EQ(plan[3].row.table, "service");
  EXPECT_THAT(plan[3].operations, ElementsAre("ecs:CreateService"));
  EXPECT_THAT(plan[3].waits_for, ElementsAre(1, 2, 3));
  EXPECT_EQ(plan[3].columns.get("task_definition_id")["to"], Value("td"));
}

// -- Markdown

TEST(PlanMarkdown, CountsListsAndDetails) {
  TableRows rows;
  rows["keeper"] = {row(1, R"({"keeper_name": "ann", "grade": "A"})")};
  rows["box"] = {row(4, R"({"label": "games", "keeper_id": 1})")};
  auto plan = planned(rows, {in_attic("keeper", "bob", 3, R"({"keeper_name": "bob"})"),
                             in_attic("box", "b-1", 4, R"({"box_id": "b-1", "label": "toys", "keeper_id": "bob"})")});
  EXPECT_EQ(plan_markdown(plan),
            "## Plan: 1 to create, 1 to replace, 1 to delete\n"
            "\n"
            "| step | action | table | what | waits for | AWS operations |\n"
            "| ---: | --- | --- | --- | --- | --- |\n"
            "| 1 | create | keeper | ann |  | attic:CreateKeeper |\n"
            "| 2 | **replace, loses data** | box | games | 1 | attic:CreateBox, attic:DeleteBox |\n"
            "| 3 | delete | keeper | bob | 2 | attic:DeleteKeeper |\n"
            "\n"
            "### 1\\. create keeper ann\n"
            "\n"
            "- region: *nothing* → eu-west-2\n"
            "- keeper_name: *nothing* → ann\n"
            "- grade: *nothing* → A\n"
            "\n"
            "### **2\\. replace box games: loses the data it holds**\n"
            "\n"
            "Because keeper_id cannot be changed in place.\n"
            "\n"
            "- label: toys → games\n"
            "- keeper_id: bob → ann\n"
            "\n"
            "### 3\\. delete keeper bob\n"
            "\n"
            "- region: eu-west-2 → *nothing*\n"
            "- keeper_name: bob → *nothing*\n");
}

TEST(PlanMarkdown, NothingOfARowIsMarkup) {
  std::vector<PlannedChange> plan(1);
  plan[0].step = 1;
  plan[0].row = {"update", "box", 1, "a|b `c` <img src=x>\n# [no](link) *x* _y_ in_word"};
  plan[0].columns.set("notes", Object{{"from", "two\r\nlines"}, {"to", Array{"|", "`"}}});
  plan[0].columns.set("label", Object{{"from", ""}, {"to", true}});
  std::string text = plan_markdown(plan);
  EXPECT_THAT(text, HasSubstr("| 1 | update | box | a\\|b \\`c\\` \\<img src=x\\><br>\\# \\[no\\](link) \\*x\\* "
                              "\\_y\\_ in_word |  |  |\n"));
  EXPECT_THAT(text, HasSubstr("- notes: two<br>lines → \\[\"\\|\",\"\\`\"\\]\n"));
  EXPECT_THAT(text, HasSubstr("- label: \"\" → true\n"));
}

TEST(PlanMarkdown, OfNothing) {
  EXPECT_EQ(plan_markdown({}), "Nothing to change.\n");
}

} // namespace
} // namespace iasql::engine
