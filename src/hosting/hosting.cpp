// Turns "this account, please" into database, role, extension and connection, and back into nothing.
//
// Databases and roles cannot be made in one transaction, so the list says first what is about to be made ('making'),
// then that it is there ('ready'), and 'removing' before it goes. Whoever makes or removes holds an advisory lock on
// the row's name; a row in either passing state whose lock is free belongs to a command that died, and is removed.

#include "hosting/hosting.hpp"

#include "base/names.hpp"
#include "hosting/failure.hpp"

#include <sodium.h>

#include <string_view>

namespace iasql::hosting {

namespace {

constexpr int connections_of_a_tenant = 40;
constexpr std::size_t password_length = 24;

std::string random_text(std::size_t length, std::string_view alphabet) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i)
    text += alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
  return text;
}

constexpr std::string_view lower_case = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view lower_case_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view hex_digits = "0123456789abcdef";

Login random_login() {
  return {.role = random_text(1, lower_case) + random_text(7, lower_case_and_digits),
          .password = random_text(password_length, letters_and_digits),
          .database = "_" + random_text(16, hex_digits)};
}

Database bookkeeping(const Cluster& cluster, int port) {
  {
    Database postgres = cluster.connect(port, "postgres");
    // Two commands that both find it missing: the lock makes the second one look again.
    postgres.query("SELECT pg_advisory_lock(hashtext('iasql: make bookkeeping'))");
    if (postgres.query("SELECT FROM pg_database WHERE datname = $1", {{bookkeeping_database}}).empty())
      postgres.query(std::string("CREATE DATABASE ") + bookkeeping_database + " TEMPLATE template0");
    for (const auto* database : {"postgres", "template1", bookkeeping_database})
      postgres.query(std::string("REVOKE ALL ON DATABASE ") + database + " FROM PUBLIC");
  }
  Database database = cluster.connect(port, bookkeeping_database);
  database.query("CREATE TABLE IF NOT EXISTS public.hosted ("
                 " name text PRIMARY KEY,"
                 " role text NOT NULL,"
                 " alias text UNIQUE,"
                 " account_id text NOT NULL,"
                 " region text NOT NULL,"
                 " endpoint_url text NOT NULL,"
                 " state text NOT NULL CHECK (state IN ('making', 'ready', 'removing')),"
                 " created timestamptz NOT NULL DEFAULT now())");
  return database;
}

} // namespace

void connect_account(Database& database, const Account& account) {
  database.query("CREATE EXTENSION IF NOT EXISTS iasql");
  database.query("SELECT iasql.repair()");
  const auto identity = database
                            .query("SELECT system_identifier, database_oid, pg_catalog.encode(public_key, 'hex')"
                                   " FROM iasql.system_identity()")
                            .at(0);
  credentials::PublicKey public_key;
  std::size_t length = 0;
  sodium_hex2bin(public_key.data(), public_key.size(), identity[2]->c_str(), identity[2]->size(), nullptr, &length,
                 nullptr);
  if (length != public_key.size()) throw Failure("the server's public key is not one");
  const credentials::Destination destination{.system_identifier = std::stoull(*identity[0]),
                                             .database = static_cast<std::uint32_t>(std::stoul(*identity[1])),
                                             .account_id = account.account_id};
  const auto sealed = credentials::seal(public_key, destination, account.key);
  database.query(
      "SELECT iasql.connect($1, $2, $3, $4)",
      {{account.account_id}, {account.key.access_key_id}, {account.region}, {sealed, Parameter::Kind::bytes}});
}

Hosting::Hosting(const Cluster& cluster, int port)
    : m_cluster(cluster), m_port(port), m_database(bookkeeping(cluster, port)) {
  remove_leftovers();
}

void Hosting::remove_leftovers() {
  for (const auto& row : m_database.query("SELECT name, role FROM public.hosted WHERE state <> 'ready'")) {
    const auto& name = *row[0];
    if (m_database.query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", {{name}}).at(0)[0] != "t") continue;
    // Its command may have ended well since the list was read.
    if (!m_database.query("SELECT FROM public.hosted WHERE name = $1 AND state <> 'ready'", {{name}}).empty())
      drop(name, *row[1]);
    m_database.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", {{name}});
  }
}

void Hosting::drop(const std::string& name, const std::string& role) {
  m_database.query("UPDATE public.hosted SET state = 'removing' WHERE name = $1", {{name}});
  m_database.query("DROP DATABASE IF EXISTS " + m_database.identifier(name) + " WITH (FORCE)");
  // The owner of another database may have granted the role something there, which keeps it from being dropped.
  m_database.query("DO $drop$ BEGIN DROP ROLE IF EXISTS " + m_database.identifier(role) +
                   "; EXCEPTION WHEN dependent_objects_still_exist THEN ALTER ROLE " + m_database.identifier(role) +
                   " NOLOGIN PASSWORD NULL; END $drop$");
  m_database.query("DELETE FROM public.hosted WHERE name = $1", {{name}});
}

void Hosting::require_unused(const std::string& alias) {
  const auto found = m_database.query("SELECT state FROM public.hosted WHERE $1 IN (alias, name)", {{alias}});
  if (found.empty()) return;
  if (found[0][0] == "ready")
    throw Failure("there is already a database called " + alias, "Choose another --name, or remove that one.");
  throw Failure("a database called " + alias + " is being made or removed at this moment", "Try again soon.");
}

void Hosting::make(const Account& account, const std::optional<std::string>& alias,
                   const std::function<void(const Login&)>& hand_over) {
  if (alias) require_unused(*alias);
  const Login login = random_login();
  const auto database_name = m_database.identifier(login.database), role = m_database.identifier(login.role);
  m_database.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", {{login.database}});
  m_database.query("INSERT INTO public.hosted (name, role, alias, account_id, region, endpoint_url, state)"
                   " VALUES ($1, $2, nullif($3, ''), $4, $5, $6, 'making')",
                   {{login.database},
                    {login.role},
                    {alias.value_or("")},
                    {account.account_id},
                    {account.region},
                    {account.endpoint_url}});
  try {
    m_database.query("CREATE ROLE " + role +
                     " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT " +
                     std::to_string(connections_of_a_tenant) + " PASSWORD " +
                     m_database.literal(m_database.verifier(login.role, login.password)));
    // PUBLIC may connect to a new database: nobody gets in before that is revoked.
    m_database.query("CREATE DATABASE " + database_name + " OWNER " + role +
                     " TEMPLATE template0 ALLOW_CONNECTIONS false");
    m_database.query("REVOKE ALL ON DATABASE " + database_name + " FROM PUBLIC");
    m_database.query("ALTER DATABASE " + database_name + " ALLOW_CONNECTIONS true");
    if (!account.endpoint_url.empty()) {
      m_database.query("ALTER DATABASE " + database_name +
                       " SET iasql.endpoint_url = " + m_database.literal(account.endpoint_url));
      // An emulator answers every read with what was last written.
      m_database.query("ALTER DATABASE " + database_name + " SET iasql.read_lag = 0");
    }
    Database database = m_cluster.connect(m_port, login.database);
    connect_account(database, account);
    hand_over(login);
  } catch (...) {
    drop(login.database, login.role);
    throw;
  }
  m_database.query("UPDATE public.hosted SET state = 'ready' WHERE name = $1", {{login.database}});
  m_database.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", {{login.database}});
}

std::vector<HostedDatabase> Hosting::list() {
  std::vector<HostedDatabase> result;
  for (const auto& row : m_database.query(
           "SELECT name, role, account_id, region, to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), alias,"
           "       coalesce(pg_database_size((SELECT oid FROM pg_database WHERE datname = name)), 0)"
           "  FROM public.hosted WHERE state = 'ready' ORDER BY created, name"))
    result.push_back({.name = *row[0],
                      .role = *row[1],
                      .account_id = *row[2],
                      .region = *row[3],
                      .created = *row[4],
                      .alias = row[5],
                      .bytes = std::stoll(*row[6])});
  return result;
}

HostedDatabase Hosting::find(const std::string& name_or_alias) {
  std::vector<std::string> names;
  for (auto& database : list()) {
    if (database.name == name_or_alias || database.alias == name_or_alias) return database;
    names.push_back(database.alias.value_or(database.name));
  }
  const auto meant = nearest(name_or_alias, names);
  throw Failure("there is no database " + name_or_alias,
                meant.empty() ? "`iasql databases` lists them." : "Did you mean " + meant + "?");
}

void Hosting::remove(const HostedDatabase& database) {
  m_database.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", {{database.name}});
  drop(database.name, database.role);
  m_database.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", {{database.name}});
}

void Hosting::move_endpoint(const std::string& from, const std::string& to) {
  for (const auto& row :
       m_database.query("SELECT name FROM public.hosted WHERE state = 'ready' AND endpoint_url = $1", {{from}})) {
    m_database.query("ALTER DATABASE " + m_database.identifier(*row[0]) +
                     " SET iasql.endpoint_url = " + m_database.literal(to));
    m_database.query("UPDATE public.hosted SET endpoint_url = $2 WHERE name = $1", {{*row[0]}, {to}});
  }
}

long long Hosting::count(const std::string& endpoint_url) {
  return std::stoll(
      *m_database
           .query("SELECT count(*) FROM public.hosted WHERE state = 'ready' AND endpoint_url = $1", {{endpoint_url}})
           .at(0)[0]);
}

} // namespace iasql::hosting
