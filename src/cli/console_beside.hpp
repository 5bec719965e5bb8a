#pragma once

#include "aws/credentials.hpp"
#include "hosting/data_folder.hpp"
#include "hosting/hosting.hpp"

#include <functional>
#include <string>

namespace iasql::cli {

// What the console stands beside: PostgreSQL, and what else of the server it needs.
struct Beside {
  hosting::Hosting::Connect connect; // as superuser
  std::string host;                  // where PostgreSQL takes connections
  int port = 0;
  std::function<std::string()> emulator_url; // "" where none runs
  std::function<aws::Credentials()> servers_own_key;
};

// A server that `iasql up` made. Throws Failure (not_running).
Beside server_of_up(const hosting::DataFolder& folder);

// A cluster that somebody else made, to which this connection string, of a superuser, leads. Throws Failure that says
// what it lacks, DatabaseError.
Beside cluster_elsewhere(const std::string& connection_string);

} // namespace iasql::cli
