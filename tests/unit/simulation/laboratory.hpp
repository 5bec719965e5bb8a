#pragma once

// A database, a cloud and sessions that a test leads by the hand: every verb runs to its end at once, time passes as it
// asks for it, and the test says what becomes of each call.

#include "engine/engine.hpp"
#include "simulation/memory_database.hpp"
#include "simulation/simulated_cloud.hpp"
#include "simulation/things.hpp"

#include <memory>

namespace iasql::simulation {

class Notes : public engine::Report {
public:
  void notice(const std::string& message, const std::string&) override { notices.push_back(message); }
  void warning(const std::string& message, const std::string&) override { warnings.push_back(message); }
  std::vector<std::string> notices, warnings;
};

// "create named 1 one": action, table, id (or -), description.
using Listing = std::vector<std::string>;
Listing listing(const std::vector<engine::PlanRow>& rows);

class Session {
public:
  Session(const std::string& name, MemoryDatabase& database, Cloud& cloud, VirtualClock& clock, SeededRandom& random,
          const std::vector<engine::Module>& modules);

  // Statements. Where no transaction is open each is one of its own; an Error rolls back, as in psql.
  Listing plan();
  Listing apply();
  Listing plan_sync();
  Listing sync();
  std::vector<engine::ModuleRow> install(std::vector<std::string> names);
  std::vector<engine::ModuleRow> uninstall(std::vector<std::string> names);
  // The new row's key; `key` "" takes the next one.
  std::string insert(const std::string& table, Row columns, const std::string& key = "");
  void update(const std::string& table, const std::string& key, const Row& columns);
  void remove(const std::string& table, const std::string& key);

  // What it sees.
  std::vector<engine::StoredRow> rows(const std::string& table);
  Value value(const std::string& table, const std::string& key, const std::string& column);

  MemorySession store;
  CloudDoor door;
  Notes report;
  engine::Context context;

private:
  template <typename Work>
  auto statement(Work work);
  engine::Table table(const std::string& name);
  VirtualClock& m_clock;
};

class Laboratory {
public:
  // With the module "things", or with others and their handlers and tables.
  Laboratory();
  Laboratory(const std::vector<engine::Module>& modules, const Handlers& handlers, MemoryDatabase::TablesOf tables_of);

  Session& session(const std::string& name = "tenant"); // made when first named
  // Somebody else does it, and the read lag for it is over.
  Value outside(const std::string& operation, Object input);
  // Objects of the type that exist.
  std::vector<const CloudObject*> objects(const std::string& type) const;
  // Writes that sessions have asked for, by operation.
  std::size_t calls(const std::string& operation) const;

  VirtualClock clock;
  SeededRandom random{1};
  Cloud cloud;
  MemoryDatabase database;
  std::string service = "things";

private:
  const std::vector<engine::Module>& m_modules;
  std::map<std::string, std::unique_ptr<Session>> m_sessions;
};

// The k-th call (from 1) of that operation meets the fault; everything else goes well.
std::function<Fault(const aws::Call&)> fault_at(const std::string& operation, int which, Fault fault);

} // namespace iasql::simulation
