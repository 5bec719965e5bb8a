#include "aws/model.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

TEST(Model, LoadsOnceWithPointersIntoItself) {
  const Service& ec2 = service("ec2");
  EXPECT_EQ(&ec2, &service("ec2"));
  EXPECT_EQ(ec2.protocol, Protocol::ec2);
  EXPECT_EQ(ec2.api_version, "2016-11-15");
  EXPECT_EQ(ec2.signing_name, "ec2");
  const Operation& describe = ec2.operation("DescribeVpcs");
  ASSERT_NE(describe.output, nullptr);
  const Member* vpcs = describe.output->member("Vpcs");
  ASSERT_NE(vpcs, nullptr);
  EXPECT_EQ(vpcs->location_name, "vpcSet");
  ASSERT_EQ(vpcs->shape->type, ShapeType::list);
  EXPECT_EQ(vpcs->shape->element.shape, ec2.find_shape("Vpc"));
  ASSERT_NE(describe.paginator, nullptr);
  EXPECT_EQ(describe.paginator->result_key, std::vector<std::string>{"Vpcs"});
}

TEST(Model, KeepsWhatTheClientNeeds) {
  const Service& ecr = service("ecr");
  EXPECT_EQ(ecr.protocol, Protocol::json);
  EXPECT_EQ(ecr.json_version, "1.1");
  EXPECT_EQ(ecr.endpoint_prefix, "api.ecr");
  EXPECT_EQ(ecr.signing_name, "ecr");
  const Shape& input = *ecr.operation("CreateRepository").input;
  EXPECT_TRUE(input.member("repositoryName")->required);
  EXPECT_FALSE(input.member("repositoryName")->shape->pattern.empty());
  EXPECT_EQ(input.member("repositoryName")->shape->minimum, 2);
  EXPECT_EQ(service("sts").operation("GetCallerIdentity").result_wrapper, "GetCallerIdentityResult");
  const Waiter* waiter = service("ec2").find_waiter("VpcAvailable");
  ASSERT_NE(waiter, nullptr);
  EXPECT_EQ(waiter->operation, "DescribeVpcs");
  EXPECT_EQ(waiter->acceptors.at(0).argument, "Vpcs[].State");
}

TEST(Model, KeepsWhatTheEndpointRulesNeed) {
  const Service& ecr = service("ecr");
  EXPECT_EQ(ecr.auth, std::vector<std::string>{"aws.auth#sigv4"});
  EXPECT_FALSE(ecr.endpoint_rules.parameters().empty());
  auto found = read_service("x", R"json({"metadata":{"protocol":"json"},
      "shapes":{"In":{"type":"structure","members":{
          "Bucket":{"shape":"Name","contextParam":{"name":"BucketName"}},"Key":{"shape":"Name"}}},
        "Name":{"type":"string"}},
      "operations":{"Copy":{"input":{"shape":"In"},"auth":["aws.auth#sigv4a","aws.auth#sigv4"],
          "staticContextParams":{"DisableSession":{"value":true}},
          "operationContextParams":{"Keys":{"path":"keys(Items)"}}}}})json");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_TRUE(found->endpoint_rules.empty());
  const Operation& copy = found->operation("Copy");
  EXPECT_EQ(copy.input->member("Bucket")->context_param, "BucketName");
  EXPECT_EQ(copy.input->member("Key")->context_param, "");
  EXPECT_EQ(copy.auth, (std::vector<std::string>{"aws.auth#sigv4a", "aws.auth#sigv4"}));
  EXPECT_EQ(copy.static_context_params, (Object{{"DisableSession", true}}));
  EXPECT_EQ(copy.operation_context_params, (Pairs{{"Keys", "keys(Items)"}}));
}

TEST(Model, ErrorsHaveACodeAndSayWhetherToRetry) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "Plain":{"type":"structure","exception":true},
      "Coded":{"type":"structure","error":{"code":"Other.Code","httpStatusCode":400},"retryable":{"throttling":false}},
      "Busy":{"type":"structure","retryable":{"throttling":true}}}})");
  EXPECT_EQ(found->find_shape("Plain")->error_code, "");
  EXPECT_EQ(found->find_shape("Plain")->retryable, Retryable::no);
  EXPECT_EQ(found->find_shape("Coded")->error_code, "Other.Code");
  EXPECT_EQ(found->find_shape("Coded")->retryable, Retryable::yes);
  EXPECT_EQ(found->find_shape("Busy")->retryable, Retryable::throttling);
}

TEST(Model, ProtocolIsTheFirstKnownOneOfTheList) {
  auto several = read_service("x", R"({"metadata":{"protocol":"query","protocols":["smithy-rpc-v2-cbor","json"]}})");
  EXPECT_EQ(several->protocol, Protocol::json);
  EXPECT_EQ(read_service("x", R"({"metadata":{"protocol":"rest-xml"}})")->protocol, Protocol::rest_xml);
  EXPECT_THROW(read_service("x", R"({"metadata":{"protocols":["smithy-rpc-v2-cbor"]}})"), Error);
}

TEST(Model, UnknownNamesGetAHint) {
  try {
    service("ec2").operation("DescribeVpc");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_spec);
    EXPECT_STREQ(error.what(), "service ec2 has no operation DescribeVpc");
    EXPECT_EQ(error.hint(), "Did you mean DescribeVpcs?");
  }
  EXPECT_THROW(service("ec3"), Error);
  EXPECT_EQ(service("ec2").find_operation("Nothing"), nullptr);
  EXPECT_EQ(service("ec2").find_waiter("Nothing"), nullptr);
}

TEST(Model, BrokenModelsAreErrorsWhereTheyAreMet) {
  EXPECT_THROW(read_service("x", "{"), Error);
  auto unheard_of = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{"A":{"type":"unheard-of"}},
      "operations":{"One":{"input":{"shape":"A"}},"Two":{}}})");
  EXPECT_EQ(unheard_of->operation("Two").input, nullptr);
  EXPECT_THROW(unheard_of->operation("One"), Error);
  EXPECT_THROW(unheard_of->operation("One"), Error); // and never a shape half read
  EXPECT_THROW(unheard_of->find_shape("A"), Error);
  auto missing = read_service("x", R"({"metadata":{"protocol":"json"},"operations":{"One":{"input":{"shape":"B"}}}})");
  EXPECT_THROW(missing->operation("One"), Error);
  EXPECT_EQ(missing->find_shape("B"), nullptr);
}

TEST(Model, RecursiveShapesPointAtThemselves) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "Node":{"type":"structure","members":{"next":{"shape":"Node"}}}}})");
  const Shape* node = found->find_shape("Node");
  EXPECT_EQ(node->member("next")->shape, node);
}

TEST(Model, NamesAreInOrder) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"operations":{"B":{},"C":{},"A":{}},
      "waiters":{"Z":{"operation":"A"},"Y":{"operation":"B"}}})");
  EXPECT_EQ(found->operation_names(), (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(found->waiter_names(), (std::vector<std::string>{"Y", "Z"}));
  EXPECT_EQ(found->find_waiter("Z")->operation, "A");
}

} // namespace iasql::aws
