#pragma once

// Hosted databases: one for one AWS account, each with a login role of its own that owns it. A database of the cluster
// keeps the list, so that what a crash left half made is found and removed by the next command.

#include "credentials/sealed.hpp"
#include "hosting/cluster.hpp"
#include "hosting/database.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace iasql::hosting {

struct HostedDatabase {
  std::string name, role, account_id, region, created;
  std::optional<std::string> alias;
  long long bytes = 0;
};

// An AWS key that was found good, and where it is for.
struct Account {
  std::string account_id, region;
  credentials::AccessKey key;
  std::string endpoint_url; // "" for AWS itself, else an emulator's
};

// What the operator is shown once.
struct Login {
  std::string role, password, database;
};

class Hosting {
public:
  // The cluster must run on that port. Makes its own database and tables where they are missing, keeps strangers out
  // of the cluster's other databases, and removes what a dead command left half made.
  Hosting(const Cluster& cluster, int port);

  // Makes a database and its role, connects the account, and hands over the login. On failure nothing of it is left,
  // and where this process dies before hand_over returns, the next command removes it: nobody has a use for a database
  // whose password was never shown. Throws Failure, DatabaseError, and what hand_over throws.
  void make(const Account& account, const std::optional<std::string>& alias,
            const std::function<void(const Login&)>& hand_over);
  std::vector<HostedDatabase> list();
  // By name or alias. Throws Failure where there is none, naming the nearest.
  HostedDatabase find(const std::string& name_or_alias);
  // Drops database and role, also while clients are connected.
  void remove(const HostedDatabase& database);
  // Databases of an emulator that now listens elsewhere.
  void move_endpoint(const std::string& from, const std::string& to);
  // How many databases have that endpoint.
  long long count(const std::string& endpoint_url);

private:
  void require_unused(const std::string& alias);
  void drop(const std::string& name, const std::string& role);
  void remove_leftovers();
  const Cluster& m_cluster;
  int m_port;
  Database m_database;
};

// Makes the extension in the database that the connection is to, where it is missing, and connects the account to it.
void connect_account(Database& database, const Account& account);

} // namespace iasql::hosting
