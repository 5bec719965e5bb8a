#pragma once

// The registry's entries and the journal's records, as values (journal.md's words).

#include "engine/resource.hpp"
#include "net/environment.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iasql::engine {

using TransactionId = std::uint64_t; // PostgreSQL's xid8
using IntentId = std::int64_t;

// Base: one for each object we know. Key: (region, table, cloud id); the account is the database's.
struct Entry {
  std::string table;
  std::string region; // or "global"
  std::string cloud_id;
  std::uint32_t table_oid = 0; // the incarnation of the table that `row_key` belongs to
  std::string row_key;         // the row's primary key as text; "" when no row was ever paired
  Row attributes;              // columns as last read or written; references as cloud ids
  bool is_protected = false;
  bool created_here = false; // by this database; others had existed before or were adopted

  friend bool operator==(const Entry&, const Entry&) = default;
};

enum class Effect { create, update, remove };

struct Intent {
  IntentId id = 0; // given by the journal
  TransactionId transaction = 0;
  net::Time time;
  std::string role; // who asked
  Effect effect = Effect::create;
  std::string table, region;
  std::uint32_t table_oid = 0;
  std::string row_key;  // the row's primary key as text; "" for a remove without a row
  std::string cloud_id; // "" for a create
  std::string description;
  Row columns; // what is sent, by column; references as cloud ids
  std::string service, operation;
  std::string token;     // of a create: hidden tag and idempotency token
  bool adoption = false; // an update that takes over an object which base did not hold
  // Of a create that is the first half of a replace: cloud id of the object that is still there and goes next, or "".
  std::string replaced;
};

enum class Result { created, updated, removed, nothing };

struct Outcome {
  IntentId intent = 0;
  net::Time time;
  Result result = Result::nothing; // nothing: no effect, `error` says why
  std::string cloud_id;
  Row columns; // the sent columns as AWS has them now, and outputs
  std::string request_id;
  std::string error;
};

struct Records {
  std::vector<Intent> intents;   // by id
  std::vector<Outcome> outcomes; // in the order they were concluded
};

} // namespace iasql::engine
