#pragma once

// The private PostgreSQL cluster: made, started, stopped. TCP on 127.0.0.1 is for tenants (SCRAM); the operator comes
// through a socket in a folder that only he and PostgreSQL may enter, as superuser without a password.

#include "hosting/data_folder.hpp"
#include "hosting/database.hpp"
#include "hosting/state.hpp"

#include <string>

namespace iasql::hosting {

// Not `iasql`: a role's own name is first on its search_path, and the extension's schema belongs on nobody's.
inline constexpr const char* superuser = "iasql_operator";

class Cluster {
public:
  explicit Cluster(DataFolder folder);

  bool exists() const;
  // initdb, configuration and key; whole or not there at all. Throws Failure.
  void make() const;
  // Starts it on that port and waits until it takes connections. Throws Failure with the end of its log.
  Listener start(int port) const;
  // A cluster that runs though state.json does not say so (its writer was killed); nothing where there is none.
  std::optional<Listener> running() const;
  // Disconnects everybody and waits until it is down. Throws Failure.
  void stop() const;
  // "15.20"
  std::string version() const;

  // As superuser through the private socket. Throws DatabaseError.
  Database connect(int port, const std::string& database) const;

private:
  std::string program(const std::string& name) const;
  DataFolder m_folder;
};

} // namespace iasql::hosting
