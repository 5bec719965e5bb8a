// `iasql up`: from nothing, or from whatever is there already, to a server that runs.

#include "cli/commands.hpp"
#include "cli/console_process.hpp"
#include "cli/emulator.hpp"
#include "cli/ports.hpp"
#include "cli/terminal.hpp"
#include "hosting/cluster.hpp"
#include "hosting/failure.hpp"
#include "hosting/hosting.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {

constexpr int default_port = 5432;
constexpr int default_emulator_port = 4566;
constexpr int default_console_port = 8080;

struct Options {
  std::string data;
  std::optional<int> port, emulator_port, console_port;
  bool detached = false;
  bool without_emulator = false;
  bool without_console = false;
};

// The port asked for, which must be free; else the one of last time, so that connection strings stay good; else the
// next free one.
int choose_port(std::optional<int> asked, const std::optional<Listener>& last_time, int usual,
                const std::string& what) {
  if (asked) {
    if (!is_free(*asked)) throw Failure("port " + std::to_string(*asked) + " of 127.0.0.1 is taken");
    return *asked;
  }
  if (!last_time) return free_port_from(usual);
  const int port = free_port_from(last_time->port);
  if (port != last_time->port)
    say(what + " had port " + std::to_string(last_time->port) + " last time, which is taken: now it has " +
        std::to_string(port) + ".");
  return port;
}

void make_system_user(const char* name, const std::string& home) {
  if (geteuid() != 0 || find_user(name)) return;
  // Two programs that make the same user at once both succeed, and the one's number is gone.
  const FileLock lock("/etc/passwd");
  if (find_user(name)) return;
  const auto finished = run({.arguments = {"/usr/sbin/useradd", "--system", "--user-group", "--no-create-home",
                                           "--home-dir", home, "--shell", "/usr/sbin/nologin", name},
                             .user = current_user()});
  if (finished.status != 0) throw Failure(std::string("cannot make the system user ") + name, finished.output);
  say(std::string("made the system user ") + name);
}

enum class Emulator { off, running_already, started };

struct Outcome {
  State state;
  Emulator emulator = Emulator::off;
  std::string console; // what it says of itself, "" where this command did not start it
  bool postgres_started = false;
  long long emulated_databases = 0;
};

constexpr int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t asked_to_end = 0;

// While `up` in the foreground still starts things: it ends in order as soon as they run or fail, and what it waits for
// in start() fails at once. The second signal ends it where it is.
void remember_ending_signals() {
  struct sigaction remembering = {};
  remembering.sa_handler = [](int) { asked_to_end = 1; };
  remembering.sa_flags = SA_RESETHAND;
  for (const int signal : ending_signals)
    sigaction(signal, &remembering, nullptr);
}

// The second half, PostgreSQL running: the lists, and the emulator.
void add_emulator(const DataFolder& folder, const Options& options, const Cluster& cluster, Outcome& outcome) {
  State& state = outcome.state;
  const auto last_emulator = state.emulator;
  write_state(folder, state);
  Hosting hosting([&](const std::string& database) { return cluster.connect(state.postgres->port, database); });
  if (is_running(state.emulator)) {
    outcome.emulator = Emulator::running_already;
  } else if (!options.without_emulator) {
    state.emulator = start_emulator(
        folder, choose_port(options.emulator_port, last_emulator, default_emulator_port, "The AWS emulator"));
    outcome.emulator = Emulator::started;
    write_state(folder, state);
    if (last_emulator && last_emulator->port != state.emulator->port)
      hosting.move_endpoint(emulator_url(*last_emulator), emulator_url(*state.emulator));
    outcome.emulated_databases = hosting.count(emulator_url(*state.emulator));
  }
}

// The last part: it serves a cluster that runs. One that is left of an earlier cluster may have its port wrong.
void add_console(const DataFolder& folder, const Options& options, Outcome& outcome) {
  State& state = outcome.state;
  if (outcome.postgres_started && is_running(state.console)) stop_console(*state.console);
  if (options.without_console || is_running(state.console)) return;
  const auto started =
      start_console(folder, choose_port(options.console_port, state.console, default_console_port, "The console"));
  state.console = started.listener;
  outcome.console = started.address;
  write_state(folder, state);
}

// So that a command that failed leaves nothing running which was not there before.
void stop_what_was_started(const Cluster& cluster, const Outcome& outcome) {
  try {
    if (!outcome.console.empty()) stop_console(*outcome.state.console);
    if (outcome.emulator == Emulator::started) stop_emulator(*outcome.state.emulator);
    if (outcome.postgres_started) cluster.stop();
  } catch (const std::exception& error) {
    say(std::string("and it could not be stopped again: ") + error.what());
  }
}

bool holds_others_files(const DataFolder& folder) {
  const std::set<std::filesystem::path> ours{folder.cluster(),  folder.sockets(),    folder.log(),      folder.keys(),
                                             folder.emulator(), folder.state_file(), folder.lock_file()};
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(folder.root, unreadable))
    if (!ours.contains(entry.path()) && entry.path().stem() != "cluster") return true;
  return static_cast<bool>(unreadable);
}

// One that is somebody's home keeps its mode. And what has the name of a part of ours, /var/log for one, is not taken
// over, which would close it to others and let `down --purge` remove it.
void make_data_folder(const DataFolder& folder) {
  using namespace std::filesystem;
  if (!is_regular_file(symlink_status(folder.lock_file())) && !exists(folder.cluster()))
    for (const auto& part : {folder.log(), folder.sockets()})
      if (exists(symlink_status(part)))
        throw Failure("there is already " + part.string() + ", which no iasql made",
                      "Choose another folder with --data.");
  if (!exists(folder.root) || !holds_others_files(folder)) make_folder(folder.root, 0755, current_user());
}

Outcome bring_up(const DataFolder& folder, const Options& options) {
  make_system_user(server_user_of_root, folder.root.string());
  make_system_user(console_user_of_root, "/nonexistent");
  make_data_folder(folder);
  const FileLock lock(folder.lock_file());
  const Cluster cluster(folder);
  Outcome outcome;
  State& state = outcome.state;
  state = read_state(folder);

  if (const auto running = cluster.running()) {
    state.postgres = running;
  } else {
    if (!options.detached) remember_ending_signals();
    const int port = choose_port(options.port, state.postgres, default_port, "PostgreSQL");
    if (!cluster.exists()) {
      say("making a PostgreSQL cluster in " + folder.cluster().string());
      cluster.make();
    }
    state.postgres = cluster.start(port);
    outcome.postgres_started = true;
  }
  try {
    add_emulator(folder, options, cluster, outcome);
    add_console(folder, options, outcome);
  } catch (...) {
    stop_what_was_started(cluster, outcome);
    throw;
  }
  return outcome;
}

void print(const DataFolder& folder, const Outcome& outcome) {
  const auto& state = outcome.state;
  std::cout << "PostgreSQL    127.0.0.1:" << state.postgres->port
            << (outcome.postgres_started ? "" : "   (already running)") << "\n";
  if (outcome.emulator != Emulator::off)
    std::cout << "AWS emulator  " << emulator_url(*state.emulator)
              << (outcome.emulator == Emulator::started ? "   (empty: it keeps nothing over a restart)"
                                                        : "   (already running)")
              << "\n";
  if (is_running(state.console))
    std::cout << "Console       "
              << (outcome.console.empty() ? console_url(*state.console) + "   (already running)" : outcome.console)
              << "\n";
  std::cout << "Data          " << folder.root.string() << std::endl;
  if (outcome.emulated_databases > 0)
    say(std::to_string(outcome.emulated_databases) +
        " of the databases are connected to the emulator and still have the rows of what it had before.\n"
        "In each of them `SELECT * FROM iasql_sync();` makes the rows match the empty emulator.");
}

// What ends `up` in the foreground, held back until it is waited for: no moment in which it would leave the server
// behind.
sigset_t hold_ending_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  for (const int signal : ending_signals)
    sigaddset(&ending, signal);
  sigprocmask(SIG_BLOCK, &ending, nullptr);
  return ending;
}

// Until one of those signals, or PostgreSQL's end.
void wait_in_foreground(const DataFolder& folder, const State& state, const sigset_t& ending) {
  say("Ctrl-C stops it.");
  const timespec second{1, 0};
  while (!asked_to_end && sigtimedwait(&ending, nullptr, &second) < 0)
    if (!is_running(state.postgres)) {
      if (is_running(state.console)) stop_console(*state.console);
      if (is_running(state.emulator)) stop_emulator(*state.emulator);
      throw Failure("PostgreSQL has stopped", "See the newest file in " + folder.log().string() + ".");
    }
  say("stopping");
  const FileLock lock(folder.lock_file());
  if (is_running(state.console)) stop_console(*state.console);
  Cluster(folder).stop();
  if (is_running(state.emulator)) stop_emulator(*state.emulator);
}

void up(const Options& options) {
  const auto folder = data_folder(options.data);
  Outcome outcome;
  try {
    outcome = bring_up(folder, options);
  } catch (...) {
    if (!asked_to_end) throw;
    return say("stopped before everything ran");
  }
  const bool in_foreground = !options.detached && outcome.postgres_started;
  const auto ending = in_foreground ? hold_ending_signals() : sigset_t{};
  print(folder, outcome);
  if (in_foreground) wait_in_foreground(folder, outcome.state, ending);
}

} // namespace

void add_up(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("up", "Start a private PostgreSQL with the extension, an AWS emulator and the console");
  command->add_flag("-d,--detach", options->detached, "Leave them running and return");
  add_data_option(*command, options->data);
  command->add_option("--port", options->port, "PostgreSQL's port on 127.0.0.1 (5432 or the next free one)")
      ->check(CLI::Range(1, 65535));
  command
      ->add_option("--emulator-port", options->emulator_port,
                   "The emulator's port on 127.0.0.1 (4566 or the next free one)")
      ->check(CLI::Range(1, 65535));
  command->add_flag("--no-emulator", options->without_emulator, "No emulator");
  command
      ->add_option("--console-port", options->console_port,
                   "The console's port on 127.0.0.1 (8080 or the next free one)")
      ->check(CLI::Range(1, 65535));
  command->add_flag("--no-console", options->without_console, "No console");
  command->callback([options] { up(*options); });
}

} // namespace iasql::cli
