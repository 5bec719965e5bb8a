#pragma once

// SQL statements as synchronous leaves: connect SPI, statement, copy the result into C++ values, finish. Values travel
// as text and JSON. Includes nothing of PostgreSQL.

#include "extension/pg/call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::pg {

using Oid = std::uint32_t;

// As whom a statement runs. All but `caller` run with search_path = pg_catalog, pg_temp (but see `database_owner`),
// row_security = off, time zone UTC and ISO dates, so name every object in full.
struct As {
  enum class Who {
    caller,          // whoever called, settings untouched
    extension_owner, // owner of schema iasql: statements on that schema and the catalogue alone
    table_owner,     // owner of a table, in a security-restricted context: statements on that table alone
    database_owner,  // owner of the database, restricted, search_path = public, pg_temp: DDL in schema public
  };
  Who who = Who::caller;
  Oid table = 0;
  std::string_view table_name = {};
};
inline constexpr As as_caller{As::Who::caller};
inline constexpr As as_extension_owner{As::Who::extension_owner};
inline constexpr As as_database_owner{As::Who::database_owner};
// The table is locked first, until the transaction ends, so that the name in the statement means that very table and
// nobody can put a view or another owner's table in its place. Error (table_changed) where it is no longer an ordinary
// table public.`name`, or belongs to a superuser in a database whose owner is none. `name` must outlive the statement.
constexpr As as_table_owner(Oid table, std::string_view name) {
  return {As::Who::table_owner, table, name};
}

class Snapshot;

enum class Sees {
  own,    // an ordinary statement: fresh snapshot in READ COMMITTED, the transaction's otherwise; may write
  latest, // what is committed right now, whatever the isolation level; reads only
  held,   // the snapshot that `held` holds, and what this transaction wrote; may write
};

struct Statement {
  std::string text; // parameters are $1, $2, …; all of type text unless cast: $1::bigint
  std::vector<std::optional<std::string>> parameters = {};
  As as = {};
  Sees sees = Sees::own;
  const Snapshot* held = nullptr; // for Sees::held
  // A subtransaction for what a user's constraint or trigger may refuse while the rest goes on. Not for our own
  // statements: thousands of them in a transaction would make every other session's snapshots slow.
  Guard guard = Guard::none;
};

using TextRow = std::vector<std::optional<std::string>>; // a column each: its text output, or nothing for NULL

struct Rows {
  std::vector<TextRow> rows;
  std::uint64_t processed = 0; // rows returned or written
};

// Runs the statement. Several of them separated by semicolons run one after the other where there are no parameters.
// Throws DatabaseError (pg/call.hpp), after which the transaction can go on only where there was a subtransaction.
Rows run(const Statement& statement);

// The snapshot with which rows, registry and marks are read; released by the destructor. Lives within one call of an
// SQL function.
class Snapshot {
public:
  Snapshot(); // the transaction's (READ COMMITTED: a fresh one)
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  void refresh(); // READ COMMITTED: a fresh one; otherwise nothing changes
  // Whether the transaction (xid8) is over as this snapshot sees it; the calling one never is.
  bool finished(std::uint64_t transaction) const;

private:
  friend Rows run(const Statement&);
  void release() noexcept;
  void* m_snapshot = nullptr;
  void* m_owner = nullptr;
};

// "a""b"; always quoted.
std::string quoted(std::string_view identifier);
// 'it''s'; for DDL alone, values elsewhere are parameters.
std::string literal(std::string_view text);
// {"a","b\"c"}: an array of text, or of any type whose elements have that text.
std::string array_text(const std::vector<std::string>& elements);

} // namespace iasql::pg
