#pragma once

// What of the console's work takes the server's rights: to see, make, change and remove hosted databases. Whoever asks
// names an account and gets a database; where PostgreSQL, the server's own key and its folders are, only this side
// knows.

#include "aws/credentials.hpp"
#include "hosting/hosting.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace iasql::console {

// Where an account is: AWS (or what the operator set in its place), or the local emulator.
enum class Place { aws, emulator };

// The endpoints of the places: "" for AWS itself, and for an emulator that does not run.
struct Endpoints {
  std::string aws, emulator;
};

struct KeyGiven {
  std::string access_key_id, secret_access_key, session_token;
};
struct RoleGiven {
  std::string arn;
};

struct NewAccount {
  std::variant<KeyGiven, RoleGiven> access;
  Place place = Place::aws;
  std::string region;
  std::vector<std::string> further_regions;
  std::optional<std::string> alias;
  std::string user; // of the console, who connects it
};

struct TrustOffer {
  std::string external_id, trust_policy; // JSON
};

// The role with the console's own rights.
inline constexpr const char* console_login = "iasql_console";

class Accounts {
public:
  // The endpoints are asked for whenever they are needed: the emulator may start, stop and move. `servers_own` gives
  // the key with which roles are assumed, or throws Failure.
  Accounts(hosting::Hosting::Connect connect, std::function<Endpoints()> endpoints,
           std::function<aws::Credentials()> servers_own);

  Endpoints endpoints() const { return m_endpoints(); }

  // All of them, those that are being made or removed, too.
  std::vector<hosting::HostedDatabase> list();
  // By name or alias. Throws Failure (unknown_database).
  hosting::HostedDatabase find(const std::string& name);

  // What the role's owner has to put into its trust policy before this user can connect it. The external id is this
  // user's and no other's. Throws Failure.
  TrustOffer offer_trust(const std::string& user, const std::string& role_arn, const std::string& region, Place place);

  // Checks key or role with AWS and makes the database: hosting::Hosting::make(). Throws Failure, DatabaseError and
  // what hand_over throws.
  void connect(const NewAccount& account, const hosting::HandOver& hand_over);
  void rotate(const std::string& database, const hosting::HandOver& hand_over);
  void remove(const std::string& database);

  // Makes what the console itself needs in PostgreSQL: its tables, and the role `console_login`, which may read and
  // write them and do nothing else. Throws DatabaseError.
  void prepare();
  // Gives that role another password.
  std::string renew_own_password();

  // Gives the role as which the console works in that database another password (tenant_sessions.hpp).
  std::string renew_console_password(const std::string& database);

private:
  std::string endpoint(Place place) const;
  hosting::Account checked(const NewAccount& account);
  const hosting::Hosting::Connect m_connect;
  const std::function<Endpoints()> m_endpoints;
  const std::function<aws::Credentials()> m_servers_own;
};

} // namespace iasql::console
