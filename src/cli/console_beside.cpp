#include "cli/console_beside.hpp"

#include "hosting/failure.hpp"
#include "hosting/identity.hpp"
#include "hosting/running_server.hpp"

#include <unistd.h>

namespace iasql::cli {

using namespace hosting;

Beside server_of_up(const DataFolder& folder) {
  const auto running = running_server(folder);
  return {.connect = [running](const std::string& database) { return running.connect(database); },
          .host = "127.0.0.1",
          .port = running.port(),
          .emulator_url =
              [folder] {
                const auto state = read_state(folder);
                return is_running(state.emulator) ? emulator_url(*state.emulator) : std::string();
              },
          .servers_own_key = [folder] { return servers_own_credentials(folder); }};
}

// A cluster that somebody else made and its administrator points at.
Beside cluster_elsewhere(const std::string& connection_string) {
  if (geteuid() == 0)
    throw Failure("beside a cluster of your own the console does not run as root",
                  "Run it as a user who may log in there as superuser, such as postgres.", Reason::usage);
  Database database(connection_string);
  if (database.query("SELECT current_setting('is_superuser')").at(0)[0] != "on")
    throw Failure("user " + *database.query("SELECT current_user").at(0)[0] + " of that cluster is no superuser",
                  "Only one can make databases with the extension.");
  if (database.query("SELECT FROM pg_available_extensions WHERE name = 'iasql'").empty())
    throw Failure("the extension iasql is not installed on that server", "Install its package there.");
  if (!database.query("SELECT current_setting('iasql.key_file', true)").at(0)[0])
    throw Failure(
        "that server has not loaded iasql",
        "Set shared_preload_libraries = 'iasql' and iasql.key_file in its postgresql.conf, and start it anew.");
  const auto address = database.address();
  return {.connect = [connection_string](const std::string& name) { return Database(connection_string, name); },
          .host = address.first,
          .port = address.second,
          .emulator_url = [] { return std::string(); },
          .servers_own_key = []() -> aws::Credentials {
            throw Failure("roles are assumed by a server that `iasql up` made",
                          "Connect the account with an access key.");
          }};
}

} // namespace iasql::cli
