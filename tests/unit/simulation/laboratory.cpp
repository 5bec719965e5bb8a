#include "simulation/laboratory.hpp"

#include <algorithm>
#include <optional>

namespace iasql::simulation {

Listing listing(const std::vector<engine::PlanRow>& rows) {
  Listing lines;
  for (const engine::PlanRow& row : rows)
    lines.push_back(row.action + " " + row.table + " " + (row.id ? std::to_string(*row.id) : "-") + " " +
                    row.description);
  return lines;
}

Session::Session(const std::string& name, MemoryDatabase& database, Cloud& cloud, VirtualClock& clock,
                 SeededRandom& random, const std::vector<engine::Module>& modules)
    : store(database), door(cloud, clock, name),
      context{store, store, door, clock, random, report, modules, engine::Settings()}, m_clock(clock) {
  door.intent = [&database](const aws::Call&) { return static_cast<std::int64_t>(database.journal().intents.size()); };
}

template <typename Work>
auto Session::statement(Work work) {
  const bool alone = !store.in_transaction();
  if (alone) store.begin();
  store.statement();
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      if (alone) store.commit();
    } else {
      auto result = work();
      if (alone) store.commit();
      return result;
    }
  } catch (...) {
    store.fail();
    throw;
  }
}

Listing Session::plan() {
  return statement([&] { return listing(engine::plan_apply(context)); });
}

Listing Session::apply() {
  return statement([&] { return listing(run(m_clock, engine::apply(context))); });
}

Listing Session::plan_sync() {
  return statement([&] { return listing(run(m_clock, engine::plan_sync(context))); });
}

Listing Session::sync() {
  return statement([&] { return listing(run(m_clock, engine::sync(context))); });
}

std::vector<engine::ModuleRow> Session::install(std::vector<std::string> names) {
  return statement([&] { return run(m_clock, engine::install(context, std::move(names))); });
}

std::vector<engine::ModuleRow> Session::uninstall(std::vector<std::string> names) {
  return statement([&] { return engine::uninstall(context, std::move(names)); });
}

std::string Session::insert(const std::string& name, Row columns, const std::string& key) {
  if (!columns.find("region")) columns.set("region", simulated_region);
  return statement([&] { return store.insert_row(table(name), columns, key); });
}

void Session::update(const std::string& name, const std::string& key, const Row& columns) {
  statement([&] { store.update_row(table(name), key, columns); });
}

void Session::remove(const std::string& name, const std::string& key) {
  statement([&] { store.delete_row(table(name), key); });
}

std::vector<engine::StoredRow> Session::rows(const std::string& name) {
  return statement([&] { return store.rows(table(name)); });
}

Value Session::value(const std::string& name, const std::string& key, const std::string& column) {
  for (const engine::StoredRow& row : rows(name))
    if (row.key == key) return row.columns.get(column);
  throw std::logic_error("no row " + key + " in " + name);
}

engine::Table Session::table(const std::string& name) {
  return store.catalogue().table(name);
}

Laboratory::Laboratory()
    : Laboratory(thing_modules(), thing_handlers(), [](const engine::Module&) { return thing_tables(); }) {
  database.install(thing_modules()[0]);
}

Laboratory::Laboratory(const std::vector<engine::Module>& modules, const Handlers& handlers,
                       MemoryDatabase::TablesOf tables_of)
    : cloud(handlers), database(std::move(tables_of)), m_modules(modules) {}

Session& Laboratory::session(const std::string& name) {
  auto& made = m_sessions[name];
  if (!made) made = std::make_unique<Session>(name, database, cloud, clock, random, m_modules);
  return *made;
}

Value Laboratory::outside(const std::string& operation, Object input) {
  aws::Call call{.service = service, .operation = operation, .region = simulated_region, .input = std::move(input)};
  auto lag = std::exchange(cloud.read_lag, std::chrono::milliseconds(0));
  Value output = cloud.carry_out(call, clock.now(), "", 0);
  cloud.read_lag = lag;
  return output;
}

std::vector<const CloudObject*> Laboratory::objects(const std::string& type) const {
  auto found = cloud.existing();
  std::erase_if(found, [&](const CloudObject* object) { return object->type != type; });
  return found;
}

std::size_t Laboratory::calls(const std::string& operation) const {
  std::size_t count = 0;
  for (const auto& [name, session] : m_sessions)
    count +=
        static_cast<std::size_t>(std::count_if(session->door.calls.begin(), session->door.calls.end(),
                                               [&](const aws::Call& call) { return call.operation == operation; }));
  return count;
}

std::function<Fault(const aws::Call&)> fault_at(const std::string& operation, int which, Fault fault) {
  return [operation, which, fault, seen = 0](const aws::Call& call) mutable {
    return call.operation == operation && ++seen == which ? fault : Fault::none;
  };
}

} // namespace iasql::simulation
