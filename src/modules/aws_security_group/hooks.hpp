#pragma once

#include "engine/resource.hpp"

namespace iasql::modules {

// A rule travels in three shapes, none of which is the one it is read in: a nested permission when it is authorised, a
// list of changed rules when it is modified, its bare id when it is revoked; and ingress and egress have operations of
// their own.
engine::Request security_group_rule_request(engine::Action action, const engine::Row& row, const engine::Row& base,
                                            const std::string& cloud_id);

} // namespace iasql::modules
