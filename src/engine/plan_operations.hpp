#pragma once

// Which writes apply would call for a change, found by building the requests that it would send. Pure.

#include "engine/diff.hpp"
#include "engine/order.hpp"

namespace iasql::engine {

// "ec2:CreateVpc", … of one half of a change, in the order of the calls. Without reads, and without what depends on
// them: adopting what exists already, retries, children that AWS adds by itself. Empty where a request cannot be built:
// apply would fail there too, before it calls.
std::vector<std::string> operations_of(const Base& base, const Diff& diff, const Change& change, Step::Kind half);

} // namespace iasql::engine
