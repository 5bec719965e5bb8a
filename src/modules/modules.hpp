#pragma once

// The modules that the library has, in one explicit list.

#include "engine/resource.hpp"

#include <string_view>
#include <vector>

namespace iasql::modules {

// Every module, in the order in which iasql_install() lists them.
const std::vector<engine::Module>& all_modules();

// A module's DDL as its .sql file has it, embedded at build time; "" for a name that has none.
std::string_view module_sql(std::string_view module);

// One for each folder beside this file.
engine::Module aws_account();
engine::Module aws_cloudwatch();
engine::Module aws_ecr();
engine::Module aws_ecs_fargate();
engine::Module aws_elb();
engine::Module aws_iam();
engine::Module aws_rds();
engine::Module aws_security_group();
engine::Module aws_vpc();

} // namespace iasql::modules
