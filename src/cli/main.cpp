#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "hosting/database.hpp"
#include "hosting/failure.hpp"

#include <sodium.h>

#include <exception>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

constexpr const char* exit_statuses = "Exit status: 0 done; 1 could not be done; 2 wrong usage; 3 no server runs; "
                                      "4 AWS refuses the key.\n"
                                      "Results go to standard output, everything else to standard error.";

enum ExitStatus { done = 0, failed = 1, usage = 2, not_running = 3, credentials_refused = 4 };

ExitStatus exit_status(Reason reason) {
  switch (reason) {
  case Reason::usage:
    return usage;
  case Reason::not_running:
    return not_running;
  case Reason::credentials_refused:
    return credentials_refused;
  case Reason::failed:
  case Reason::unknown_database:
    return failed;
  }
  return failed;
}

int report(const std::string& message, const std::string& hint, ExitStatus status) {
  say("iasql: " + message);
  if (!hint.empty()) say(hint);
  return status;
}

int run(int count, char** arguments) {
  CLI::App program("An AWS account as a PostgreSQL database.", "iasql");
  program.footer(exit_statuses);
  program.require_subcommand(1);
  for (const auto add : {add_up, add_down, add_status, add_connect, add_databases, add_disconnect, add_rotate,
                         add_console, add_version, add_help})
    add(program);
  try {
    program.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    // Asking for help is one of them too.
    if (error.get_exit_code() != 0 && program.get_subcommands().empty() && !program.remaining().empty())
      throw unknown_command(program, program.remaining().front());
    return program.exit(error) == 0 ? 0 : usage;
  }
  return done;
}

} // namespace

} // namespace iasql::cli

int main(int count, char** arguments) {
  using namespace iasql::cli;
  using namespace iasql::hosting;
  if (sodium_init() < 0) return report("cannot initialise libsodium", "", failed);
  try {
    return run(count, arguments);
  } catch (const Failure& failure) {
    return report(failure.what(), failure.hint(), exit_status(failure.reason()));
  } catch (const DatabaseError& error) {
    return report(error.what(), "", failed);
  } catch (const iasql::Error& error) {
    return report(error.what(), error.hint(), failed);
  } catch (const std::exception& error) {
    return report(error.what(), "", failed);
  }
}
