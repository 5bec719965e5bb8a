// `iasql console`: the console beside a cluster that runs. `iasql up` starts this very command.

#include "console/console.hpp"

#include "cli/commands.hpp"
#include "cli/ports.hpp"
#include "cli/terminal.hpp"
#include "console/server.hpp"
#include "credentials/core_file.hpp"
#include "hosting/data_folder.hpp"
#include "hosting/failure.hpp"
#include "hosting/identity.hpp"
#include "hosting/running_server.hpp"

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace iasql::cli {

using namespace hosting;

namespace {

constexpr int default_port = 8080;

struct Options {
  std::string data, address = "127.0.0.1", certificate, certificate_key;
  std::vector<std::string> names;
  std::optional<int> port;
  bool or_next = false;
  bool new_password = false;
};

// What a browser may call this console.
std::vector<std::string> hosts(const Options& options, int port) {
  auto names = options.names;
  const bool is_ipv6 = options.address.find(':') != std::string::npos;
  names.push_back(is_ipv6 ? "[" + options.address + "]" : options.address);
  if (options.address == "127.0.0.1" || options.address == "::1") names.emplace_back("localhost");
  std::vector<std::string> result;
  for (const auto& name : names) {
    result.push_back(name + ":" + std::to_string(port));
    if (port == (options.certificate.empty() ? 80 : 443)) result.push_back(name);
  }
  return result;
}

// The signals that end it are held back in every thread and awaited in one.
class EndingSignals {
public:
  EndingSignals() {
    sigemptyset(&m_signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&m_signals, signal);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
  }
  void wait() const {
    int signal = 0;
    sigwait(&m_signals, &signal);
  }

private:
  sigset_t m_signals;
};

// On the port asked for or, where any will do, the first that is free. Two commands at the same time may find the same
// port free: the one that comes second looks on.
std::unique_ptr<iasql::console::Server> listen(const Options& options) {
  const int wanted = options.port.value_or(default_port);
  const bool must_be_that = options.port && !options.or_next;
  for (int port = wanted;; ++port) {
    if (!must_be_that) port = free_port_from(port);
    try {
      return std::make_unique<iasql::console::Server>(iasql::console::Listen{.address = options.address,
                                                                             .port = port,
                                                                             .certificate_file = options.certificate,
                                                                             .key_file = options.certificate_key});
    } catch (const Failure&) {
      if (must_be_that || is_free(port)) throw; // the port is not what it failed at
    }
  }
}

void run_console(const Options& options) {
  const auto folder = data_folder(options.data);
  const auto running = running_server(folder);
  const bool tls = !options.certificate.empty();
  if (tls != !options.certificate_key.empty())
    throw Failure("a certificate needs its key, and a key its certificate", {}, Reason::usage);
  if (options.port && *options.port == 8088)
    throw Failure("port 8088 is left to the example application", {}, Reason::usage);

  credentials::refuse_core_files(); // secrets pass through its memory
  std::signal(SIGPIPE, SIG_IGN);
  const EndingSignals ending;
  const auto listening = listen(options);
  auto& server = *listening;
  const int port = server.port();
  const char* aws_endpoint = std::getenv("AWS_ENDPOINT_URL");
  iasql::console::Accounts accounts([&](const std::string& database) { return running.connect(database); },
                                    [&]() -> iasql::console::Endpoints {
                                      const auto state = read_state(folder);
                                      return {.aws = aws_endpoint ? aws_endpoint : "",
                                              .emulator =
                                                  is_running(state.emulator) ? emulator_url(*state.emulator) : ""};
                                    },
                                    [&] { return servers_own_credentials(folder); });
  accounts.list(); // makes the tables that ours refer to
  {
    auto bookkeeping = running.connect(bookkeeping_database);
    iasql::console::Users::make_tables(bookkeeping);
  }
  iasql::console::Console console(
      [&] { return running.connect(bookkeeping_database); }, accounts,
      {.site = {.transport = tls ? iasql::console::Transport::tls : iasql::console::Transport::plain,
                .hosts = hosts(options, port)},
       .cookie = (tls ? "__Host-iasql_" : "iasql_") + std::to_string(port),
       .postgres_port = running.port()},
      [] { return std::chrono::steady_clock::now(); });
  const auto password = options.new_password ? std::optional(console.replace_administrators_password())
                                             : console.make_first_administrator();

  const auto site = hosts(options, port).front();
  std::cout << (tls ? "https://" : "http://") << site << "/";
  if (password)
    std::cout << "   user " << iasql::console::first_administrator << ", password " << *password
              << " (not shown again)";
  std::cout << std::endl;

  std::jthread stopper([&] {
    ending.wait();
    server.stop();
  });
  server.run([&](const auto& request) { return console.answer(request); },
             [&](auto& response) { console.finish(response); });
}

} // namespace

void add_console(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("console", "Serve the console, a page for the browser, beside a server that runs");
  add_data_option(*command, options->data);
  command->add_option("--port", options->port, "Its port (8080 or the next free one)")->check(CLI::Range(1, 65535));
  command->add_flag("--or-next", options->or_next, "Take the next free port where that one is taken");
  command->add_option("--address", options->address,
                      "The IP address to listen on (127.0.0.1); another machine's browser needs a certificate");
  command->add_option("--certificate", options->certificate, "PEM file with the certificate and its chain, for TLS");
  command->add_option("--certificate-key", options->certificate_key, "PEM file with the certificate's key");
  command->add_option("--host-name", options->names, "A name that browsers know it by; may be repeated");
  command->add_flag("--new-password", options->new_password, "Give the administrator a new password and print it");
  command->callback([options] { run_console(*options); });
}

} // namespace iasql::cli
