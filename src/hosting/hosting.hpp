#pragma once

// Hosted databases: one for one AWS account, each with a login role of its own that owns it. A database of the cluster
// keeps the list, so that what a crash left half done is finished or removed by whoever comes next.

#include "credentials/sealed.hpp"
#include "hosting/database.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace iasql::hosting {

inline constexpr const char* bookkeeping_database = "iasql";

// What is going on with a database. Whatever is not ready will be: what a process left half done when it died, the next
// one finishes or removes.
enum class Stage { making, ready, changing_key, changing_password, removing };

struct HostedDatabase {
  std::string name, role, account_id, region, created; // created: UTC, "2026-11-22 15:04"
  std::optional<std::string> alias;
  std::string endpoint_url; // "" for AWS itself, else an emulator's
  long long bytes = 0;
  Stage stage = Stage::ready;
};

// An AWS key or role that was found good (identity.hpp), and where it is for.
struct Account {
  std::string account_id, region;           // the home region
  std::vector<std::string> further_regions; // in which a new database works from the beginning, too
  credentials::Secret secret;
  std::string endpoint_url; // "" for AWS itself, else an emulator's
};

// What the operator is shown once.
struct Login {
  std::string role, password, database;
};
// postgres://role:password@host:port/database
std::string connection_string(const Login& login, const std::string& host, int port);

// The role as which the console works in the database of that owner.
std::string console_role(const std::string& owner);

using HandOver = std::function<void(const Login&)>;

// Who connects accounts through the command line, as the server's operator.
inline constexpr const char* operator_himself = "";

struct ExternalId {
  std::string value;
  bool is_new = false; // nobody can have put it into a trust policy yet
};

// What becomes of those who are connected when the password changes.
enum class Sessions { end, keep };

// One connection to the list and therefore for one thread at a time; several of them, in one process or many, do not
// get into each other's way.
class Hosting {
public:
  // The operator's connection, as superuser, to a database of the cluster. Throws DatabaseError.
  using Connect = std::function<Database(const std::string& database)>;

  // Makes the list where there is none, keeps strangers out of the cluster's other databases, and finishes or removes
  // what was left half done.
  explicit Hosting(Connect connect);

  // Makes a database and its role, connects the account, and hands over the login. With further regions, module
  // aws_account is installed and they are enabled in its table aws_regions. On failure nothing of it is left, and where
  // this process dies before hand_over returns, the next one removes it: nobody has a use for a database whose password
  // was never shown. Throws Failure, DatabaseError, and what hand_over throws.
  void make(const Account& account, const std::optional<std::string>& alias, const HandOver& hand_over);
  // Those that are there: what is being made or removed is left out.
  std::vector<HostedDatabase> list();
  // Those, too.
  std::vector<HostedDatabase> list_all();
  // By name or alias. Throws Failure (unknown_database) naming the nearest.
  HostedDatabase find(const std::string& name_or_alias);
  // Drops database and role, also while clients are connected. Throws Failure (unknown_database), DatabaseError.
  void remove(const HostedDatabase& database);

  // Gives the role a new password and hands over the login; from then on the former one is worth nothing. Where
  // hand_over throws or this process dies before it returns, the former one stays. Throws Failure (unknown_database),
  // DatabaseError, and what hand_over throws.
  void rotate(const HostedDatabase& database, Sessions sessions, const HandOver& hand_over);
  // Gives the database another key: of its own account or, while it has no rows of AWS, of another one. Throws Failure
  // (unknown_database), DatabaseError.
  void reconnect(const HostedDatabase& database, const Account& account);

  // The external id that the role's trust policy is to ask for: random, and made for the next database that this user
  // connects with this role. The same one until then. Another user gets another one, so that nobody gets into an
  // account by naming a role of which somebody else has the trust policy ready.
  ExternalId reserve_external_id(const std::string& role_arn, const std::string& user);

  // Databases of an emulator that now listens elsewhere.
  void move_endpoint(const std::string& from, const std::string& to);
  // How many databases have that endpoint.
  long long count(const std::string& endpoint_url);

private:
  class Hold;
  void require_unused(const std::string& alias);
  void require_there(const std::string& name);
  void make_role(const Login& login);
  void make_database(const Login& login);
  void drop(const std::string& name, const std::string& role);
  void end_sessions(const std::string& name, const std::string& role);
  void take_over_connection(const std::string& name);
  void use_up_external_id(const Account& account);
  void settle_leftovers();
  void settle(const std::string& name, const std::string& role, const std::string& state);
  std::vector<HostedDatabase> read_list(const std::string& condition);
  Connect m_connect;
  Database m_list;
};

// Makes the extension in the database that the connection is to, where it is missing, and connects the account to it:
// all of that or nothing. Throws Failure, DatabaseError.
void connect_account(Database& database, const Account& account);

} // namespace iasql::hosting
