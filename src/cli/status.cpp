#include "cli/commands.hpp"
#include "cli/console_process.hpp"
#include "cli/terminal.hpp"
#include "hosting/build_paths.hpp"
#include "hosting/failure.hpp"
#include "hosting/hosting.hpp"
#include "hosting/running_server.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

void status(const DataFolder& folder) {
  const auto state = read_state(folder);
  const bool postgres = is_running(state.postgres), emulator = is_running(state.emulator);
  std::cout << "iasql         " << program_version << "\n";
  if (postgres) {
    const Cluster cluster(folder);
    Hosting hosting([&](const std::string& name) { return cluster.connect(state.postgres->port, name); });
    auto database = cluster.connect(state.postgres->port, bookkeeping_database);
    const auto bytes = *database.query("SELECT sum(pg_database_size(oid)) FROM pg_database").at(0)[0];
    std::cout << "PostgreSQL    running, 127.0.0.1:" << state.postgres->port << ", version " << cluster.version()
              << ", process " << state.postgres->process.id << "\n"
              << "Databases     " << hosting.list().size() << " connected, " << readable_size(std::stoll(bytes))
              << " in all\n";
  } else {
    std::cout << "PostgreSQL    stopped\n";
  }
  if (emulator)
    std::cout << "AWS emulator  running, process " << state.emulator->process.id << "\n"
              << "              AWS_ENDPOINT_URL=" << emulator_url(*state.emulator) << "\n";
  else
    std::cout << "AWS emulator  stopped\n";
  if (is_running(state.console))
    std::cout << "Console       " << console_url(*state.console) << ", process " << state.console->process.id << "\n";
  else
    std::cout << "Console       stopped\n";
  std::cout << "Data          " << folder.root.string() << std::endl;
  if (!postgres) running_server(folder); // says so, with the exit status for it
}

} // namespace

void add_status(CLI::App& program) {
  auto data = std::make_shared<std::string>();
  auto* command = program.add_subcommand("status", "Show what runs, ports, versions and sizes");
  add_data_option(*command, *data);
  command->callback([data] { status(data_folder(*data)); });
}

} // namespace iasql::cli
