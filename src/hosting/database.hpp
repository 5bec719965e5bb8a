#pragma once

// A connection to PostgreSQL over libpq.

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace iasql::hosting {

// The server refused a statement or a connection; what() is its message, with DETAIL and HINT on lines of their own.
class DatabaseError : public std::runtime_error {
public:
  DatabaseError(const std::string& message, std::string sqlstate)
      : std::runtime_error(message), m_sqlstate(std::move(sqlstate)) {}
  const std::string& sqlstate() const { return m_sqlstate; } // "" where the connection failed

private:
  std::string m_sqlstate;
};

// A bound parameter: text, or bytes for a bytea.
struct Parameter {
  enum class Kind { text, bytes };
  std::string value;
  Kind kind = Kind::text;
};

// One row of a result: columns in order, NULL as nothing.
using Fields = std::vector<std::optional<std::string>>;

// A result with its columns' names, of which no more was read than asked for.
struct Table {
  std::vector<std::string> columns;
  std::vector<Fields> rows;
  bool is_cut = false; // there was more
};

class Database {
public:
  using Settings = std::map<std::string, std::string>; // libpq's connection parameters
  // The session's settings are its own, whatever ALTER DATABASE … SET says: search_path is pg_catalog, pg_temp.
  // Throws DatabaseError.
  explicit Database(const Settings& settings);
  // To what a conninfo string or URI says; its own parameters and the environment's fill in what it leaves out.
  explicit Database(const std::string& connection_string);
  // The same, to another database than it names.
  Database(const std::string& connection_string, const std::string& database);
  ~Database();
  Database(Database&&) noexcept;

  // Runs one statement with $1, $2, … bound. Throws DatabaseError.
  std::vector<Fields> query(const std::string& statement, const std::vector<Parameter>& parameters = {});

  // The first rows of what a statement gives: it is cancelled as soon as there are more than `most_rows` or their
  // values have more than `most_bytes` together. Throws DatabaseError.
  Table read(const std::string& statement, std::size_t most_rows, std::size_t most_bytes);
  // Asks the server to stop the statement that another thread runs here; does not wait.
  void cancel();

  // Host and port that it is connected to; where that is a socket of this machine's, 127.0.0.1.
  std::pair<std::string, int> address() const;

  std::string identifier(const std::string& name) const; // quoted, for a statement that takes no parameter there
  std::string literal(const std::string& text) const;
  // The SCRAM-SHA-256 verifier of a password: all that the server ever sees of it.
  std::string verifier(const std::string& role, const std::string& password) const;

private:
  struct Handle;
  std::unique_ptr<Handle> m_handle;
};

// Statements that count together or not at all: rolled back unless committed.
class Transaction {
public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

private:
  Database& m_database;
  bool m_open = true;
};

} // namespace iasql::hosting
