#include "cli/commands.hpp"
#include "hosting/failure.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace iasql::cli {

using namespace hosting;

void add_help(CLI::App& program) {
  auto topic = std::make_shared<std::string>();
  auto* command = program.add_subcommand("help", "Explain a command");
  command->add_option("command", *topic, "Which one");
  command->callback([&program, topic] {
    if (topic->empty()) {
      // App::help() would explain the command that was given: this one.
      std::cout << program.get_formatter()->make_help(&program, program.get_name(), CLI::AppFormatMode::Normal);
      return;
    }
    try {
      std::cout << program.get_subcommand(*topic)->help(program.get_name());
    } catch (const CLI::OptionNotFound&) {
      throw Failure("there is no command " + *topic, "`iasql help` lists them.", Reason::usage);
    }
  });
}

} // namespace iasql::cli
