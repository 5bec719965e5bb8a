#include "base/names.hpp"

#include <gtest/gtest.h>

namespace iasql {

TEST(SnakeCase, CutsWordsAtCapitals) {
  EXPECT_EQ(snake_case("CidrBlock"), "cidr_block");
  EXPECT_EQ(snake_case("repositoryArn"), "repository_arn");
  EXPECT_EQ(snake_case("CidrIpv4"), "cidr_ipv4");
  EXPECT_EQ(snake_case("Ipv6CidrBlock"), "ipv6_cidr_block");
  EXPECT_EQ(snake_case("already_snake"), "already_snake");
  EXPECT_EQ(snake_case(""), "");
}

TEST(SnakeCase, KeepsAcronymsTogether) {
  EXPECT_EQ(snake_case("VPCId"), "vpc_id");
  EXPECT_EQ(snake_case("DBInstanceArn"), "db_instance_arn");
  EXPECT_EQ(snake_case("SSEKMSKeyId"), "ssekms_key_id");
  EXPECT_EQ(snake_case("VPCs"), "vpcs");
  EXPECT_EQ(snake_case("SubnetIDsInUse"), "subnet_ids_in_use");
  EXPECT_EQ(snake_case("URL"), "url");
}

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("aws_ecs", {"aws_vpc", "aws_ecr", "aws_iam"}), "aws_ecr");
  EXPECT_EQ(nearest("cidrblock", {"VpcId", "CidrBlock"}), "CidrBlock");
  EXPECT_EQ(nearest("aws_vcp", {"aws_ecr", "aws_vpc"}), "aws_vpc");
  EXPECT_EQ(nearest("DescribeVpc", {"CreateVpc", "DescribeVpcs", "DescribeSubnets"}), "DescribeVpcs");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("something", {"else", "entirely"}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
  EXPECT_EQ(nearest("a", {}), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'a'), {"a"}), "");
}

} // namespace iasql
