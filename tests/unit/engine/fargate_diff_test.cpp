// Plans over the modules' own tables, where the spec language's rarer fields decide: revisions, aliases, derived
// columns, what is asked for once, what is kept for the end, parents named by something else than their id.

#include "engine/module_tables.hpp"
#include "engine/order.hpp"
#include "engine/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

using ::testing::ElementsAre;
using testing::module_bindings;
using testing::row;
using ::testing::UnorderedElementsAre;

constexpr const char* region = "eu-west-2";

// A database and the objects that its rows stand for.
struct Account {
  Base base;
  TableRows rows;

  void object(const char* table, const char* cloud_id, int key, const char* attributes) {
    const bool is_global = module_bindings().of(table).resource->global;
    base.put({.table = table,
              .region = is_global ? "global" : region,
              .cloud_id = cloud_id,
              .table_oid = module_bindings().of(table).table->oid,
              .row_key = std::to_string(key),
              .attributes = row(attributes)});
  }
  void wanted(const char* table, int key, const char* columns) {
    Row given = row(columns);
    given.set("id", key);
    given.set("region", region);
    rows[table].push_back({std::to_string(key), given});
  }
  Diff plan() const { return diff(module_bindings(), rows, base, {region, "global"}); }
};

Account default_network() {
  Account account;
  account.object("vpc", "vpc-1", 1, R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16", "is_default": true})");
  account.wanted("vpc", 1, R"({"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/16", "is_default": true})");
  for (int zone = 1; zone <= 2; ++zone) {
    const std::string id = "subnet-" + std::to_string(zone), letter(1, static_cast<char>('a' + zone - 1));
    const std::string attributes = R"({"subnet_id": ")" + id +
                                   R"(", "vpc_id": "vpc-1", "availability_zone": "eu-west-2)" + letter +
                                   R"(", "cidr_block": "10.0.)" + std::to_string(zone) + R"(.0/24"})";
    account.object("subnet", id.c_str(), zone, attributes.c_str());
    Row columns = row(attributes.c_str());
    columns.set("vpc_id", 1);
    account.wanted("subnet", zone, write_json(Value(columns)).c_str());
  }
  return account;
}

constexpr const char* definition = R"({"family": "td", "task_definition_arn": "td:1", "cpu_memory": "vCPU1-2GB",
  "container_definition": [{"name": "c", "image": "repo.uri", "repository_id": "repo.uri",
                            "public_repository_id": "repo.uri", "tag": "latest", "essential": true, "cpu": 0}]})";
constexpr const char* running = R"({"name": "s", "arn": "svc/c/s", "desired_count": 1, "subnets": ["subnet-1"],
  "assign_public_ip": "ENABLED", "cluster_id": "cluster", "task_definition_id": "td:1"})";

// A repository, a definition with one container of it, a cluster and a service.
Account fargate(const char* size, const char* force) {
  Account account;
  account.object("repository", "repo", 1, R"({"repository_name": "repo", "repository_uri": "repo.uri"})");
  account.wanted("repository", 1, R"({"repository_name": "repo"})");
  account.object("cluster", "cluster", 1, R"({"cluster_name": "cl"})");
  account.wanted("cluster", 1, R"({"cluster_name": "cl"})");
  account.object("task_definition", "td:1", 1, definition);
  account.wanted("task_definition", 1, (R"({"family": "td", "cpu_memory": ")" + std::string(size) + "\"}").c_str());
  account.wanted("container_definition", 1,
                 R"({"name": "c", "tag": "latest", "essential": true, "task_definition_id": 1, "repository_id": 1})");
  account.object("service", "svc/c/s", 1, running);
  account.wanted("service", 1,
                 (R"({"name": "s", "desired_count": 1, "subnets": ["subnet-1"], "assign_public_ip": "ENABLED",
                      "cluster_id": 1, "task_definition_id": 1, "force_new_deployment": )" +
                  std::string(force) + "}")
                     .c_str());
  return account;
}

TEST(FargateDiff, ContainersOfARepositoryAreComparedByItsUri) {
  EXPECT_TRUE(fargate("vCPU1-2GB", "false").plan().changes.empty());
}

TEST(FargateDiff, AChangeIsANewRevisionThatServicesFollowBeforeTheOldOneGoes) {
  const Account account = fargate("vCPU2-4GB", "false");
  const Diff plan = account.plan();
  ASSERT_EQ(plan.changes.size(), 2u);
  const auto steps = order(plan, module_bindings(), account.base);
  std::vector<std::string> order_of_steps;
  for (const Step& step : steps)
    order_of_steps.push_back(plan.changes[step.change].binding->name() +
                             (step.kind == Step::Kind::remove ? " removed" : " written"));
  EXPECT_THAT(order_of_steps, ElementsAre("task_definition written", "service written", "task_definition removed"));
  EXPECT_TRUE(plan.changes[steps[0].change].is_revision());
  EXPECT_EQ(plan.changes[steps[1].change].action, Action::update);
  EXPECT_THAT(plan.changes[steps[1].change].columns, ElementsAre("task_definition_id"));
}

TEST(FargateDiff, ADeploymentIsForcedOnlyWhereTheRowAsks) {
  const Diff plan = fargate("vCPU1-2GB", "true").plan();
  ASSERT_EQ(plan.changes.size(), 1u);
  EXPECT_EQ(plan.changes[0].action, Action::update);
  EXPECT_THAT(plan.changes[0].columns, ElementsAre("force_new_deployment"));
}

TEST(FargateDiff, DefaultIsTheDefaultVpc) {
  Account account = default_network();
  account.object("target_group", "tg", 1, R"({"target_group_name": "tg", "target_type": "ip", "vpc": "vpc-1"})");
  account.wanted("target_group", 1, R"({"target_group_name": "tg", "target_type": "ip", "vpc": "default"})");
  EXPECT_TRUE(account.plan().changes.empty());
  const BoundAttribute& vpc = *module_bindings().of("target_group").attribute("vpc");
  EXPECT_EQ(shown_value(vpc, "vpc-1", region, account.base), Value("default"));
  EXPECT_EQ(shown_value(vpc, "vpc-2", region, account.base), Value("vpc-2"));
  EXPECT_EQ(unaliased_value(vpc, "default", region, account.base), Value("vpc-1"));
  EXPECT_EQ(unaliased_value(vpc, "default", "us-east-1", account.base), Value("default"));
}

constexpr const char* balancer =
    R"({"load_balancer_name": "lb", "scheme": "internal", "load_balancer_type": "application",
  "vpc": "vpc-1", "ip_address_type": "ipv4", "subnets": ["subnet-1", "subnet-2"],
  "availability_zones": ["eu-west-2a", "eu-west-2b"]})";

TEST(FargateDiff, SubnetsFollowTheZonesThatTheUserChanges) {
  Account account = default_network();
  account.object("load_balancer", "lb", 1, balancer);
  Row columns = row(balancer);
  columns.set("vpc", "default");
  account.wanted("load_balancer", 1, write_json(Value(columns)).c_str());
  EXPECT_TRUE(account.plan().changes.empty());

  columns.set("availability_zones", Array{"eu-west-2b"});
  account.rows["load_balancer"].clear();
  account.wanted("load_balancer", 1, write_json(Value(columns)).c_str());
  const Diff plan = account.plan();
  ASSERT_EQ(plan.changes.size(), 1u);
  EXPECT_THAT(plan.changes[0].columns, UnorderedElementsAre("availability_zones", "subnets"));
  const DesiredRow& changed = plan.rows[*plan.changes[0].row];
  EXPECT_EQ(changed.resolved.get("subnets"), Value(Array{"subnet-2"}));
  EXPECT_EQ(changed.rewritten.get("subnets"), Value(Array{"subnet-2"}));
}

TEST(FargateDiff, WhatOnlyTheEndNeedsIsAChangeWhereItIsAskedFor) {
  for (const char* skip : {"null", "false", "true"}) {
    Account account = default_network();
    constexpr const char* instance =
        R"({"db_instance_identifier": "db", "allocated_storage": 20, "engine": "postgres",
            "db_instance_class": "db.t3.micro", "availability_zone": "eu-west-2a", "backup_retention_period": 1})";
    account.object("rds", "db", 1, instance);
    Row columns = row(instance);
    columns.set("skip_final_snapshot", read_json(skip));
    account.wanted("rds", 1, write_json(Value(columns)).c_str());
    const Diff plan = account.plan();
    if (std::string(skip) != "true") {
      EXPECT_TRUE(plan.changes.empty()) << skip;
      continue;
    }
    ASSERT_EQ(plan.changes.size(), 1u);
    EXPECT_THAT(plan.changes[0].columns, ElementsAre("skip_final_snapshot"));
  }
}

} // namespace
} // namespace iasql::engine
