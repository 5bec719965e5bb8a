#pragma once

#include "hosting/cluster.hpp"
#include "hosting/data_folder.hpp"
#include "hosting/state.hpp"

namespace iasql::hosting {

// A server that runs, for the commands that need one.
struct RunningServer {
  Cluster cluster;
  State state;
  int port() const { return state.postgres->port; }
  // The operator's connection to a database of it. Throws DatabaseError.
  Database connect(const std::string& database) const { return cluster.connect(port(), database); }
};
// Throws Failure (not_running).
RunningServer running_server(const DataFolder& folder);

} // namespace iasql::hosting
