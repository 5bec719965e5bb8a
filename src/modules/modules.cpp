#include "modules/modules.hpp"

namespace iasql::modules {

const std::vector<engine::Module>& all_modules() {
  static const std::vector<engine::Module> modules = {
      aws_account(), aws_iam(), aws_cloudwatch(),  aws_ecr(), aws_security_group(),
      aws_vpc(),     aws_elb(), aws_ecs_fargate(), aws_rds(),
  };
  return modules;
}

} // namespace iasql::modules
