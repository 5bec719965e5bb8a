#include "console/tenant_sessions.hpp"

namespace iasql::console {

hosting::Database TenantSessions::log_in(const hosting::HostedDatabase& database, std::string_view password) {
  hosting::Database session({{"host", m_host},
                             {"port", std::to_string(m_port)},
                             {"user", hosting::console_role(database.role)},
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
  const auto password = m_renew_password(database.name);
  m_passwords.insert_or_assign(database.role, credentials::LockedBytes(std::string_view(password)));
  return log_in(database, password);
}

} // namespace iasql::console
