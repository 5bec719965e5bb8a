#pragma once

// From specs to IAM: what a policy must allow so that a module's tables can be read, and changed.

#include "engine/resource.hpp"

#include <compare>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::reference {

struct Permission {
  std::string action;                             // "ec2:DescribeVpcs"
  std::string condition_key = {}, condition = {}; // allowed where that key of IAM's equals this; "": everywhere

  auto operator<=>(const Permission&) const = default;
};
using Permissions = std::set<Permission>;

// The prefix of a service's actions in IAM. Throws std::runtime_error for a service that nobody looked up.
std::string iam_prefix(std::string_view service);

// Of one table's objects. Changing does not include reading.
Permissions to_read(const engine::Resource& resource);
Permissions to_write(const engine::Resource& resource);

// Of all tables of a module, with its further actions, without the modules that it needs.
Permissions to_read(const engine::Module& module);
Permissions to_write(const engine::Module& module);

// The modules that it needs, and those that they need, without itself.
std::vector<const engine::Module*> needed_by(const engine::Module& module, const std::vector<engine::Module>& modules);

// An IAM policy document for all resources: one statement for what is allowed everywhere, one for each action that is
// allowed on a condition. Ends with a line break.
std::string policy_document(const Permissions& permissions);

} // namespace iasql::reference
