// The requests of aws_ecs_fargate, and what it makes of AWS's answers. Its hooks by themselves are in
// tests/unit/modules/ecs_hooks_test.cpp.

#include "base/error.hpp"
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
using testing::updated;

constexpr const char* service_arn = "arn:aws:ecs:eu-west-2:123456789012:service/c/s";

TEST(ClusterRequests, ByArn) {
  EXPECT_EQ(
      created("cluster", R"({"cluster_name": "c", "tags": {"a": "b"}})"),
      R"(CreateCluster {"clusterName":"c","tags":[{"key":"a","value":"b"},{"key":"iasql:intent","value":"t0"}]})");
  EXPECT_EQ(removed("cluster", "{}", "arn:c"), R"(DeleteCluster {"cluster":"arn:c"})");
  EXPECT_THAT(updated("cluster", R"({"tags": {"a": "1"}})", R"({"tags": {"b": "2"}})", {"tags"}, "arn:c"),
              ElementsAre(R"(UntagResource {"resourceArn":"arn:c","tagKeys":["b"]})",
                          R"(TagResource {"resourceArn":"arn:c","tags":[{"key":"a","value":"1"}]})"));
}

// A service in the tutorial's shape; its task definition's containers are seen through the surroundings.
Surroundings beside(const Row& task_definition) {
  return {.region = "eu-west-2", .parent = [&](const std::string& column) {
            return column == "task_definition_id" ? &task_definition : nullptr;
          }};
}

const Row& definition() {
  static const Row made =
      row(R"({"container_definition": [{"name": "web", "essential": true, "container_port": 8088}]})");
  return made;
}

constexpr const char* service = R"({"name": "s", "desired_count": 1, "subnets": ["subnet-1"],
    "assign_public_ip": "ENABLED", "force_new_deployment": false, "cluster_id": "arn:c",
    "task_definition_id": "arn:d:1", "target_group_id": "arn:t", "service_security_groups": ["sg-1"]})";

TEST(ServiceRequests, CreateNamesTheContainerBehindTheTargetGroup) {
  EXPECT_EQ(sent(create_request(binding_of("service"), row(service), "t0", beside(definition()))),
            R"(CreateService {"serviceName":"s","desiredCount":1,"networkConfiguration":{"awsvpcConfiguration":)"
            R"({"subnets":["subnet-1"],"assignPublicIp":"ENABLED","securityGroups":["sg-1"]}},)"
            R"("cluster":"arn:c","taskDefinition":"arn:d:1","loadBalancers":[{"targetGroupArn":"arn:t",)"
            R"("containerName":"web","containerPort":8088}],"launchType":"FARGATE",)"
            R"("tags":[{"key":"iasql:intent","value":"t0"}]})");
}

std::vector<std::string> service_updated(const char* changes, const std::set<std::string>& changed) {
  Row wanted = row(service);
  for (const auto& [column, value] : row(changes))
    wanted.set(column, value);
  std::vector<std::string> all;
  for (const UpdateRequest& update :
       update_requests(binding_of("service"), wanted, row(service), changed, service_arn, beside(definition())))
    all.push_back(sent(update.request));
  return all;
}

TEST(ServiceRequests, UpdatesNameTheCluster) {
  EXPECT_THAT(service_updated(R"({"desired_count": 2})", {"desired_count"}),
              ElementsAre(R"(UpdateService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s",)"
                          R"("cluster":"arn:c","desiredCount":2})"));
  EXPECT_THAT(service_updated(R"({"force_new_deployment": true})", {"force_new_deployment"}),
              ElementsAre(R"(UpdateService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s",)"
                          R"("cluster":"arn:c","forceNewDeployment":true})"));
}

TEST(ServiceRequests, ItsNetworkIsSentWhole) {
  EXPECT_THAT(service_updated(R"({"assign_public_ip": "DISABLED"})", {"assign_public_ip"}),
              ElementsAre(R"(UpdateService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s",)"
                          R"("cluster":"arn:c","networkConfiguration":{"awsvpcConfiguration":{"assignPublicIp":)"
                          R"("DISABLED","subnets":["subnet-1"],"securityGroups":["sg-1"]}}})"));
}

TEST(ServiceRequests, ItsTargetGroupFollowsThePortOfANewTaskDefinition) {
  const Row former = row(R"({"container_definition": [{"name": "web", "essential": true, "container_port": 80}]})");
  Row wanted = row(service);
  wanted.set("task_definition_id", "arn:d:2");
  Surroundings around = beside(definition());
  around.former_parent = [&](const std::string&) { return &former; };
  around.existing =
      read_json(R"({"loadBalancers": [{"targetGroupArn": "arn:t", "containerName": "web", "containerPort": 80}]})");
  const auto updates =
      update_requests(binding_of("service"), wanted, row(service), {"task_definition_id"}, service_arn, around);
  ASSERT_EQ(updates.size(), 1u);
  EXPECT_EQ(sent(updates.front().request),
            R"(UpdateService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s",)"
            R"("cluster":"arn:c","taskDefinition":"arn:d:2","loadBalancers":[{"targetGroupArn":"arn:t",)"
            R"("containerName":"web","containerPort":8088}]})");
}

TEST(ServiceRequests, IsDrainedBeforeItIsDeleted) {
  std::vector<std::string> before;
  for (const Preparation& preparation : preparations(binding_of("service"), row(service), service_arn))
    before.push_back(sent(preparation.request));
  EXPECT_THAT(before, ElementsAre(R"(UpdateService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s",)"
                                  R"("cluster":"arn:c","desiredCount":0})"));
  EXPECT_EQ(removed("service", service, service_arn),
            R"(DeleteService {"service":"arn:aws:ecs:eu-west-2:123456789012:service/c/s","cluster":"arn:c"})");
  EXPECT_EQ(write_json(waiter_input(binding_of("service"), service_arn)),
            R"({"include":["TAGS"],"services":["arn:aws:ecs:eu-west-2:123456789012:service/c/s"],"cluster":"c"})");
}

TEST(ServiceRequests, ByNameAndClusterAlone) {
  EXPECT_TRUE(needs_replace(binding_of("service"), row(R"({"cluster_id": "arn:e"})"), {}, {"cluster_id"}));
  EXPECT_TRUE(needs_replace(binding_of("service"), row(R"({"name": "t"})"), {}, {"name"}));
  EXPECT_FALSE(needs_replace(binding_of("service"), row(R"({"subnets": ["subnet-2"]})"), {}, {"subnets"}));
}

constexpr const char* task = R"({"family": "f", "cpu_memory": "vCPU2-8GB", "task_role_name": "arn:r",
    "execution_role_name": "arn:r", "container_definition": [{"name": "web", "essential": true, "repository_id": "1.dkr/r",
    "tag": "latest", "memory_reservation": 8192, "host_port": 8088, "container_port": 8088, "protocol": "tcp",
    "log_group_id": "/l"}]})";

std::string registered(const char* wanted, const Row& before = {}) {
  return sent(
      create_request(binding_of("task_definition"), row(wanted), "t0", {.region = "eu-west-2", .before = before}));
}

TEST(TaskDefinitionRequests, RegisterForFargate) {
  EXPECT_EQ(
      registered(task),
      R"(RegisterTaskDefinition {"family":"f","taskRoleArn":"arn:r","executionRoleArn":"arn:r",)"
      R"("containerDefinitions":[{"name":"web","essential":true,"memoryReservation":8192,"image":"1.dkr/r:latest",)"
      R"("portMappings":[{"hostPort":8088,"containerPort":8088,"protocol":"tcp"}],"logConfiguration":)"
      R"({"logDriver":"awslogs","options":{"awslogs-group":"/l","awslogs-stream-prefix":"awslogs-web",)"
      R"("awslogs-region":"eu-west-2"}}}],"networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],)"
      R"("cpu":"2048","memory":"8192","tags":[{"key":"iasql:intent","value":"t0"}]})");
  EXPECT_THROW(registered(R"({"family": "f", "cpu_memory": "vCPU2-8GB"})"), Error); // no containers
  EXPECT_EQ(removed("task_definition", "{}", "arn:d:1"), R"(DeregisterTaskDefinition {"taskDefinition":"arn:d:1"})");
}

// What no column says of the revision before stays: a second port, a command, other log options.
TEST(TaskDefinitionRequests, ARevisionKeepsWhatNoColumnSays) {
  const Value existing = read_json(R"({"family": "f", "revision": 1, "status": "ACTIVE", "cpu": "256", "memory": "512",
      "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "volumes": [{"name": "v"}],
      "containerDefinitions": [{"name": "web", "image": "nginx:1", "essential": true, "cpu": 0, "command": ["serve"],
        "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}, {"containerPort": 81}],
        "environment": [{"name": "A", "value": "1"}], "logConfiguration": {"logDriver": "awslogs", "options":
        {"awslogs-group": "/l", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p", "mode": "non-blocking"}}},
        {"name": "gone", "image": "old"}]})");
  Row web{{"name", "web"},        {"image", "nginx"}, {"tag", "2"},        {"essential", true},
          {"container_port", 80}, {"host_port", 80},  {"protocol", "tcp"}, {"env_variables", R"({"A":"1"})"},
          {"log_group_id", "/l"}};
  const Request wanted =
      create_request(binding_of("task_definition"), Row{{"family", "f"}, {"container_definition", Array{web}}}, "t0",
                     {.region = "eu-west-2", .before = row(R"({"family": "f"})"), .existing = existing});
  EXPECT_EQ(write_json(wanted.input),
            R"({"family":"f","networkMode":"awsvpc","containerDefinitions":[{"name":"web","image":"nginx:2",)"
            R"("essential":true,"cpu":0,"command":["serve"],"portMappings":[{"containerPort":80,"hostPort":80,)"
            R"("protocol":"tcp"},{"containerPort":81}],"environment":[{"name":"A","value":"1"}],)"
            R"("logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/l","awslogs-region":"us-east-1",)"
            R"("awslogs-stream-prefix":"p","mode":"non-blocking"}}}],)"
            R"("volumes":[{"name":"v"}],"requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",)"
            R"("tags":[{"key":"iasql:intent","value":"t0"}]})");
}

TEST(ObserveTaskDefinition, InTheTablesTerms) {
  const Observed seen = observe(binding_of("task_definition"), read_json(R"({"taskDefinitionArn": "arn:d:1",
      "family": "f", "revision": 1, "status": "ACTIVE", "cpu": "256", "memory": "512", "executionRoleArn": "arn:r",
      "tags": [{"key": "a", "value": "1"}], "containerDefinitions": [{"name": "web", "image": "nginx:1",
      "essential": true, "environment": []}]})"),
                                "r");
  EXPECT_EQ(seen.attributes.get("cpu_memory"), Value("vCPU0.25-0.5GB"));
  EXPECT_EQ(seen.attributes.get("execution_role_name"), Value("arn:r"));
  EXPECT_EQ(seen.attributes.get("tags"), row(R"({"a": "1"})"));
  const Value& web = seen.attributes.get("container_definition").array().front();
  EXPECT_EQ(web["image"], Value("nginx"));
  EXPECT_EQ(web["tag"], Value("1"));
  EXPECT_EQ(web["env_variables"], Value("{}"));
}

TEST(ObserveService, ItsNetworkAndTargetGroup) {
  const Observed seen = observe(binding_of("service"), read_json(R"({"serviceArn": "arn:s", "serviceName": "s",
      "clusterArn": "arn:c", "status": "ACTIVE", "desiredCount": 1, "taskDefinition": "arn:d:1",
      "loadBalancers": [{"targetGroupArn": "arn:t", "containerName": "web", "containerPort": 80}],
      "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"],
      "assignPublicIp": "ENABLED"}}})"),
                                "r");
  EXPECT_EQ(seen.attributes.get("target_group_id"), Value("arn:t"));
  EXPECT_EQ(seen.attributes.get("cluster_id"), Value("arn:c"));
  EXPECT_EQ(seen.attributes.get("subnets"), Value(Array{"subnet-1"}));
  EXPECT_EQ(seen.attributes.get("service_security_groups"), Value(Array{"sg-1"}));
  EXPECT_EQ(seen.attributes.get("assign_public_ip"), Value("ENABLED"));
}

} // namespace
} // namespace iasql::engine
