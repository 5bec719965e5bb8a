#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "hosting/failure.hpp"
#include "hosting/hosting.hpp"
#include "hosting/running_server.hpp"

#include <memory>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

struct Options {
  std::string data, name;
  bool yes = false;
};

void disconnect(const Options& options) {
  const auto server = running_server(data_folder(options.data));
  Hosting hosting([&](const std::string& database) { return server.connect(database); });
  const auto database = hosting.find(options.name);
  if (!options.yes && !confirm("Remove database " + database.name + " (" + readable_size(database.bytes) +
                               ") and its user " + database.role + "? Nothing in AWS is touched."))
    throw Failure("nothing was removed", "--yes answers the question.");
  hosting.remove(database);
  say("removed database " + database.name + " and its user; what is in account " + database.account_id +
      " is untouched");
}

} // namespace

void add_disconnect(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("disconnect", "Remove a connected database and its user; never touches AWS");
  add_data_option(*command, options->data);
  command->add_option("name", options->name, "The database's name or alias")->required();
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options] { disconnect(*options); });
}

} // namespace iasql::cli
