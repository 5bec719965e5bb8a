#pragma once

// The commands, each in a file of its own. Every function adds one to the program; CLI11 calls it when it was named.

#include "hosting/failure.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace iasql::cli {

void add_up(CLI::App& program);
void add_down(CLI::App& program);
void add_status(CLI::App& program);
void add_connect(CLI::App& program);
void add_databases(CLI::App& program);
void add_disconnect(CLI::App& program);
void add_rotate(CLI::App& program);
void add_console(CLI::App& program);
void add_version(CLI::App& program);
void add_help(CLI::App& program);

// What to say of a command that is none of the program's.
hosting::Failure unknown_command(const CLI::App& program, const std::string& name);

// The --data option that every command but version and help has.
void add_data_option(CLI::App& command, std::string& data);

} // namespace iasql::cli
