#include "hosting/cluster.hpp"

#include "credentials/key_file.hpp"
#include "hosting/build_paths.hpp"
#include "hosting/failure.hpp"
#include "hosting/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace iasql::hosting {

namespace {

constexpr std::size_t longest_socket_path = 107; // sockaddr_un

// A value in postgresql.conf or pg_hba.conf.
std::string quoted(const std::string& value) {
  std::string result = "'";
  for (const char character : value) {
    if (character == '\'') result += '\'';
    result += character;
  }
  return result + "'";
}

bool key_in_environment() {
  const char* key = std::getenv(credentials::key_variable);
  return key && *key;
}

std::string configuration(const DataFolder& folder) {
  std::ostringstream text;
  text << "# Written by iasql up when it made this cluster; yours to change.\n"
       << "listen_addresses = '127.0.0.1'\n"
       << "unix_socket_directories = " << quoted("\"" + folder.sockets().string() + "\"") << "\n"
       << "unix_socket_permissions = 0700\n"
       << "password_encryption = 'scram-sha-256'\n"
       << "max_connections = 100\n"
       << "shared_buffers = '128MB'\n"
       << "# Each apply and sync has a background worker that commits its journal.\n"
       << "max_worker_processes = 64\n"
       << "# Where the key is that opens stored AWS keys; empty: in IASQL_KEY of the server's environment.\n"
       << "iasql.key_file = " << quoted(key_in_environment() ? "" : folder.key_file().string()) << "\n"
       << "# There before any session begins: nobody gives a setting of iasql a value before it is known as the "
          "operator's.\n"
       << "shared_preload_libraries = 'iasql'\n"
       << "# Bound parameters carry sealed keys: they have no place in a log.\n"
       << "log_parameter_max_length = 0\n"
       << "log_parameter_max_length_on_error = 0\n"
       << "# Nor have statements that fail and the rows they are about, which may hold the password of an rds.\n"
       << "log_min_error_statement = panic\n"
       << "log_error_verbosity = terse\n"
       << "logging_collector = on\n"
       << "log_directory = " << quoted(folder.log().string()) << "\n"
       << "log_filename = 'postgresql-%a.log'\n"
       << "log_truncate_on_rotation = on\n"
       << "log_line_prefix = '%m [%p] %q%u@%d '\n"
       << "timezone = 'UTC'\n"
       << "log_timezone = 'UTC'\n";
  return text.str();
}

// The operator through the private socket (pg_basebackup too), tenants from this host, and from elsewhere with TLS
// alone: such lines match nobody until the operator sets listen_addresses, ssl and a certificate.
std::string host_based_authentication() {
  return std::string("# Written by iasql up.\n"
                     "# type     database  user   address       method\n"
                     "local      all,replication  ") +
         superuser + "         peer map=operator\n" +           //
         "local      all       all                  reject\n" + //
         "host       all       " + superuser +
         "  all           reject\n"
         "host       all       all    127.0.0.1/32  scram-sha-256\n"
         "host       all       all    ::1/128       scram-sha-256\n"
         "hostssl    all       all    all           scram-sha-256\n"
         "host       all       all    all           reject\n";
}

std::string user_map() {
  std::string text = "# Written by iasql up: who may be superuser through the private socket.\n";
  // Root can be anyone anyway: `sudo iasql connect` works with a server that a system user started.
  for (const auto& name : {current_user().name, server_user().name, std::string("root")}) {
    const auto line = "operator  \"" + name + "\"  " + superuser + "\n";
    if (text.find(line) == std::string::npos) text += line;
  }
  return text;
}

void must_succeed(const Finished& finished, const std::string& doing) {
  if (finished.status != 0) throw Failure("cannot " + doing, finished.output);
}

} // namespace

Cluster::Cluster(DataFolder folder) : m_folder(std::move(folder)) {}

std::string Cluster::program(const std::string& name) const {
  const char* named = std::getenv("IASQL_POSTGRES_BIN");
  const auto path = std::filesystem::path(named ? named : built_for_postgres_bin) / name;
  if (access(path.c_str(), X_OK) != 0)
    throw Failure("there is no " + path.string(), std::string("This iasql was built for PostgreSQL ") +
                                                      built_for_postgres_version +
                                                      "; IASQL_POSTGRES_BIN names another folder of its programs.");
  return path.string();
}

bool Cluster::exists() const {
  return std::filesystem::exists(m_folder.cluster());
}

void Cluster::make() const {
  const auto socket = m_folder.sockets() / ".s.PGSQL.65535.lock";
  if (socket.string().size() > longest_socket_path)
    throw Failure("the name of the data folder is too long for a socket within it: " + m_folder.root.string(),
                  "Choose a shorter one with --data.");
  const User owner = server_user();
  make_folder(m_folder.sockets(), 0700, owner);
  if (run({.arguments = {"/usr/bin/test", "-w", m_folder.sockets().string()}, .user = owner}).status != 0)
    throw Failure("user " + owner.name + ", whom PostgreSQL runs as, cannot reach " + m_folder.root.string(),
                  "Choose a folder with --data that is in none of somebody else's.");
  make_folder(m_folder.log(), 0700, owner);
  make_folder(m_folder.keys(), 0755, current_user());
  if (!key_in_environment() && !std::filesystem::exists(m_folder.key_file())) {
    credentials::SecretKeys keys;
    keys.push_back(credentials::generate_key_pair().secret_key);
    credentials::write_key_file(m_folder.key_file().string(), keys, {owner.id, owner.group});
  }
  const auto unfinished = m_folder.root / "cluster.new";
  std::filesystem::remove_all(unfinished);
  make_folder(unfinished, 0700, owner);
  must_succeed(run({.arguments = {program("initdb"), "--pgdata", unfinished.string(), "--username", superuser,
                                  "--auth-local", "peer", "--auth-host", "scram-sha-256", "--encoding", "UTF8",
                                  "--locale", "C.UTF-8", "--data-checksums", "--no-instructions"},
                    .user = owner}),
               "make a PostgreSQL cluster in " + unfinished.string());
  write_file(unfinished / "postgresql.conf", configuration(m_folder), 0600, owner);
  write_file(unfinished / "pg_hba.conf", host_based_authentication(), 0600, owner);
  write_file(unfinished / "pg_ident.conf", user_map(), 0600, owner);
  std::filesystem::rename(unfinished, m_folder.cluster());
}

Listener Cluster::start(int port) const {
  const auto log = m_folder.log() / "start.log";
  const auto finished =
      run({.arguments = {program("pg_ctl"), "start", "--pgdata", m_folder.cluster().string(), "--log", log.string(),
                         "--wait", "--timeout", "120", "--silent", "--options", "-p " + std::to_string(port)},
           .user = server_user()});
  if (finished.status != 0)
    throw Failure("PostgreSQL does not start on port " + std::to_string(port),
                  finished.output + "See " + log.string() + " and the newest file beside it.");
  if (auto listener = running()) return *listener;
  throw Failure("PostgreSQL started and stopped again", "See the newest file in " + m_folder.log().string() + ".");
}

std::optional<Listener> Cluster::running() const {
  // Its first line is the process id, its fourth the port.
  const auto content = read_file(m_folder.cluster() / "postmaster.pid");
  if (!content) return std::nullopt;
  std::istringstream lines(*content);
  std::string id, folder, started, port;
  if (!std::getline(lines, id) || !std::getline(lines, folder) || !std::getline(lines, started) ||
      !std::getline(lines, port))
    return std::nullopt;
  Listener listener{find_process(static_cast<pid_t>(std::stol(id))), std::stoi(port)};
  if (!hosting::is_running(listener.process)) return std::nullopt;
  const auto name = read_file("/proc/" + id + "/comm");
  if (!name || name->rfind("postgres", 0) != 0) return std::nullopt; // the id belongs to something else by now
  return listener;
}

void Cluster::stop() const {
  must_succeed(run({.arguments = {program("pg_ctl"), "stop", "--pgdata", m_folder.cluster().string(), "--mode", "fast",
                                  "--wait", "--timeout", "120", "--silent"},
                    .user = server_user()}),
               "stop PostgreSQL");
}

std::string Cluster::version() const {
  const auto finished = run({.arguments = {program("postgres"), "--version"}, .user = server_user()});
  // "postgres (PostgreSQL) 15.20 (Debian …)"
  std::istringstream words(finished.output);
  std::string name, product, version;
  words >> name >> product >> version;
  return version;
}

Database Cluster::connect(int port, const std::string& database) const {
  return Database({{"host", m_folder.sockets().string()},
                   {"port", std::to_string(port)},
                   {"user", superuser},
                   {"dbname", database},
                   {"connect_timeout", "10"},
                   {"application_name", "iasql"}});
}

} // namespace iasql::hosting
