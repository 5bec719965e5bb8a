#include "reference/permissions.hpp"

#include "aws/model.hpp"

#include <map>
#include <stdexcept>
#include <utility>

namespace iasql::reference {

using engine::Module;
using engine::Resource;

namespace {

// As "Actions, resources, and condition keys for …" in AWS's Service Authorization Reference has them.
constexpr std::pair<std::string_view, std::string_view> prefixes[] = {
    {"ec2", "ec2"},                    // Amazon EC2
    {"ecr", "ecr"},                    // Amazon Elastic Container Registry
    {"ecr-public", "ecr-public"},      // Amazon Elastic Container Registry Public
    {"ecs", "ecs"},                    // Amazon Elastic Container Service
    {"elbv2", "elasticloadbalancing"}, // AWS Elastic Load Balancing V2
    {"iam", "iam"},                    // AWS Identity and Access Management (IAM)
    {"logs", "logs"},                  // Amazon CloudWatch Logs
    {"rds", "rds"},                    // Amazon RDS
    {"sts", "sts"},                    // AWS Security Token Service
};

// Operations of one service as actions. So far each operation that a spec names is an action of the same name.
class Actions {
public:
  explicit Actions(std::string service) : m_service(std::move(service)) {}

  void add(const std::string& operation) {
    if (!operation.empty()) m_permissions.insert({.action = iam_prefix(m_service) + ":" + operation});
  }
  void add(const engine::Write& write) {
    add(write.operation);
    if (!write.waiter.empty()) add(aws::service(m_service).find_waiter(write.waiter)->operation);
  }
  Permissions all() const { return m_permissions; }

private:
  std::string m_service;
  Permissions m_permissions;
};

Permissions of_all(const Module& module, const std::vector<Module::FurtherAction>& further,
                   Permissions (*of)(const Resource& resource)) {
  Permissions permissions;
  for (const Resource& resource : module.resources)
    permissions.merge(of(resource));
  for (const Module::FurtherAction& action : further)
    permissions.insert({action.action, action.condition_key, action.condition});
  return permissions;
}

std::string in_quotes(const std::string& text) {
  return "\"" + text + "\"";
}

std::string list(const std::set<std::string>& texts, const std::string& indent) {
  std::string lines;
  for (const std::string& text : texts)
    lines += (lines.empty() ? "" : ",") + ("\n" + indent + "  " + in_quotes(text));
  return "[" + lines + "\n" + indent + "]";
}

std::string statement(const std::set<std::string>& actions, const std::string& condition) {
  return "    {\n      \"Effect\": \"Allow\",\n      \"Action\": " + list(actions, "      ") +
         ",\n      \"Resource\": \"*\"" + condition + "\n    }";
}

} // namespace

std::string iam_prefix(std::string_view service) {
  for (const auto& [name, prefix] : prefixes)
    if (name == service) return std::string(prefix);
  throw std::runtime_error(
      "look up the prefix of " + std::string(service) +
      " in the Service Authorization Reference, and add it to tests/unit/reference/permissions.cpp");
}

Permissions to_read(const Resource& resource) {
  Actions actions(resource.service);
  actions.add(resource.read.operation);
  actions.add(resource.read.list);
  actions.add(resource.tags.read_operation);
  for (const engine::Membership& membership : resource.memberships)
    actions.add(membership.read_operation);
  return actions.all();
}

Permissions to_write(const Resource& resource) {
  Actions actions(resource.service);
  actions.add(resource.create);
  for (const engine::Write& update : resource.update)
    actions.add(update);
  actions.add(resource.drain);
  actions.add(resource.remove);
  actions.add(resource.tags.add_operation);
  actions.add(resource.tags.remove_operation);
  for (const engine::Membership& membership : resource.memberships) {
    actions.add(membership.add_operation);
    actions.add(membership.remove_operation);
  }
  if (resource.blockers) actions.add(resource.blockers->operation);
  for (const engine::Holders& holders : resource.holders)
    actions.add(holders.operation);
  Permissions permissions = actions.all();
  for (const Permission& known : to_read(resource)) // what waiters ask
    permissions.erase(known);
  return permissions;
}

Permissions to_read(const Module& module) {
  return of_all(module, module.further_actions.read, to_read);
}

Permissions to_write(const Module& module) {
  return of_all(module, module.further_actions.write, to_write);
}

std::vector<const Module*> needed_by(const Module& module, const std::vector<Module>& modules) {
  std::vector<const Module*> needed;
  std::set<std::string> names(module.dependencies.begin(), module.dependencies.end());
  // A dependency comes before what needs it, or after: the order is that of the list, so look until nothing is new.
  for (std::size_t known = 0; known != names.size();) {
    known = names.size();
    for (const Module& other : modules)
      if (names.contains(other.name)) names.insert(other.dependencies.begin(), other.dependencies.end());
  }
  for (const Module& other : modules)
    if (names.contains(other.name)) needed.push_back(&other);
  return needed;
}

std::string policy_document(const Permissions& permissions) {
  std::set<std::string> everywhere;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> conditions; // (action, key) → values
  for (const Permission& permission : permissions)
    if (permission.condition_key.empty())
      everywhere.insert(permission.action);
    else
      conditions[{permission.action, permission.condition_key}].insert(permission.condition);
  std::string statements;
  if (!everywhere.empty()) statements = statement(everywhere, "");
  for (const auto& [conditional, values] : conditions) {
    const auto& [action, key] = conditional;
    statements += (statements.empty() ? "" : ",\n") +
                  statement({action}, ",\n      \"Condition\": {\n        \"StringEquals\": {\n          " +
                                          in_quotes(key) + ": " + list(values, "          ") + "\n        }\n      }");
  }
  return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n" + statements + "\n  ]\n}\n";
}

} // namespace iasql::reference
