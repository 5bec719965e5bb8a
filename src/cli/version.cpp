#include "cli/build_paths.hpp"
#include "cli/commands.hpp"

#include <iostream>

namespace iasql::cli {

void add_version(CLI::App& program) {
  program.add_subcommand("version", "Print the version")->callback([] {
    std::cout << "iasql " << program_version << ", for PostgreSQL " << built_for_postgres_version << std::endl;
  });
}

} // namespace iasql::cli
