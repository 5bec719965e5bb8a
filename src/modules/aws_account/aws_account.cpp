#include "modules/modules.hpp"

namespace iasql::modules {

using namespace engine;

Module aws_account() {
  return {
      .name = "aws_account",
      .version = "0.1.0",
      .tables = {"aws_account", "aws_regions"},
      .configuration = {{.table = "aws_account", .kind = Configuration::account},
                        {.table = "aws_regions", .kind = Configuration::regions}},
      .further_actions = {.read = {{.action = "sts:GetCallerIdentity",
                                    .reason = "Connecting an account asks whose key it is; AWS always allows it."},
                                   {.action = "ec2:DescribeRegions",
                                    .reason = "Fills aws_regions with the regions that the account may use."}}},
      .functions = {"public.default_aws_region()", "public.default_aws_region(text)"},
      .sql = module_sql("aws_account"),
  };
}

} // namespace iasql::modules
