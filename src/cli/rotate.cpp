// `iasql rotate`: a new password for a database's user, or a new key for the server itself.

#include "cli/commands.hpp"
#include "cli/login.hpp"
#include "cli/terminal.hpp"
#include "hosting/failure.hpp"
#include "hosting/hosting.hpp"
#include "hosting/outer_key.hpp"
#include "hosting/running_server.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

struct Options {
  std::string data, name;
  bool keep_sessions = false;
  bool outer_key = false;
};

void rotate_key_of_the_server(const DataFolder& folder, const RunningServer& server) {
  const FileLock lock(folder.lock_file());
  const auto connect = [&](const std::string& database) { return server.connect(database); };
  if (std::filesystem::exists(folder.key_file())) {
    const auto count = rotate_outer_key(folder.key_file(), server_user().id, connect);
    say("the server has a new key, and the AWS keys of " + std::to_string(count) +
        " databases are wrapped for it; the former one opens nothing any more.");
  } else {
    const auto count = wrap_keys_again(connect);
    say("the AWS keys of " + std::to_string(count) +
        " databases are wrapped for the first key in IASQL_KEY; the server can do without the others.");
  }
}

void rotate(const Options& options) {
  const auto folder = data_folder(options.data);
  const auto server = running_server(folder);
  if (options.outer_key == !options.name.empty())
    throw Failure("whose key or password?", "Give a database's name or --outer-key.", Reason::usage);
  if (options.outer_key) return rotate_key_of_the_server(folder, server);
  Hosting hosting([&](const std::string& database) { return server.connect(database); });
  const auto database = hosting.find(options.name);
  hosting.rotate(database, options.keep_sessions ? Sessions::keep : Sessions::end, [&](const Login& login) {
    say("new password for user " + login.role + " of database " + login.database + ".");
    show(login, server.port(), "the former password stays");
  });
}

} // namespace

void add_rotate(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("rotate", "Give a database's user a new password, printed once, or the server a new key");
  add_data_option(*command, options->data);
  command->add_option("name", options->name, "The database's name or alias");
  command->add_flag("--keep-sessions", options->keep_sessions, "Let those who are connected stay");
  command->add_flag("--outer-key", options->outer_key,
                    "Instead, give the server a new key and wrap every database's AWS key for it");
  command->callback([options] { rotate(*options); });
}

} // namespace iasql::cli
