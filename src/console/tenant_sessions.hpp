#pragma once

// Sessions in a hosted database with no more rights than its owner has.
//
// What runs in one of these may be hostile: the text of the query box, a trigger of a table that apply reads. So the
// session's own user, to which RESET ROLE and RESET SESSION AUTHORIZATION go back, must not be a superuser: SET ROLE
// alone would be undone by `DO $$ BEGIN EXECUTE 'RESET ROLE'; … $$`. And the owner's password is not known here. So
// each hosted database has a second login role, "<owner>_console": member of the owner's role and of nothing else, with
// a random password that only this process knows, new each time it starts. A session logs in as that role and then
// takes the owner's: whatever SQL does to go back, it ends as a role that can do what the owner can, and no more.

#include "credentials/locked_bytes.hpp"
#include "hosting/hosting.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace iasql::console {

class TenantSessions {
public:
  // Gives the role of a database's sessions another password. Throws Failure, DatabaseError.
  using RenewPassword = std::function<std::string(const std::string& database)>;
  // And where tenants reach the server.
  TenantSessions(RenewPassword renew_password, std::string host, int port)
      : m_renew_password(std::move(renew_password)), m_host(std::move(host)), m_port(port) {}

  // Throws DatabaseError.
  hosting::Database connect(const hosting::HostedDatabase& database);

private:
  hosting::Database log_in(const hosting::HostedDatabase& database, std::string_view password);
  const RenewPassword m_renew_password;
  const std::string m_host;
  const int m_port;
  std::mutex m_mutex;
  std::map<std::string, credentials::LockedBytes> m_passwords; // by role
};

} // namespace iasql::console
