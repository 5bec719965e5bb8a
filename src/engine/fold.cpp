#include "engine/fold.hpp"

#include <algorithm>

namespace iasql::engine {

ObjectKey key_of(const Entry& entry) {
  return {entry.table, entry.region, entry.cloud_id};
}

Base::Base(const std::vector<Entry>& registry) {
  for (const Entry& entry : registry)
    put(entry);
}

const Entry* Base::find(const ObjectKey& key) const {
  auto found = m_entries.find(key);
  return found == m_entries.end() ? nullptr : &found->second;
}

Entry* Base::find(const ObjectKey& key) {
  return const_cast<Entry*>(std::as_const(*this).find(key));
}

const Entry* Base::find(const std::string& table, const std::string& region, const std::string& cloud_id) const {
  const Entry* regional = find(ObjectKey{table, region, cloud_id});
  return regional ? regional : find(ObjectKey{table, "global", cloud_id});
}

const Entry* Base::find_by(const std::string& table, const std::string& column, const std::string& region,
                           const Value& value) const {
  if (column.empty()) return find(table, region, value.text());
  for (const Entry* entry : of(table))
    if ((entry->region == region || entry->region == "global") && entry->attributes.get(column) == value) return entry;
  return nullptr;
}

std::vector<const Entry*> Base::of(const std::string& table) const {
  std::vector<const Entry*> entries;
  for (auto here = m_entries.lower_bound(ObjectKey{table, "", ""});
       here != m_entries.end() && here->first.table == table; ++here)
    entries.push_back(&here->second);
  return entries;
}

void Base::put(Entry entry) {
  ObjectKey key = key_of(entry);
  m_entries.insert_or_assign(std::move(key), std::move(entry));
}

void Base::drop(const ObjectKey& key) {
  m_entries.erase(key);
}

IdentityColumns identity_columns(const std::vector<Module>& modules) {
  return [&modules](const std::string& table) -> std::vector<std::string> {
    for (const Module& module : modules)
      for (const Resource& resource : module.resources)
        if (resource.table == table) return resource.identity;
    return {};
  };
}

namespace {

bool same_identity(const Entry& left, const Entry& right, const std::vector<std::string>& columns) {
  return !columns.empty() && left.region == right.region &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return left.attributes.get(column) == right.attributes.get(column);
         });
}

bool same_row(const Entry& left, const Entry& right) {
  return !left.row_key.empty() && left.row_key == right.row_key && left.table_oid == right.table_oid;
}

} // namespace

bool is_left_behind(const Entry& created, const Entry& other) {
  return same_row(other, created) && other.region != created.region;
}

bool supersedes(const Entry& created, const Entry& other, const IdentityColumns& identity) {
  return same_identity(other, created, identity(created.table)) ||
         (same_row(other, created) && !is_left_behind(created, other));
}

void fold_outcome(Base& base, const Intent& intent, const Outcome& outcome, const IdentityColumns& identity) {
  ObjectKey key{intent.table, intent.region, outcome.cloud_id};
  switch (outcome.result) {
  case Result::created: {
    Entry created{.table = intent.table,
                  .region = intent.region,
                  .cloud_id = outcome.cloud_id,
                  .table_oid = intent.table_oid,
                  .row_key = intent.row_key,
                  .attributes = intent.columns,
                  .created_here = true};
    for (const auto& [column, value] : outcome.columns)
      created.attributes.set(column, value);
    // An entry of the same identity or row is of an object that this one stands in for: it is no longer there to
    // delete.
    // Only the first half of a replace leaves the old one where it is, without its row: it is still to be deleted.
    for (const Entry* other : base.of(intent.table)) {
      if (is_left_behind(created, *other)) base.find(key_of(*other))->row_key.clear();
      if (!supersedes(created, *other, identity)) continue;
      if (other->cloud_id == intent.replaced && other->region == intent.region)
        base.find(key_of(*other))->row_key.clear();
      else
        base.drop(key_of(*other));
    }
    base.put(std::move(created));
    break;
  }
  case Result::updated:
    // Without an entry the object was never ours: an entry made now would plan its deletion. The next sync imports it.
    if (Entry* entry = base.find(key))
      for (const auto& [column, value] : outcome.columns)
        entry->attributes.set(column, value);
    break;
  case Result::removed:
    base.drop(key);
    break;
  case Result::nothing:
    break;
  }
}

Folded fold(const std::vector<Entry>& registry, const Records& records, const std::set<IntentId>& marks,
            const std::function<bool(TransactionId)>& is_over, const IdentityColumns& identity) {
  Folded folded{.base = Base(registry), .concluded = {}, .in_doubt = {}, .running = {}};
  std::map<IntentId, const Intent*> open;
  std::map<TransactionId, bool> over;
  for (const Intent& intent : records.intents) {
    if (marks.contains(intent.id)) continue;
    auto [known, is_new] = over.try_emplace(intent.transaction, false);
    if (is_new) known->second = is_over(intent.transaction);
    if (known->second)
      open.emplace(intent.id, &intent);
    else
      folded.running.push_back(intent);
  }
  for (const Outcome& outcome : records.outcomes) {
    auto found = open.find(outcome.intent);
    if (found == open.end()) continue;
    fold_outcome(folded.base, *found->second, outcome, identity);
    folded.concluded.push_back(outcome.intent);
    open.erase(found);
  }
  for (const auto& [id, intent] : open)
    folded.in_doubt.push_back(*intent);
  return folded;
}

} // namespace iasql::engine
