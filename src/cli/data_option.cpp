#include "cli/commands.hpp"

namespace iasql::cli {

void add_data_option(CLI::App& command, std::string& data) {
  command
      .add_option("--data", data,
                  "Folder with the server's data (as root /var/lib/iasql, else ~/.local/share/iasql; or $IASQL_DATA)")
      ->envname("IASQL_DATA")
      ->type_name("DIR");
}

} // namespace iasql::cli
