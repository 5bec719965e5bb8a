#include "modules/aws_elb/hooks.hpp"

namespace iasql::modules {

using namespace engine;

static Value with_empty(Value object, const char* member) {
  if (object.is_object() && object[member].is_null()) object.set_path(member, "");
  return object;
}

Value load_balancer_in_words(Value load_balancer) {
  return with_empty(std::move(load_balancer), "Scheme");
}

Value target_group_in_words(Value target_group) {
  return with_empty(std::move(target_group), "VpcId");
}

} // namespace iasql::modules
