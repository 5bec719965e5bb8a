#include "aws/model.hpp"
#include "base/error.hpp"

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
  EXPECT_EQ(vpcs->shape->element.shape, &ec2.shapes.find("Vpc")->second);
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

TEST(Model, BrokenModelsAreErrors) {
  EXPECT_THROW(read_service("x", "{"), Error);
  EXPECT_THROW(read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{"A":{"type":"unheard-of"}}})"), Error);
  EXPECT_THROW(read_service("x", R"({"metadata":{"protocol":"json"},"operations":{"A":{"input":{"shape":"B"}}}})"),
               Error);
}

TEST(Model, RecursiveShapesPointAtThemselves) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "Node":{"type":"structure","members":{"next":{"shape":"Node"}}}}})");
  const Shape& node = found->shapes.find("Node")->second;
  EXPECT_EQ(node.member("next")->shape, &node);
}

} // namespace iasql::aws
