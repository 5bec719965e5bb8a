#include "cli/commands.hpp"
#include "hosting/build_paths.hpp"

#include <iostream>

namespace iasql::cli {

using namespace hosting;

void add_version(CLI::App& program) {
  program.add_subcommand("version", "Print the version")->callback([] {
    std::cout << "iasql " << program_version << ", for PostgreSQL " << built_for_postgres_version << std::endl;
  });
}

} // namespace iasql::cli
