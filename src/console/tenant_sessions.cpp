#include "console/tenant_sessions.hpp"

#include "console/token.hpp"

namespace iasql::console {

namespace {

constexpr int most_sessions = 10;

std::string role_of(const hosting::HostedDatabase& database) {
  return database.role + "_console";
}

} // namespace

void TenantSessions::set_password(const hosting::HostedDatabase& database, const std::string& password) {
  auto bookkeeping = m_connect(hosting::bookkeeping_database);
  const auto name = role_of(database);
  const auto role = bookkeeping.identifier(name), owner = bookkeeping.identifier(database.role);
  if (bookkeeping.query("SELECT FROM pg_roles WHERE rolname = $1", {{name}}).empty())
    bookkeeping.query("CREATE ROLE " + role + " NOLOGIN");
  // Whoever runs SQL in one of its sessions may have changed its settings and its password.
  bookkeeping.query("ALTER ROLE " + role + " RESET ALL");
  bookkeeping.query("GRANT " + owner + " TO " + role);
  bookkeeping.query("ALTER ROLE " + role + " LOGIN INHERIT CONNECTION LIMIT " + std::to_string(most_sessions) +
                    " PASSWORD " + bookkeeping.literal(bookkeeping.verifier(name, password)));
}

hosting::Database TenantSessions::log_in(const hosting::HostedDatabase& database, std::string_view password) {
  hosting::Database session({{"host", m_host},
                             {"port", std::to_string(m_port)},
                             {"user", role_of(database)},
                             {"password", std::string(password)},
                             {"dbname", database.name},
                             {"connect_timeout", "10"},
                             {"application_name", "iasql console"}});
  session.query("SET ROLE " + session.identifier(database.role));
  return session;
}

hosting::Database TenantSessions::connect(const hosting::HostedDatabase& database) {
  const std::lock_guard lock(m_mutex);
  const auto known = m_passwords.find(database.role);
  if (known != m_passwords.end()) {
    try {
      return log_in(database, known->second.view());
    } catch (const hosting::DatabaseError& error) {
      if (!error.sqlstate().empty()) throw;
      // Another console may have set another password, or the tenant one of his own: ours once more, and then no more.
    }
  }
  const auto password = random_token();
  set_password(database, password);
  m_passwords.insert_or_assign(database.role, credentials::LockedBytes(std::string_view(password)));
  return log_in(database, password);
}

} // namespace iasql::console
