#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

static Resource vpc() {
  return {
      .table = "vpc",
      .service = "ec2",
      .id = "VpcId",
      .name = "{cidr_block}",
      .read = {.operation = "DescribeVpcs", .by = "VpcIds", .absent_on = {"InvalidVpcID.NotFound"}},
      .create = {.operation = "CreateVpc", .waiter = "VpcAvailable"},
      .remove = {.operation = "DeleteVpc"},
      .absent_on = {"InvalidVpcID.NotFound"},
      .blocked_on = {"DependencyViolation"},
      .tags = ec2_tags("vpc"),
      .attributes = {{.column = "cidr_block", .meaning = Meaning::cidr_block}},
      .protections = {{.member = "IsDefault", .equals = true}},
  };
}

static Resource subnet() {
  return {
      .table = "subnet",
      .service = "ec2",
      .id = "SubnetId",
      .identity = {"vpc_id", "cidr_block"},
      .name = "{cidr_block}",
      .read = {.operation = "DescribeSubnets",
               .by = "SubnetIds",
               .absent_on = {"InvalidSubnetID.NotFound"},
               .filters = {{"vpc_id", "vpc-id"}, {"cidr_block", "cidr-block"}}},
      .create = {.operation = "CreateSubnet", .waiter = "SubnetAvailable"},
      .remove = {.operation = "DeleteSubnet"},
      .exists_on = {"InvalidSubnet.Conflict"},
      .absent_on = {"InvalidSubnetID.NotFound"},
      .blocked_on = {"DependencyViolation"},
      .tags = ec2_tags("subnet"),
      .attributes = {{.column = "available_ip_address_count", .fluctuates = true},
                     {.column = "cidr_block", .meaning = Meaning::cidr_block}},
      .blockers = Blockers{.operation = "DescribeNetworkInterfaces",
                           .items = "NetworkInterfaces",
                           .filter = "subnet-id",
                           .id = "NetworkInterfaceId",
                           .description = "Description",
                           .passing = "RequesterManaged"},
      .protections = {{.member = "DefaultForAz", .equals = true}},
  };
}

Module aws_vpc() {
  return {
      .name = "aws_vpc",
      .version = "0.1.0",
      .dependencies = {"aws_account"},
      .tables = {"vpc", "subnet"},
      .resources = {vpc(), subnet()},
      .sql = module_sql("aws_vpc"),
  };
}

} // namespace iasql::modules
