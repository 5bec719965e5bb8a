#include "cli/commands.hpp"
#include "cli/failure.hpp"

#include <unistd.h>

namespace iasql::cli {

void add_data_option(CLI::App& command, std::string& data) {
  command
      .add_option("--data", data,
                  "Folder with the server's data (as root /var/lib/iasql, else ~/.local/share/iasql; or $IASQL_DATA)")
      ->envname("IASQL_DATA")
      ->type_name("DIR");
}

RunningServer running_server(const DataFolder& folder) {
  RunningServer server{.cluster = Cluster(folder), .state = read_state(folder)};
  if (!is_running(server.state.postgres)) {
    std::string hint = "`iasql up -d` starts it.";
    if (geteuid() != 0 && is_running(read_state({"/var/lib/iasql"}).postgres))
      hint = "Root has one, with its data in /var/lib/iasql: use sudo.";
    throw Failure("no server runs with its data in " + folder.root.string(), hint, ExitStatus::not_running);
  }
  return server;
}

} // namespace iasql::cli
