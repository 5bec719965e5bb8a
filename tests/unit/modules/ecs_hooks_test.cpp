// The hooks of aws_ecs_fargate by themselves: values in, values out.

#include "base/error.hpp"
#include "base/json.hpp"
#include "modules/aws_ecs_fargate/hooks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::modules {
namespace {

using namespace engine;
using ::testing::HasSubstr;

Row row(const std::string& json) {
  return read_json(json).object();
}

// -- sizes

std::string shown(const char* cpu, const char* memory) {
  Value definition = Object();
  definition.set_path("cpu", cpu);
  definition.set_path("memory", memory);
  return task_definition_with_size(definition)["cpu_memory"].text();
}

TEST(FargateSize, IsShownAsOneText) {
  EXPECT_EQ(shown("256", "512"), "vCPU0.25-0.5GB");
  EXPECT_EQ(shown("256", "2048"), "vCPU0.25-2GB");
  EXPECT_EQ(shown("512", "1024"), "vCPU0.5-1GB");
  EXPECT_EQ(shown("1024", "8192"), "vCPU1-8GB");
  EXPECT_EQ(shown("2048", "8192"), "vCPU2-8GB");
  EXPECT_EQ(shown("4096", "30720"), "vCPU4-30GB");
}

TEST(FargateSize, IsNullWhereTheColumnCannotSayIt) {
  EXPECT_EQ(shown("256", "4096"), "");
  EXPECT_EQ(shown("512", "512"), "");
  EXPECT_EQ(shown("8192", "16384"), "");
  EXPECT_EQ(shown("4096", "8500"), "");
  EXPECT_TRUE(task_definition_with_size(Object())["cpu_memory"].is_null());
}

Request registered(const Row& wanted, const Row& base, Value input = Object()) {
  Request request{"RegisterTaskDefinition", std::move(input)};
  const Value nothing;
  set_size_and_log_regions({.action = Action::create,
                            .row = wanted,
                            .base = base,
                            .existing = nothing,
                            .region = "eu-west-2",
                            .token = "t0",
                            .parent = [](const std::string&) { return nullptr; },
                            .former_parent = [](const std::string&) { return nullptr; }},
                           request);
  return request;
}

TEST(FargateSize, IsSentAsTwoNumbers) {
  EXPECT_EQ(write_json(registered(row(R"({"cpu_memory": "vCPU2-8GB"})"), {}).input),
            R"({"cpu":"2048","memory":"8192"})");
  EXPECT_EQ(write_json(registered(row(R"({"cpu_memory": "vCPU0.25-0.5GB"})"), {}).input),
            R"({"cpu":"256","memory":"512"})");
  EXPECT_THROW(registered(row(R"({"cpu_memory": "vCPU3-8GB"})"), {}), Error);
}

TEST(FargateSize, IsNeededUnlessThereIsARevisionToTakeItFrom) {
  EXPECT_EQ(write_json(registered({}, row(R"({"family": "f"})")).input), "{}");
  try {
    registered({}, {});
    FAIL() << "a task on Fargate needs a size";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::missing_value);
    EXPECT_STREQ(error.what(), "task_definition needs a value for cpu_memory");
  }
}

// Every size that the CHECK of the table lets in and nothing else: 3 + 4 + 7 + 13 + 23.
TEST(FargateSize, ThereAreFifty) {
  int sizes = 0;
  for (int cpu = 256; cpu <= 16384; cpu *= 2)
    for (int memory = 512; memory <= 131072; memory += 512) {
      const std::string text = shown(std::to_string(cpu).c_str(), std::to_string(memory).c_str());
      if (text.empty()) continue;
      ++sizes;
      EXPECT_EQ(registered(row(R"({"cpu_memory": ")" + text + R"("})"), {}).input["cpu"], Value(std::to_string(cpu)));
    }
  EXPECT_EQ(sizes, 50);
}

// -- containers

std::string structure(const std::string& json) {
  return write_json(container_structure(row(json)));
}

TEST(Container, ImageIsTheRepositorysOrTheNamed) {
  EXPECT_EQ(structure(R"({"name": "c", "repository_id": "1.dkr/r", "tag": "latest"})"),
            R"({"name":"c","image":"1.dkr/r:latest"})");
  EXPECT_EQ(structure(R"({"name": "c", "public_repository_id": "public.ecr.aws/x/r", "digest": "sha256:ab"})"),
            R"({"name":"c","image":"public.ecr.aws/x/r@sha256:ab"})");
  EXPECT_EQ(structure(R"({"name": "c", "image": "nginx", "tag": "", "digest": null})"),
            R"({"name":"c","image":"nginx"})");
}

TEST(Container, EverythingThatARowSays) {
  EXPECT_EQ(structure(R"({"name": "c", "image": "i", "essential": true, "cpu": 256, "memory": 512,
                          "memory_reservation": 128, "host_port": 8088, "container_port": 8088, "protocol": "tcp",
                          "env_variables": "{\"B\": 2, \"A\": \"x\"}", "log_group_id": "/l"})"),
            R"({"name":"c","essential":true,"cpu":256,"memory":512,"memoryReservation":128,"image":"i",)"
            R"("portMappings":[{"hostPort":8088,"containerPort":8088,"protocol":"tcp"}],)"
            R"("environment":[{"name":"A","value":"x"},{"name":"B","value":"2"}],)"
            R"("logConfiguration":{"logDriver":"awslogs",)"
            R"("options":{"awslogs-group":"/l","awslogs-stream-prefix":"awslogs-c"}}})");
}

TEST(Container, LeavesOpenWhatTheRowLeavesOpen) {
  EXPECT_EQ(structure(R"({"name": "c", "image": "i", "protocol": "tcp", "env_variables": "", "cpu": null})"),
            R"({"name":"c","image":"i"})");
  EXPECT_EQ(structure(R"({"name": "c", "image": "i", "env_variables": "{}"})"),
            R"({"name":"c","image":"i","environment":[]})");
  EXPECT_THROW(structure(R"({"name": "c", "image": "i", "env_variables": "[]"})"), Error);
}

struct Spelling {
  const char *text, *name, *tag, *digest;
};

class ImageText : public ::testing::TestWithParam<Spelling> {};

TEST_P(ImageText, IsTakenApart) {
  const Spelling& spelling = GetParam();
  Value made = Object();
  made.set_path("image", spelling.text);
  const Row container = container_row(made);
  for (const char* column : {"image", "repository_id", "public_repository_id"})
    EXPECT_EQ(container.get(column), Value(spelling.name)) << column;
  EXPECT_EQ(container.get("tag").text(), spelling.tag);
  EXPECT_EQ(container.get("digest").text(), spelling.digest);
  EXPECT_EQ(container_structure(container)["image"], Value(spelling.text)); // and put together again
}

INSTANTIATE_TEST_SUITE_P(Spellings, ImageText,
                         ::testing::Values(Spelling{"nginx", "nginx", "", ""},
                                           Spelling{"nginx:1.25", "nginx", "1.25", ""},
                                           Spelling{"localhost:5000/app", "localhost:5000/app", "", ""},
                                           Spelling{"localhost:5000/team/app:v1", "localhost:5000/team/app", "v1", ""},
                                           Spelling{"app@sha256:ab", "app", "", "sha256:ab"},
                                           Spelling{"host:5000/app:v1@sha256:ab", "host:5000/app:v1", "", "sha256:ab"},
                                           Spelling{"123456789012.dkr.ecr.eu-west-2.amazonaws.com/app:latest",
                                                    "123456789012.dkr.ecr.eu-west-2.amazonaws.com/app", "latest", ""}));

TEST(Container, ComesBackInOneSpelling) {
  const Row back = container_row(read_json(
      R"({"name": "c", "image": "i", "essential": true, "cpu": 0, "portMappings": [{"containerPort": 80,
          "hostPort": 80, "protocol": "tcp"}, {"containerPort": 81}], "environment": [{"name": "B", "value": "2"},
          {"name": "A", "value": "x"}], "logConfiguration": {"logDriver": "awslogs", "options":
          {"awslogs-group": "/l", "awslogs-region": "eu-west-2", "awslogs-stream-prefix": "other"}}})"));
  EXPECT_EQ(back.get("env_variables"), Value(R"({"A":"x","B":"2"})"));
  EXPECT_EQ(back.get("container_port"), Value(80));
  EXPECT_EQ(back.get("log_group_id"), Value("/l"));
  EXPECT_EQ(back.get("cpu"), Value(0));
  EXPECT_TRUE(back.get("memory").is_null());
  EXPECT_EQ(container_row(container_structure(back)), back);

  const Row bare = container_row(read_json(
      R"({"name": "c", "image": "i", "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "t"}}})"));
  for (const char* column : {"env_variables", "container_port", "host_port", "protocol", "log_group_id", "tag"})
    EXPECT_TRUE(bare.get(column).is_null()) << column;
  EXPECT_EQ(container_row(read_json(R"({"name": "c", "environment": []})")).get("env_variables"), Value("{}"));
}

TEST(Container, LogsInTheRowsRegion) {
  const Value input = registered(row(R"({"cpu_memory": "vCPU1-2GB"})"), {}, read_json(R"({"containerDefinitions": [
      {"name": "a", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/l"}}},
      {"name": "b", "logConfiguration": {"options": {"awslogs-group": "/l", "awslogs-region": "us-east-1"}}},
      {"name": "c"}, {"name": "d", "logConfiguration": {"logDriver": "splunk", "options": {"splunk-url": "u"}}}]})"))
                          .input;
  const Array& containers = input["containerDefinitions"].array();
  const auto region = [&](std::size_t index) {
    return containers[index].at_path("logConfiguration.options")["awslogs-region"].text();
  };
  EXPECT_EQ(region(0), "eu-west-2");
  EXPECT_EQ(region(1), "us-east-1");
  EXPECT_EQ(region(3), "");
  EXPECT_EQ(write_json(containers[2]), R"({"name":"c"})");
}

// -- services

constexpr const char* containers = R"([{"name": "side", "essential": false, "container_port": 1},
    {"name": "quiet", "essential": true, "container_port": null},
    {"name": "web", "essential": true, "container_port": 8088}])";

// The request as it is sent for a service that AWS has as `existing`, whose task definition had the containers
// `former`.
std::string service_sent(const char* input, const char* existing = "null", const char* now = containers,
                         const char* former = containers) {
  const Row wanted = row(R"({"name": "s"})"), base;
  const Value there = read_json(existing);
  const Row definition{{"container_definition", read_json(now)}},
      former_definition{{"container_definition", read_json(former)}};
  Request request{there.is_null() ? "CreateService" : "UpdateService", read_json(input)};
  set_load_balanced_container({.action = there.is_null() ? Action::create : Action::update,
                               .row = wanted,
                               .base = base,
                               .existing = there,
                               .region = "eu-west-2",
                               .token = "t0",
                               .parent = [&](const std::string&) { return &definition; },
                               .former_parent = [&](const std::string&) { return &former_definition; }},
                              request);
  return write_json(request.input);
}

constexpr const char* balanced =
    R"({"loadBalancers": [{"targetGroupArn": "arn:t", "containerName": "side", "containerPort": 1},
                          {"targetGroupArn": "arn:u", "containerName": "web", "containerPort": 8088}]})";

TEST(LoadBalancedContainer, IsTheFirstEssentialOneWithAPort) {
  const char* sent = R"({"loadBalancers":[{"targetGroupArn":"arn:t","containerName":"web","containerPort":8088}]})";
  EXPECT_EQ(service_sent(R"({"loadBalancers": [{"targetGroupArn": "arn:t"}]})"), sent);
  EXPECT_EQ(service_sent(R"({"loadBalancers": [{"targetGroupArn": "arn:t"}]})", R"({"loadBalancers": []})"), sent);
  EXPECT_EQ(service_sent(R"({"desiredCount": 1})"), R"({"desiredCount":1})");
}

TEST(LoadBalancedContainer, StaysWhereSomebodyPutIt) {
  EXPECT_EQ(service_sent(R"({"desiredCount": 2})", balanced), R"({"desiredCount":2})");
  EXPECT_EQ(service_sent(R"({"taskDefinition": "arn:d:2"})", balanced), R"({"taskDefinition":"arn:d:2"})");
  EXPECT_EQ(service_sent(R"({"loadBalancers": [{"targetGroupArn": "arn:v"}]})", balanced),
            R"({"loadBalancers":[{"targetGroupArn":"arn:v","containerName":"side","containerPort":1},)"
            R"({"targetGroupArn":"arn:u","containerName":"web","containerPort":8088}]})");
}

TEST(LoadBalancedContainer, FollowsItsPort) {
  EXPECT_EQ(service_sent(R"({"taskDefinition": "arn:d:2"})", balanced,
                         R"([{"name": "side", "essential": false, "container_port": 1},
                             {"name": "web", "essential": true, "container_port": 9090}])"),
            R"({"taskDefinition":"arn:d:2","loadBalancers":[)"
            R"({"targetGroupArn":"arn:t","containerName":"side","containerPort":1},)"
            R"({"targetGroupArn":"arn:u","containerName":"web","containerPort":9090}]})");
}

TEST(LoadBalancedContainer, IsChosenAnewWhereItIsGone) {
  EXPECT_EQ(service_sent(R"({"taskDefinition": "arn:d:2"})",
                         R"({"loadBalancers": [{"targetGroupArn": "arn:t", "containerName": "web",
                                                "containerPort": 8088}]})",
                         R"([{"name": "shop", "essential": true, "container_port": 9090}])"),
            R"({"taskDefinition":"arn:d:2",)"
            R"("loadBalancers":[{"targetGroupArn":"arn:t","containerName":"shop","containerPort":9090}]})");
}

TEST(LoadBalancedContainer, MustBeThere) {
  try {
    service_sent(R"({"loadBalancers": [{"targetGroupArn": "arn:t"}]})", "null", "[]");
    FAIL() << "nothing to send to";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::missing_value);
    EXPECT_THAT(error.what(), HasSubstr("service s has a target group"));
  }
}

} // namespace
} // namespace iasql::modules
