#include "base/names.hpp"
#include "cli/commands.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace iasql::cli {

using namespace hosting;

Failure unknown_command(const CLI::App& program, const std::string& name) {
  std::vector<std::string> names;
  for (const auto* command : program.get_subcommands(nullptr))
    names.push_back(command->get_name());
  const auto meant = nearest(name.substr(std::min(name.find_first_not_of('-'), name.size())), names); // "--version"
  return Failure("there is no command " + name,
                 meant.empty() ? "`iasql help` lists them." : "Did you mean " + meant + "?", Reason::usage);
}

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
      throw unknown_command(program, *topic);
    }
  });
}

} // namespace iasql::cli
