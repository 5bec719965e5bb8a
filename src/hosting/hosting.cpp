// Turns "this account, please" into database, role, extension and connection, changes those, and turns them back into
// nothing.
//
// None of that fits into one transaction: databases cannot be made in one, and no transaction spans two of them. So the
// list says first what is about to happen ('making', 'removing', 'reconnecting', 'rotated') and 'ready' when it has.
// Whoever is at it holds an advisory lock on the row's name; a row in a passing state whose lock is free belongs to a
// process that died. What was being made or removed is removed; a new key counts if the database has it; sessions that
// a new password was to end are ended.

#include "hosting/hosting.hpp"

#include "base/names.hpp"
#include "hosting/failure.hpp"

#include <sodium.h>

#include <string_view>
#include <variant>

namespace iasql::hosting {

namespace {

constexpr int connections_of_a_tenant = 40;
constexpr const char* temporary_files_of_a_session = "1GB";
// Only defaults: a session may choose others.
constexpr const char* longest_statement = "2h"; // an apply that waits for a database server takes most of an hour
constexpr const char* memory_of_a_sort = "8MB";
constexpr std::size_t password_length = 24;
constexpr std::size_t external_id_length = 32;

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

std::string random_password() {
  return random_text(password_length, letters_and_digits);
}

Login random_login() {
  return {.role = random_text(1, lower_case) + random_text(7, lower_case_and_digits),
          .password = random_password(),
          .database = "_" + random_text(16, hex_digits)};
}

Database open_list(const Hosting::Connect& connect) {
  {
    Database postgres = connect("postgres");
    // Two processes that both find it missing: the lock makes the second one look again.
    postgres.query("SELECT pg_advisory_lock(hashtext('iasql: make bookkeeping'))");
    if (postgres.query("SELECT FROM pg_database WHERE datname = $1", {{bookkeeping_database}}).empty())
      postgres.query(std::string("CREATE DATABASE ") + bookkeeping_database + " TEMPLATE template0");
    for (const auto* database : {"postgres", "template1", bookkeeping_database})
      postgres.query(std::string("REVOKE ALL ON DATABASE ") + database + " FROM PUBLIC");
  }
  Database list = connect(bookkeeping_database);
  list.query("CREATE TABLE IF NOT EXISTS public.hosted ("
             " name text PRIMARY KEY,"
             " role text NOT NULL,"
             " alias text UNIQUE,"
             " account_id text NOT NULL,"
             " region text NOT NULL,"
             " endpoint_url text NOT NULL,"
             " state text NOT NULL CHECK (state IN ('making', 'ready', 'rotated', 'reconnecting', 'removing')),"
             " created timestamptz NOT NULL DEFAULT now())");
  list.query("CREATE TABLE IF NOT EXISTS public.reserved_external_id ("
             " role_arn text NOT NULL,"
             " reserved_for text NOT NULL,"
             " external_id text NOT NULL,"
             " reserved timestamptz NOT NULL DEFAULT now(),"
             " PRIMARY KEY (role_arn, reserved_for))");
  return list;
}

constexpr const char* is_there = "state NOT IN ('making', 'removing')";

// To AWS ("") or to an emulator, which answers every read with what was last written. In the connection's database or
// another one.
void set_endpoint(Database& connection, const std::string& database, const std::string& endpoint_url) {
  const auto alter = "ALTER DATABASE " + connection.identifier(database);
  if (endpoint_url.empty()) {
    connection.query(alter + " RESET iasql.endpoint_url");
    connection.query(alter + " RESET iasql.read_lag");
  } else {
    connection.query(alter + " SET iasql.endpoint_url = " + connection.literal(endpoint_url));
    connection.query(alter + " SET iasql.read_lag = 0");
  }
}

// In the table of module aws_account, as the owner, whose table it is: nobody else has had a session in this database.
void enable_further_regions(Database& database, const std::string& role, const Account& account) {
  Transaction transaction(database);
  database.query("SET LOCAL ROLE " + database.identifier(role));
  database.query("SELECT iasql.iasql_install('aws_account')");
  for (const auto& region : account.further_regions)
    if (database.query("UPDATE public.aws_regions SET is_enabled = true WHERE region = $1 RETURNING region", {{region}})
            .empty())
      throw Failure("account " + account.account_id + " has not enabled region " + region,
                    "Enable it in AWS, or leave it out.", Reason::usage);
  transaction.commit();
}

Stage stage_of(std::string_view state) {
  if (state == "making") return Stage::making;
  if (state == "removing") return Stage::removing;
  if (state == "reconnecting") return Stage::changing_key;
  return state == "rotated" ? Stage::changing_password : Stage::ready;
}

// What may be seen of it.
std::string shown(const credentials::Secret& secret) {
  const auto* role = std::get_if<credentials::AccountRole>(&secret);
  return role ? role->arn : std::get<credentials::AccessKey>(secret).access_key_id;
}

} // namespace

void connect_account(Database& database, const Account& account) {
  Transaction transaction(database);
  database.query("CREATE EXTENSION IF NOT EXISTS iasql");
  database.query("SELECT iasql.repair()");
  const auto identity =
      database
          .query("SELECT system_identifier, database_oid, pg_catalog.encode(public_key, 'hex'), current_database()"
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
  const auto sealed = credentials::seal(public_key, destination, account.secret);
  database.query("SELECT iasql.connect($1, $2, $3, $4)",
                 {{account.account_id}, {shown(account.secret)}, {account.region}, {sealed, Parameter::Kind::bytes}});
  set_endpoint(database, *identity[3], account.endpoint_url);
  transaction.commit();
}

std::string console_role(const std::string& owner) {
  return owner + "_console";
}

std::string connection_string(const Login& login, const std::string& host, int port) {
  return "postgres://" + login.role + ":" + login.password + "@" + host + ":" + std::to_string(port) + "/" +
         login.database;
}

// The right to change one database, waited for; given back when it is destroyed. Where the connection is lost, the
// server has given it back.
class Hosting::Hold {
public:
  Hold(Database& list, std::string name) : m_list(list), m_name(std::move(name)) {
    m_list.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", {{m_name}});
  }
  // Nothing where somebody else has it.
  static std::optional<Hold> try_to(Database& list, const std::string& name) {
    if (list.query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", {{name}}).at(0)[0] != "t") return {};
    return std::optional<Hold>(std::in_place, list, name, Taken{});
  }
  struct Taken {};
  Hold(Database& list, std::string name, Taken) : m_list(list), m_name(std::move(name)) {}
  ~Hold() {
    try {
      m_list.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", {{m_name}});
    } catch (const DatabaseError&) {
      // the connection is gone, and the lock with it
    }
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

private:
  Database& m_list;
  std::string m_name;
};

Hosting::Hosting(Connect connect) : m_connect(std::move(connect)), m_list(open_list(m_connect)) {
  settle_leftovers();
}

void Hosting::settle_leftovers() {
  for (const auto& left : m_list.query("SELECT name FROM public.hosted WHERE state <> 'ready'")) {
    const auto& name = *left[0];
    const auto hold = Hold::try_to(m_list, name);
    if (!hold) continue;
    // Its process may have ended well since the list was read.
    const auto row =
        m_list.query("SELECT role, state FROM public.hosted WHERE name = $1 AND state <> 'ready'", {{name}});
    if (row.empty()) continue;
    try {
      settle(name, *row[0][0], *row[0][1]);
    } catch (const DatabaseError&) {
      // Its owner can make one take no connections: that keeps nobody from the others, and the next command tries
      // again.
    }
  }
}

void Hosting::settle(const std::string& name, const std::string& role, const std::string& state) {
  if (state == "rotated")
    end_sessions(name, role);
  else if (state == "reconnecting")
    take_over_connection(name);
  else
    drop(name, role);
}

void Hosting::drop(const std::string& name, const std::string& role) {
  m_list.query("UPDATE public.hosted SET state = 'removing' WHERE name = $1", {{name}});
  // An owner may make it a template, which cannot be dropped: nobody's any more, it stays none.
  if (!m_list.query("SELECT FROM pg_database WHERE datname = $1", {{name}}).empty()) {
    m_list.query("ALTER DATABASE " + m_list.identifier(name) + " OWNER TO CURRENT_USER");
    m_list.query("ALTER DATABASE " + m_list.identifier(name) + " IS_TEMPLATE false");
  }
  m_list.query("DROP DATABASE IF EXISTS " + m_list.identifier(name) + " WITH (FORCE)");
  // The owner of another database may have granted a role something there, which keeps it from being dropped.
  for (const auto& one : {m_list.identifier(console_role(role)), m_list.identifier(role)})
    m_list.query("DO $drop$ BEGIN DROP ROLE IF EXISTS " + one +
                 "; EXCEPTION WHEN dependent_objects_still_exist THEN ALTER ROLE " + one +
                 " NOLOGIN PASSWORD NULL; END $drop$");
  m_list.query("DELETE FROM public.hosted WHERE name = $1", {{name}});
}

void Hosting::require_unused(const std::string& alias) {
  const auto found = m_list.query("SELECT state FROM public.hosted WHERE $1 IN (alias, name)", {{alias}});
  if (found.empty()) return;
  if (found[0][0] != "making" && found[0][0] != "removing")
    throw Failure("there is already a database called " + alias, "Choose another name, or remove that one.");
  throw Failure("a database called " + alias + " is being made or removed at this moment", "Try again soon.");
}

// For whoever holds it: it may have gone while the hold was waited for.
void Hosting::require_there(const std::string& name) {
  if (m_list.query(std::string("SELECT FROM public.hosted WHERE name = $1 AND ") + is_there, {{name}}).empty())
    throw Failure("database " + name + " has been removed meanwhile", {}, Reason::unknown_database);
}

void Hosting::make_role(const Login& login) {
  const auto role = m_list.identifier(login.role);
  m_list.query("CREATE ROLE " + role +
               " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT " +
               std::to_string(connections_of_a_tenant) + " PASSWORD " +
               m_list.literal(m_list.verifier(login.role, login.password)));
  for (const auto& [setting, value] :
       {std::pair{"temp_file_limit", temporary_files_of_a_session}, std::pair{"statement_timeout", longest_statement},
        std::pair{"work_mem", memory_of_a_sort}})
    m_list.query("ALTER ROLE " + role + " SET " + setting + " = " + m_list.literal(value));
}

void Hosting::make_database(const Login& login) {
  const auto name = m_list.identifier(login.database);
  // PUBLIC may connect to a new database: nobody gets in before that is revoked.
  m_list.query("CREATE DATABASE " + name + " OWNER " + m_list.identifier(login.role) +
               " TEMPLATE template0 ALLOW_CONNECTIONS false");
  m_list.query("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
  m_list.query("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
}

void Hosting::make(const Account& account, const std::optional<std::string>& alias, const HandOver& hand_over) {
  if (alias) require_unused(*alias);
  const Login login = random_login();
  const Hold hold(m_list, login.database);
  m_list.query("INSERT INTO public.hosted (name, role, alias, account_id, region, endpoint_url, state)"
               " VALUES ($1, $2, nullif($3, ''), $4, $5, $6, 'making')",
               {{login.database},
                {login.role},
                {alias.value_or("")},
                {account.account_id},
                {account.region},
                {account.endpoint_url}});
  try {
    make_role(login);
    make_database(login);
    {
      Database database = m_connect(login.database);
      connect_account(database, account);
    }
    if (!account.further_regions.empty()) {
      Database database = m_connect(login.database); // a session that has the endpoint
      enable_further_regions(database, login.role, account);
    }
    hand_over(login);
  } catch (...) {
    drop(login.database, login.role);
    throw;
  }
  m_list.query("UPDATE public.hosted SET state = 'ready' WHERE name = $1", {{login.database}});
  use_up_external_id(account);
}

ExternalId Hosting::reserve_external_id(const std::string& role_arn, const std::string& user) {
  const bool is_new =
      !m_list
           .query("INSERT INTO public.reserved_external_id (role_arn, reserved_for, external_id) VALUES ($1, $2, $3)"
                  " ON CONFLICT DO NOTHING RETURNING role_arn",
                  {{role_arn}, {user}, {"iasql-" + random_text(external_id_length, letters_and_digits)}})
           .empty();
  const auto found =
      m_list.query("SELECT external_id FROM public.reserved_external_id WHERE role_arn = $1 AND reserved_for = $2",
                   {{role_arn}, {user}});
  return {*found.at(0)[0], is_new};
}

void Hosting::use_up_external_id(const Account& account) {
  if (const auto* role = std::get_if<credentials::AccountRole>(&account.secret))
    m_list.query("DELETE FROM public.reserved_external_id WHERE role_arn = $1 AND external_id = $2",
                 {{role->arn}, {role->external_id}});
}

std::vector<HostedDatabase> Hosting::list() {
  return read_list(is_there);
}

std::vector<HostedDatabase> Hosting::list_all() {
  return read_list("true");
}

std::vector<HostedDatabase> Hosting::read_list(const std::string& condition) {
  std::vector<HostedDatabase> result;
  for (const auto& row : m_list.query(
           "SELECT name, role, account_id, region, to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), alias,"
           "       endpoint_url,"
           "       coalesce(pg_database_size((SELECT oid FROM pg_database WHERE datname = name)), 0), state"
           "  FROM public.hosted WHERE " +
           condition + " ORDER BY public.hosted.created, name"))
    result.push_back({.name = *row[0],
                      .role = *row[1],
                      .account_id = *row[2],
                      .region = *row[3],
                      .created = *row[4],
                      .alias = row[5],
                      .endpoint_url = *row[6],
                      .bytes = std::stoll(*row[7]),
                      .stage = stage_of(*row[8])});
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
                meant.empty() ? "`iasql databases` lists them." : "Did you mean " + meant + "?",
                Reason::unknown_database);
}

void Hosting::remove(const HostedDatabase& database) {
  const Hold hold(m_list, database.name);
  require_there(database.name);
  drop(database.name, database.role);
}

void Hosting::rotate(const HostedDatabase& database, Sessions sessions, const HandOver& hand_over) {
  const Login login{.role = database.role, .password = random_password(), .database = database.name};
  const Hold hold(m_list, login.database);
  require_there(login.database);
  Transaction transaction(m_list);
  m_list.query("ALTER ROLE " + m_list.identifier(login.role) + " PASSWORD " +
               m_list.literal(m_list.verifier(login.role, login.password)));
  if (sessions == Sessions::end)
    m_list.query("UPDATE public.hosted SET state = 'rotated' WHERE name = $1", {{login.database}});
  hand_over(login);
  transaction.commit();
  if (sessions == Sessions::end) end_sessions(login.database, login.role);
}

// Of the role's, in whatever database; then the database is ready.
void Hosting::end_sessions(const std::string& name, const std::string& role) {
  m_list.query("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = $1", {{role}});
  m_list.query("UPDATE public.hosted SET state = 'ready' WHERE name = $1", {{name}});
}

void Hosting::reconnect(const HostedDatabase& hosted, const Account& account) {
  const Hold hold(m_list, hosted.name);
  require_there(hosted.name);
  m_list.query("UPDATE public.hosted SET state = 'reconnecting' WHERE name = $1", {{hosted.name}});
  try {
    Database database = m_connect(hosted.name);
    connect_account(database, account);
  } catch (...) {
    take_over_connection(hosted.name);
    throw;
  }
  use_up_external_id(account);
  take_over_connection(hosted.name);
}

// The list says which account a database is for; the database itself knows.
void Hosting::take_over_connection(const std::string& name) {
  const auto connected = m_connect(name).query("SELECT account_id, region FROM iasql.connection").at(0);
  m_list.query("UPDATE public.hosted SET state = 'ready', account_id = $2, region = $3, endpoint_url = coalesce("
               " (SELECT substr(setting, length('iasql.endpoint_url=') + 1)"
               "    FROM pg_db_role_setting s, pg_database d, unnest(setconfig) AS setting"
               "   WHERE d.datname = $1 AND s.setdatabase = d.oid AND s.setrole = 0"
               "     AND setting ^@ 'iasql.endpoint_url='), '') WHERE name = $1",
               {{name}, {*connected[0]}, {*connected[1]}});
}

void Hosting::move_endpoint(const std::string& from, const std::string& to) {
  for (const auto& row :
       m_list.query(std::string("SELECT name FROM public.hosted WHERE endpoint_url = $1 AND ") + is_there, {{from}})) {
    Transaction transaction(m_list);
    set_endpoint(m_list, *row[0], to);
    m_list.query("UPDATE public.hosted SET endpoint_url = $2 WHERE name = $1", {{*row[0]}, {to}});
    transaction.commit();
  }
}

long long Hosting::count(const std::string& endpoint_url) {
  return std::stoll(
      *m_list
           .query(std::string("SELECT count(*) FROM public.hosted WHERE endpoint_url = $1 AND ") + is_there,
                  {{endpoint_url}})
           .at(0)[0]);
}

} // namespace iasql::hosting
