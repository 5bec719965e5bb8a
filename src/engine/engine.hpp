#pragma once

// The engine's verbs. Each is a few dozen lines over fold, diff, order and execute.

#include "aws/caller.hpp"
#include "engine/resource.hpp"
#include "engine/store.hpp"
#include "net/environment.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace iasql::engine {

struct Settings {
  int parallelism = 8;
  std::optional<int> max_deletes;
  bool allow_data_loss = false;
  bool discard_changes = false;
  std::chrono::seconds in_doubt_wait{60};
  std::optional<std::chrono::seconds> read_lag; // instead of each resource's own
};

// Tells the user on the way.
class Report {
public:
  virtual ~Report() = default;
  virtual void notice(const std::string& message, const std::string& detail = {}) = 0;
  virtual void warning(const std::string& message, const std::string& detail = {}) = 0;
};

struct Context {
  Store& store;
  Journal& journal;
  aws::Caller& caller;
  net::Clock& clock;
  net::Random& random;
  Report& report;
  const std::vector<Module>& modules; // all that the library has
  Settings settings = {};
};

// A row of iasql_plan_apply(), iasql_apply(), iasql_plan_sync(), iasql_sync().
struct PlanRow {
  std::string action; // "create", "update", "replace", "delete", "in doubt", "running"
  std::string table;
  std::optional<std::int64_t> id;
  std::string description;
};

struct ModuleRow {
  std::string module, table;
  std::int64_t records = 0;
};

// Reads local tables only: no call, no write, no transaction id taken.
std::vector<PlanRow> plan_apply(Context& context);
net::task<std::vector<PlanRow>> apply(Context& context);
// Reads AWS, writes nothing.
net::task<std::vector<PlanRow>> plan_sync(Context& context);
net::task<std::vector<PlanRow>> sync(Context& context);

net::task<std::vector<ModuleRow>> install(Context& context, std::vector<std::string> names);
std::vector<ModuleRow> uninstall(Context& context, std::vector<std::string> names);

// Deletes every row that is neither protected nor account configuration (interface.md, delete_all_records()).
void delete_all_records(Context& context);

} // namespace iasql::engine
