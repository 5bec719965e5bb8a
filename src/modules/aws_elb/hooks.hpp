#pragma once

#include "engine/resource.hpp"

namespace iasql::modules {

// Columns that every row needs and AWS leaves out of objects of a kind: the scheme of a gateway, the VPC of a target
// group of Lambda functions. "" stands for them, which is no opinion.
Value load_balancer_in_words(Value load_balancer);
Value target_group_in_words(Value target_group);

} // namespace iasql::modules
