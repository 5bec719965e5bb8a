#include "hosting/running_server.hpp"

#include "hosting/failure.hpp"

#include <unistd.h>

namespace iasql::hosting {

RunningServer running_server(const DataFolder& folder) {
  RunningServer server{.cluster = Cluster(folder), .state = read_state(folder)};
  if (!is_running(server.state.postgres)) {
    std::string hint = "`iasql up -d` starts it.";
    if (geteuid() != 0 && is_running(read_state({"/var/lib/iasql"}).postgres))
      hint = "Root has one, with its data in /var/lib/iasql: use sudo.";
    throw Failure("no server runs with its data in " + folder.root.string(), hint, Reason::not_running);
  }
  return server;
}

} // namespace iasql::hosting
