#pragma once

// Folding: the registry as the transaction sees it, plus what the journal knows and the registry does not (journal.md,
// "Folding" ). Pure; a plan uses the result in memory only, apply and sync also write it down.

#include "engine/bind.hpp"
#include "engine/records.hpp"

#include <compare>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace iasql::engine {

struct ObjectKey {
  std::string table, region, cloud_id;
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

ObjectKey key_of(const Entry& entry);

// What the cloud was when last read or written.
class Base {
public:
  Base() = default;
  explicit Base(const std::vector<Entry>& registry);

  const Entry* find(const ObjectKey& key) const;
  Entry* find(const ObjectKey& key);
  // The entry of a table's object by its cloud id, in that region or global; nullptr where there is none.
  const Entry* find(const std::string& table, const std::string& region, const std::string& cloud_id) const;
  // As find(), where the object is named by the value of a column instead of its cloud id ("": its cloud id).
  const Entry* find_by(const std::string& table, const std::string& column, const std::string& region,
                       const Value& value) const;
  std::vector<const Entry*> of(const std::string& table) const;
  void put(Entry entry);
  void drop(const ObjectKey& key);
  const std::map<ObjectKey, Entry>& entries() const { return m_entries; }

private:
  std::map<ObjectKey, Entry> m_entries;
};

struct Folded {
  Base base;
  std::vector<IntentId> concluded; // outcomes that this fold has taken in and that want a mark
  std::vector<Intent> in_doubt;    // without outcome, their transaction is over (or the caller's own)
  std::vector<Intent> running;     // of an unfinished transaction of another session
};

// The columns that identify an object of a table; empty where nothing but the cloud id does.
using IdentityColumns = std::function<std::vector<std::string>(const std::string& table)>;
IdentityColumns identity_columns(const std::vector<Module>& modules);

// `is_over` says whether a transaction counts as finished, by the snapshot that read registry and marks; the caller's
// own counts as over.
Folded fold(const std::vector<Entry>& registry, const Records& records, const std::set<IntentId>& marks,
            const std::function<bool(TransactionId)>& is_over, const IdentityColumns& identity);

// Whether a new object is a row's in another region than an entry of that row: what the row left behind, still to be
// deleted, and no longer the row's.
bool is_left_behind(const Entry& created, const Entry& other);

// Whether a new object leaves no room for another entry: it has the same identity or stands for the same row.
bool supersedes(const Entry& created, const Entry& other, const IdentityColumns& identity);

// One outcome's effect on base.
void fold_outcome(Base& base, const Intent& intent, const Outcome& outcome, const IdentityColumns& identity);

} // namespace iasql::engine
