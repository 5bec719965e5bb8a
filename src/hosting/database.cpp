#include "hosting/database.hpp"

#include <libpq-fe.h>

#include <cstdlib>
#include <string_view>

namespace iasql::hosting {

struct Database::Handle {
  PGconn* connection = nullptr;
  ~Handle() { PQfinish(connection); }
};

namespace {

constexpr Oid bytea_oid = 17; // fixed in PostgreSQL's catalogue

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

DatabaseError error_of(const PGconn* connection, const PGresult* result) {
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) return {without_line_end(PQerrorMessage(connection)), ""};
  if (const auto detail = field(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty()) message += "\n" + detail;
  if (const auto hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty()) message += "\n" + hint;
  return {message, field(result, PG_DIAG_SQLSTATE)};
}

// What ALTER DATABASE … SET, which is the tenant's to say, must not decide for a session of the operator's: whose
// functions unqualified names mean, who we are, whether and for how long we may write, and whether it is on disk then.
constexpr const char* own_settings =
    " -c search_path=pg_catalog,pg_temp -c role=none -c default_transaction_read_only=off"
    " -c default_transaction_isolation=read\\ committed -c statement_timeout=0 -c lock_timeout=0"
    " -c idle_in_transaction_session_timeout=0 -c row_security=on -c standard_conforming_strings=on"
    " -c client_min_messages=warning -c synchronous_commit=on";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

// The options that a connection string, or else the environment, gives: ours come after them.
std::string given_options(const std::string& connection_string) {
  const char* given = std::getenv("PGOPTIONS");
  const Options parsed(PQconninfoParse(connection_string.c_str(), nullptr));
  for (const auto* option = parsed.get(); option && option->keyword; ++option)
    if (std::string_view(option->keyword) == "options" && option->val) return option->val;
  return given ? given : "";
}

void ignore_notice(void*, const PGresult*) {}

void check(PGconn* connection) {
  if (PQstatus(connection) != CONNECTION_OK) throw DatabaseError(without_line_end(PQerrorMessage(connection)), "");
  PQsetNoticeReceiver(connection, ignore_notice, nullptr);
}

} // namespace

Database::Database(const Settings& settings) : m_handle(std::make_unique<Handle>()) {
  std::vector<const char*> names, values;
  for (const auto& [name, value] : settings) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back("options");
  values.push_back(own_settings);
  names.push_back(nullptr);
  values.push_back(nullptr);
  m_handle->connection = PQconnectdbParams(names.data(), values.data(), 0);
  check(m_handle->connection);
}

Database::Database(const std::string& connection_string) : Database(connection_string, "") {}

Database::Database(const std::string& connection_string, const std::string& database)
    : m_handle(std::make_unique<Handle>()) {
  const std::string options = given_options(connection_string) + own_settings;
  // libpq takes the first dbname apart, and a second one as a name that counts unless it is empty.
  const char* const names[] = {"dbname", "dbname", "options", nullptr};
  const char* const values[] = {connection_string.c_str(), database.c_str(), options.c_str(), nullptr};
  m_handle->connection = PQconnectdbParams(names, values, 1);
  check(m_handle->connection);
}

Database::~Database() = default;
Database::Database(Database&&) noexcept = default;

namespace {

Fields fields_of(const PGresult* result, int row) {
  Fields fields;
  for (int column = 0; column < PQnfields(result); ++column) {
    if (PQgetisnull(result, row, column)) {
      fields.emplace_back(std::nullopt);
    } else {
      fields.emplace_back(
          std::string(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))));
    }
  }
  return fields;
}

bool is_success(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

} // namespace

std::vector<Fields> Database::query(const std::string& statement, const std::vector<Parameter>& parameters) {
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const auto& parameter : parameters) {
    const bool bytes = parameter.kind == Parameter::Kind::bytes;
    types.push_back(bytes ? bytea_oid : 0);
    values.push_back(parameter.value.c_str());
    lengths.push_back(static_cast<int>(parameter.value.size()));
    formats.push_back(bytes ? 1 : 0);
  }
  const Result result(PQexecParams(m_handle->connection, statement.c_str(), static_cast<int>(parameters.size()),
                                   types.data(), values.data(), lengths.data(), formats.data(), 0));
  if (!is_success(PQresultStatus(result.get()))) throw error_of(m_handle->connection, result.get());
  std::vector<Fields> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row)
    rows.push_back(fields_of(result.get(), row));
  return rows;
}

Table Database::read(const std::string& statement, std::size_t most_rows, std::size_t most_bytes) {
  auto* connection = m_handle->connection;
  if (!PQsendQueryParams(connection, statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ||
      !PQsetSingleRowMode(connection))
    throw DatabaseError(without_line_end(PQerrorMessage(connection)), "");
  Table table;
  std::size_t bytes = 0;
  std::optional<DatabaseError> failure;
  while (const Result result{PQgetResult(connection)}) {
    if (table.is_cut) continue; // the rest, up to the cancel's error
    const auto status = PQresultStatus(result.get());
    // libpq would go on giving this result for ever; the session is of no use after it.
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
      throw DatabaseError("COPY needs a client of its own, such as psql", "0A000");
    if (!is_success(status)) {
      failure = error_of(connection, result.get());
      continue;
    }
    if (table.columns.empty())
      for (int column = 0; column < PQnfields(result.get()); ++column)
        table.columns.emplace_back(PQfname(result.get(), column));
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      auto fields = fields_of(result.get(), row);
      for (const auto& field : fields)
        bytes += field ? field->size() : 0;
      table.is_cut = table.rows.size() >= most_rows || bytes > most_bytes;
      if (table.is_cut) break;
      table.rows.push_back(std::move(fields));
    }
    if (table.is_cut) cancel();
  }
  if (failure) throw DatabaseError(*failure);
  return table;
}

void Database::cancel() {
  struct FreeCancel {
    void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
  };
  const std::unique_ptr<PGcancel, FreeCancel> request(PQgetCancel(m_handle->connection));
  char reason[256];
  if (request) PQcancel(request.get(), reason, sizeof reason); // where it fails, the statement had better end by itself
}

std::pair<std::string, int> Database::address() const {
  const std::string_view host = PQhost(m_handle->connection);
  const bool is_socket = host.empty() || host[0] == '/' || host[0] == '@';
  return {is_socket ? "127.0.0.1" : std::string(host), std::atoi(PQport(m_handle->connection))};
}

namespace {

std::string taken(PGconn* connection, char* text) {
  if (!text) throw DatabaseError(without_line_end(PQerrorMessage(connection)), "");
  std::string result = text;
  PQfreemem(text);
  return result;
}

} // namespace

std::string Database::identifier(const std::string& name) const {
  return taken(m_handle->connection, PQescapeIdentifier(m_handle->connection, name.data(), name.size()));
}

std::string Database::literal(const std::string& text) const {
  return taken(m_handle->connection, PQescapeLiteral(m_handle->connection, text.data(), text.size()));
}

std::string Database::verifier(const std::string& role, const std::string& password) const {
  return taken(m_handle->connection,
               PQencryptPasswordConn(m_handle->connection, password.c_str(), role.c_str(), "scram-sha-256"));
}

Transaction::Transaction(Database& database) : m_database(database) {
  m_database.query("BEGIN");
}

Transaction::~Transaction() {
  try {
    if (m_open) m_database.query("ROLLBACK");
  } catch (const DatabaseError&) {
    // the connection is gone, and what was not committed with it
  }
}

void Transaction::commit() {
  m_open = false;
  m_database.query("COMMIT");
}

} // namespace iasql::hosting
