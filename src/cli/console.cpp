// `iasql console`: the console beside a cluster that runs. `iasql up` starts this very command.
//
// It is two processes. One listens, reads what browsers send and shows the page; where root starts it, it runs as a
// user of its own, who can read nothing of the server's. The other one is the server's user, is superuser in
// PostgreSQL, and answers the fixed set of questions of console/questions.hpp. They have a pair of sockets in common,
// and either ends when the other does.

#include "console/console.hpp"

#include "cli/commands.hpp"
#include "cli/console_beside.hpp"
#include "cli/ports.hpp"
#include "cli/terminal.hpp"
#include "console/broker.hpp"
#include "console/server.hpp"
#include "credentials/core_file.hpp"
#include "hosting/data_folder.hpp"
#include "hosting/failure.hpp"
#include "hosting/process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace iasql::cli {

using namespace hosting;

namespace {

constexpr int default_port = 8080;

struct Options {
  std::string data, database, address = "127.0.0.1", certificate, certificate_key;
  std::vector<std::string> names;
  std::optional<int> port;
  bool or_next = false;
  bool new_password = false;
  bool no_first_password = false;
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

// The process that speaks with browsers: another one has the server's rights.
class BrowsersSide {
public:
  BrowsersSide(const Options& options, const Beside& beside, iasql::console::Switchboard switchboard)
      : m_options(options), m_host(beside.host), m_port(beside.port), m_switchboard(std::move(switchboard)),
        m_accounts(m_switchboard) {}

  void serve(const EndingSignals& ending) {
    const auto listening = listen(m_options); // root may take any port, and read any key
    become(console_user());
    credentials::refuse_core_files();
    await_the_other_side();
    auto& server = *listening;
    const int port = server.port();
    const bool tls = !m_options.certificate.empty();
    iasql::console::Console console(
        [this] { return log_in(); }, m_accounts,
        {.site = {.transport = tls ? iasql::console::Transport::tls : iasql::console::Transport::plain,
                  .hosts = hosts(m_options, port)},
         .cookie = (tls ? "__Host-iasql_" : "iasql_") + std::to_string(port),
         .postgres_host = m_host,
         .postgres_port = m_port},
        [] { return std::chrono::steady_clock::now(); });
    const auto password =
        m_options.no_first_password ? std::nullopt : iasql::console::make_first_administrator(console.users());
    std::cout << (tls ? "https://" : "http://") << hosts(m_options, port).front() << "/";
    if (password)
      std::cout << "   user " << iasql::console::first_administrator << ", password " << *password
                << " (not shown again)";
    std::cout << std::endl;

    const std::jthread other_side([this] {
      m_switchboard.wait_for_the_end();
      kill(getpid(), SIGTERM);
    });
    const std::jthread stopper([&] {
      ending.wait();
      server.stop();
      m_switchboard.hang_up();
    });
    server.run([&](const auto& request) { return console.answer(request); },
               [&](auto& response) { console.finish(response); });
  }

private:
  // It says itself why it cannot begin.
  void await_the_other_side() {
    try {
      m_accounts.endpoints();
    } catch (const Failure&) {
      std::_Exit(1);
    }
  }

  // As the role that has the console's own tables and nothing else. Another console beside the same server may have
  // changed its password.
  Database log_in() {
    const std::lock_guard lock(m_mutex);
    for (int attempt = 1;; ++attempt) {
      if (m_password.empty()) m_password = m_accounts.renew_own_password();
      try {
        return Database({{"host", m_host},
                         {"port", std::to_string(m_port)},
                         {"user", iasql::console::console_login},
                         {"password", m_password},
                         {"dbname", bookkeeping_database},
                         {"connect_timeout", "10"},
                         {"application_name", "iasql console"}});
      } catch (const DatabaseError&) {
        if (attempt == 3) throw;
        m_password.clear();
      }
    }
  }

  const Options& m_options;
  const std::string m_host;
  const int m_port;
  iasql::console::Switchboard m_switchboard;
  iasql::console::AccountsClient m_accounts;
  std::mutex m_mutex;
  std::string m_password;
};

// The process with the server's rights, until the other one ends, which it makes it do. Exits with its status where
// that is an error, which that one has told.
void serve_with_the_servers_rights(pid_t browsers_side, iasql::console::Switchboard switchboard,
                                   iasql::console::Accounts& accounts, const EndingSignals& ending) {
  become(server_user());
  credentials::refuse_core_files();
  accounts.prepare();
  std::jthread stopper([&] {
    ending.wait();
    switchboard.hang_up();
  });
  iasql::console::answer_questions(switchboard, accounts);
  kill(getpid(), SIGTERM);
  stopper.join();
  int status = 0;
  while (waitpid(browsers_side, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    throw Failure("the console's process was ended by signal " + std::to_string(WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) std::_Exit(WEXITSTATUS(status));
}

void require_sense(const Options& options) {
  if (options.certificate.empty() != options.certificate_key.empty())
    throw Failure("a certificate needs its key, and a key its certificate", {}, Reason::usage);
  if (options.port && *options.port == 8088)
    throw Failure("port 8088 is left to the example application", {}, Reason::usage);
}

void run_console(const Options& options) {
  require_sense(options);
  const auto beside =
      options.database.empty() ? server_of_up(data_folder(options.data)) : cluster_elsewhere(options.database);
  const char* aws_endpoint = std::getenv("AWS_ENDPOINT_URL");
  iasql::console::Accounts accounts(
      beside.connect,
      [&]() -> iasql::console::Endpoints {
        return {.aws = aws_endpoint ? aws_endpoint : "", .emulator = beside.emulator_url()};
      },
      beside.servers_own_key);
  if (options.new_password) {
    accounts.prepare();
    iasql::console::Users users([&] { return beside.connect(bookkeeping_database); });
    say(std::string("The new password of user ") + iasql::console::first_administrator + ":");
    std::cout << iasql::console::renew_administrators_password(users) << std::endl;
    return;
  }
  console_user(); // whom both processes are about to need
  refuse_more_rights();
  credentials::refuse_core_files(); // secrets pass through their memory
  std::signal(SIGPIPE, SIG_IGN);
  const EndingSignals ending;
  auto [asking, answering] = iasql::console::Switchboard::make();
  // Before any thread is there.
  const pid_t browsers_side = fork();
  if (browsers_side < 0) throw Failure(std::string("cannot start a process: ") + std::strerror(errno));
  if (browsers_side == 0) {
    answering.close_here();
    BrowsersSide(options, beside, std::move(asking)).serve(ending);
  } else {
    asking.close_here();
    serve_with_the_servers_rights(browsers_side, std::move(answering), accounts, ending);
  }
}

} // namespace

void add_console(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("console", "Serve the console, a page for the browser, beside a server that runs");
  add_data_option(*command, options->data);
  command->add_option("--database", options->database,
                      "Instead: a connection string (or service=…) by which a superuser reaches a cluster of your own; "
                      "passwords belong into ~/.pgpass");
  command->add_option("--port", options->port, "Its port (8080 or the next free one)")->check(CLI::Range(1, 65535));
  command->add_flag("--or-next", options->or_next, "Take the next free port where that one is taken");
  command->add_option("--address", options->address,
                      "The IP address to listen on (127.0.0.1); another machine's browser needs a certificate");
  command->add_option("--certificate", options->certificate, "PEM file with the certificate and its chain, for TLS");
  command->add_option("--certificate-key", options->certificate_key, "PEM file with the certificate's key");
  command->add_option("--host-name", options->names, "A name that browsers know it by; may be repeated");
  command->add_flag("--new-password", options->new_password, "Give the administrator a new password, print it and end");
  command->add_flag("--no-first-password", options->no_first_password,
                    "Make no administrator at the first start; --new-password makes one later");
  command->callback([options] { run_console(*options); });
}

} // namespace iasql::cli
