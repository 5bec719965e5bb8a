#include "cli/commands.hpp"
#include "cli/console_process.hpp"
#include "cli/emulator.hpp"
#include "cli/terminal.hpp"
#include "hosting/cluster.hpp"
#include "hosting/failure.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

struct Options {
  std::string data;
  bool purge = false;
  bool yes = false;
};

void purge(const DataFolder& folder) {
  for (const auto& path : {folder.cluster(), folder.root / "cluster.new", folder.sockets(), folder.log(), folder.keys(),
                           folder.state_file(), folder.root / "lock"})
    std::filesystem::remove_all(path);
  say("removed cluster, keys and log in " + folder.root.string() + "; nothing in AWS was touched");
  std::error_code not_empty;
  if (!std::filesystem::remove(folder.root, not_empty) && std::filesystem::exists(folder.emulator()))
    say("kept the emulator's program in " + folder.emulator().string());
}

// Other projects, too, have a folder `keys` and one `log`.
bool is_a_servers(const DataFolder& folder) {
  using std::filesystem::exists;
  return exists(folder.cluster() / "PG_VERSION") || exists(folder.key_file()) ||
         (exists(folder.state_file()) && exists(folder.lock_file()));
}

void down(const Options& options) {
  const auto folder = data_folder(options.data);
  if (!is_a_servers(folder)) {
    say("there is no server in " + folder.root.string());
    return;
  }
  if (options.purge && !options.yes &&
      !confirm("Remove every database, key and log in " + folder.root.string() + "? Nothing in AWS is touched."))
    throw Failure("nothing was stopped or removed", "--yes answers the question.");
  const FileLock lock(folder.lock_file());
  const Cluster cluster(folder);
  const auto state = read_state(folder);
  bool stopped = false;
  if (is_running(state.console)) {
    stop_console(*state.console);
    say("stopped the console");
    stopped = true;
  }
  if (cluster.running()) {
    cluster.stop();
    say("stopped PostgreSQL");
    stopped = true;
  }
  if (is_running(state.emulator)) {
    stop_emulator(*state.emulator);
    say("stopped the AWS emulator; what was in it is gone");
    stopped = true;
  }
  if (!stopped) say("nothing was running");
  if (options.purge) purge(folder);
}

} // namespace

void add_down(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("down", "Stop what `iasql up` started; never touches AWS");
  add_data_option(*command, options->data);
  command->add_flag("--purge", options->purge, "Then remove cluster, emulator state and keys, after asking");
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options] { down(*options); });
}

} // namespace iasql::cli
