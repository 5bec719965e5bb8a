#include "simulation/memory_database.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cassert>

namespace iasql::simulation {

namespace {

State::EntryKey key_of(const Entry& entry) {
  return {entry.region, entry.table, entry.cloud_id};
}

[[noreturn]] void serialization_failure(const std::string& why) {
  throw Error(sqlstate::serialization_failure, "could not serialize access: " + why);
}

std::vector<engine::StoredRow> stored_rows(const State& state, const engine::Table& table) {
  std::vector<engine::StoredRow> rows;
  auto found = state.rows.find(table.name);
  if (found == state.rows.end()) return rows;
  for (const auto& [key, version] : found->second)
    rows.push_back({key, version.columns});
  return rows;
}

TransactionId writer_of(const State& state, const std::string& table, const std::string& key) {
  const Version* version = state.row(table, key);
  return version ? version->writer : 0;
}

} // namespace

const Version* State::row(const std::string& table, const std::string& key) const {
  auto found = rows.find(table);
  if (found == rows.end()) return nullptr;
  auto version = found->second.find(key);
  return version == found->second.end() ? nullptr : &version->second;
}

MemoryDatabase::MemoryDatabase(TablesOf tables_of) : m_tables_of(std::move(tables_of)) {}

void MemoryDatabase::install(const engine::Module& module) {
  MemorySession session(*this);
  session.begin();
  session.create_module(module, true);
  session.commit();
}

void MemoryDatabase::edit(const std::function<void(State&)>& change) {
  auto next = std::make_shared<State>(*m_state);
  change(*next);
  m_state = std::move(next);
}

MemorySession::~MemorySession() {
  if (m_in_transaction) rollback();
}

// -- transactions

void MemorySession::begin(Isolation isolation) {
  assert(!m_in_transaction);
  m_in_transaction = true;
  m_isolation = isolation;
  m_transaction = 0;
  m_snapshot = m_database.m_state;
  materialise();
}

void MemorySession::statement() {
  refresh();
  m_statement_start = m_writes.size();
  m_writing = false;
}

void MemorySession::savepoint() {
  m_savepoint = m_writes.size();
}

void MemorySession::rollback_to() {
  assert(m_savepoint);
  truncate(*m_savepoint);
  release_locks_from(*m_savepoint);
  m_writing = false;
  if (!m_database.rules.lock_survives_rollback_to && is_writer()) m_database.m_writer = nullptr;
}

void MemorySession::commit() {
  auto next = std::make_shared<State>(*m_database.m_state);
  for (const Write& change : m_writes)
    change(*next);
  if (m_transaction) next->finished.insert(m_transaction);
  m_database.m_state = std::move(next);
  end();
}

void MemorySession::rollback() {
  if (m_transaction) m_database.edit([&](State& state) { state.finished.insert(m_transaction); });
  end();
}

void MemorySession::fail() {
  if (m_savepoint)
    rollback_to();
  else
    rollback();
}

void MemorySession::undo_statement() {
  truncate(m_statement_start);
}

void MemorySession::end() {
  release_locks_from(0);
  if (is_writer()) m_database.m_writer = nullptr;
  m_writes.clear();
  m_savepoint.reset();
  m_awaited.clear();
  m_transaction = 0;
  m_writing = false;
  m_in_transaction = false;
  m_statement_start = 0;
}

void MemorySession::refresh() {
  if (m_isolation == Isolation::repeatable_read) return;
  m_snapshot = m_database.m_state;
  materialise();
}

void MemorySession::materialise() {
  m_view = *m_snapshot;
  for (const Write& change : m_writes)
    change(m_view);
}

State MemorySession::latest() const {
  State state = *m_database.m_state;
  for (const Write& change : m_writes)
    change(state);
  return state;
}

void MemorySession::write(Write change) {
  transaction();
  change(m_view);
  m_writes.push_back(std::move(change));
}

void MemorySession::truncate(std::size_t writes) {
  m_writes.resize(std::min(writes, m_writes.size()));
  materialise();
}

void MemorySession::release_locks_from(std::size_t writes) {
  std::erase_if(m_locks, [&](const Lock& lock) {
    if (lock.after < writes) return false;
    m_database.m_row_locks.erase(lock.row);
    return true;
  });
}

bool MemorySession::could_lock_row(const std::string& table, const std::string& key) const {
  auto found = m_database.m_row_locks.find({table, key});
  return found == m_database.m_row_locks.end() || found->second == this;
}

bool MemorySession::could_lock_all() const {
  return std::all_of(m_awaited.begin(), m_awaited.end(),
                     [&](const RowName& row) { return could_lock_row(row.first, row.second); });
}

void MemorySession::lock_row(const std::string& table, const std::string& key) {
  if (!could_lock_row(table, key)) {
    m_awaited = {{table, key}};
    throw WouldBlock{"row " + key + " of " + table};
  }
  if (repeatable_read() && writer_of(*m_snapshot, table, key) != writer_of(*m_database.m_state, table, key))
    serialization_failure("row " + key + " of " + table + " was changed by another transaction");
  if (m_database.m_row_locks.emplace(RowName(table, key), this).second)
    m_locks.push_back({{table, key}, m_writes.size()});
  transaction();
  refresh();
}

void MemorySession::lock_unique(const engine::Table& table, const Row& columns) {
  auto unique = m_database.unique_columns.find(table.name);
  if (unique == m_database.unique_columns.end()) return;
  lock_row(table.name, unique->second + " = " + columns.get(unique->second).text());
}

void MemorySession::ask(const std::string& what) {
  write([what](State& state) { state.asks.insert(what); });
}

void MemorySession::forget_ask(const std::string& what) {
  write([what](State& state) { state.asks.erase(what); });
}

void MemorySession::forget_asks() {
  write([](State& state) { state.asks.clear(); });
}

// -- engine::Store

std::vector<engine::StoredRow> MemorySession::rows(const engine::Table& table) {
  return stored_rows(m_view, table);
}

std::vector<Entry> MemorySession::registry() {
  std::vector<Entry> entries;
  for (const auto& [key, entry] : m_view.registry)
    entries.push_back(entry);
  return entries;
}

std::set<IntentId> MemorySession::marks() {
  return m_database.rules.marks_by_snapshot ? m_view.marks : latest().marks;
}

bool MemorySession::finished(TransactionId transaction) {
  const State& judge = m_database.rules.finished_by_snapshot ? *m_snapshot : *m_database.m_state;
  return judge.finished.contains(transaction);
}

TransactionId MemorySession::transaction() {
  if (!m_transaction) m_transaction = m_database.m_next_transaction++;
  return m_transaction;
}

Row MemorySession::account() {
  return {{"account_id", "123456789012"}, {"access_key_id", "AKIASIMULATED"}, {"region", m_database.regions[0].name}};
}

void MemorySession::begin_writing(engine::Writing) {
  transaction();
  if (!could_lock_writer()) {
    m_awaited.clear();
    throw WouldBlock{"the writer's lock"};
  }
  m_database.m_writer = this;
  refresh();
  if (repeatable_read()) {
    if (m_database.rules.epoch && m_snapshot->epoch != m_database.m_state->epoch)
      serialization_failure("another session has applied or synchronised since this transaction's snapshot");
    for (const engine::Intent& intent : m_database.m_journal.intents)
      if (m_database.rules.rr_guard && intent.transaction != m_transaction &&
          !m_snapshot->finished.contains(intent.transaction))
        serialization_failure("the journal has a record that this transaction's snapshot does not see as finished");
  }
  m_writing = true;
  write([id = m_transaction](State& state) { state.epoch = id; });
  m_when_planned = latest();
}

void MemorySession::lock_rows(const engine::Table& table, const std::vector<std::string>& keys) {
  std::vector<RowName> taken;
  for (const std::string& key : keys)
    if (!could_lock_row(table.name, key)) taken.emplace_back(table.name, key);
  if (!taken.empty()) {
    m_awaited = taken;
    throw WouldBlock{"rows of " + table.name};
  }
  for (const std::string& key : keys)
    lock_row(table.name, key);
  refresh();
  m_when_planned = latest();
}

std::vector<engine::StoredRow> MemorySession::latest_rows(const engine::Table& table) {
  if (!m_database.rules.latest_rows_are_latest) return rows(table);
  m_when_planned = latest();
  return stored_rows(m_when_planned, table);
}

void MemorySession::put_entry(const Entry& entry) {
  write([entry](State& state) { state.registry[key_of(entry)] = entry; });
}

void MemorySession::drop_entry(const Entry& entry) {
  write([key = key_of(entry)](State& state) { state.registry.erase(key); });
}

void MemorySession::mark(IntentId intent) {
  write([intent](State& state) { state.marks.insert(intent); });
}

std::string MemorySession::insert_row(const engine::Table& table, const Row& columns, const std::string& key) {
  std::string new_key = key;
  Row row = columns;
  const engine::Column* key_column = table.primary_key.empty() ? nullptr : table.column(table.primary_key);
  const bool counted = !key_column || key_column->type == "integer";
  if (new_key.empty() && !counted) new_key = columns.get(table.primary_key).text();
  if (new_key.empty()) new_key = std::to_string(100 + ++m_database.m_sequences[table.name]);
  lock_row(table.name, new_key);
  lock_unique(table, columns);
  auto unique = m_database.unique_columns.find(table.name);
  for (const engine::StoredRow& other : stored_rows(latest(), table))
    if (other.key == new_key ||
        (unique != m_database.unique_columns.end() && other.columns.get(unique->second) == columns.get(unique->second)))
      throw Error("23505", "duplicate key value violates unique constraint of table \"" + table.name + "\"");
  if (key_column) row.set(table.primary_key, counted ? Value(std::stoi(new_key)) : Value(new_key));
  for (const engine::Column& column : table.columns)
    if (!row.find(column.name)) row.set(column.name, nullptr);
  write([table = table.name, new_key, version = Version{row, transaction()}](State& state) {
    state.rows[table][new_key] = version;
  });
  return new_key;
}

void MemorySession::update_row(const engine::Table& table, const std::string& key, const Row& columns) {
  lock_row(table.name, key);
  const Version* old = m_view.row(table.name, key);
  if (!old) return;
  Version version{old->columns, transaction()};
  for (const auto& [column, value] : columns)
    version.columns.set(column, value);
  write([table = table.name, key, version](State& state) { state.rows[table][key] = version; });
}

void MemorySession::delete_row(const engine::Table& table, const std::string& key) {
  lock_row(table.name, key);
  if (const Version* old = m_view.row(table.name, key)) lock_unique(table, old->columns);
  write([table = table.name, key](State& state) { state.rows[table].erase(key); });
}

void MemorySession::confirm() {
  write([](State& state) { state.confirmed = true; });
}

engine::Catalogue MemorySession::catalogue_with(const std::vector<const engine::Module*>& modules) {
  const std::size_t writes = m_writes.size();
  for (const engine::Module* module : modules)
    create_module(*module, true);
  engine::Catalogue catalogue = m_view.catalogue;
  truncate(writes);
  return catalogue;
}

void MemorySession::create_module(const engine::Module& module, bool named) {
  std::vector<engine::Table> tables = m_database.m_tables_of(module);
  for (engine::Table& table : tables) {
    table.module = module.name;
    table.oid = m_database.m_next_oid++;
    m_database.m_sequences.erase(table.name);
  }
  write([tables, installed = engine::InstalledModule{module.name, module.version, named}](State& state) {
    state.catalogue.modules.push_back(installed);
    for (const engine::Table& table : tables)
      state.catalogue.tables[table.name] = table;
  });
}

void MemorySession::drop_module(const engine::Module& module) {
  write([name = module.name](State& state) {
    std::erase_if(state.catalogue.modules, [&](const auto& installed) { return installed.name == name; });
    std::erase_if(state.catalogue.tables, [&](const auto& named) {
      if (named.second.module != name) return false;
      state.rows.erase(named.first);
      std::erase_if(state.registry, [&](const auto& entry) { return entry.second.table == named.first; });
      return true;
    });
  });
}

std::vector<std::string> MemorySession::existing(const std::vector<std::string>& names) {
  std::vector<std::string> found;
  for (const std::string& name : names)
    if (m_view.catalogue.tables.contains(name)) found.push_back(name);
  return found;
}

// -- engine::Journal

IntentId MemorySession::intend(const engine::Intent& intent) {
  m_database.m_journal.intents.push_back(intent);
  auto& written = m_database.m_journal.intents.back();
  written.id = static_cast<IntentId>(m_database.m_journal.intents.size());
  return written.id;
}

void MemorySession::conclude(const engine::Outcome& outcome) {
  m_database.m_journal.outcomes.push_back(outcome);
}

} // namespace iasql::simulation
