#include "console/accounts.hpp"

#include "console/token.hpp"
#include "console/users.hpp"
#include "hosting/failure.hpp"
#include "hosting/identity.hpp"
#include "hosting/regions.hpp"

namespace iasql::console {

using namespace hosting;

namespace {

constexpr int most_sessions = 10; // of the console in one database

} // namespace

Accounts::Accounts(Hosting::Connect connect, std::function<Endpoints()> endpoints,
                   std::function<aws::Credentials()> servers_own)
    : m_connect(std::move(connect)), m_endpoints(std::move(endpoints)), m_servers_own(std::move(servers_own)) {}

std::string Accounts::endpoint(Place place) const {
  const auto endpoints = m_endpoints();
  if (place == Place::aws) return endpoints.aws;
  if (endpoints.emulator.empty()) throw Failure("the emulator does not run", "`iasql up` starts it.");
  return endpoints.emulator;
}

std::vector<HostedDatabase> Accounts::list() {
  return Hosting(m_connect).list_all();
}

HostedDatabase Accounts::find(const std::string& name) {
  return Hosting(m_connect).find(name);
}

TrustOffer Accounts::offer_trust(const std::string& user, const std::string& role_arn, const std::string& region,
                                 Place place) {
  require_role_arn(role_arn);
  require_region(region);
  const auto server_account = check(m_servers_own(), region, endpoint(place)).account_id;
  const auto external_id = Hosting(m_connect).reserve_external_id(role_arn, user).value;
  return {external_id, trust_policy(server_account, external_id)};
}

Account Accounts::checked(const NewAccount& account) {
  require_regions(account.region, account.further_regions);
  const auto url = endpoint(account.place);
  if (const auto* key = std::get_if<KeyGiven>(&account.access))
    return check({key->access_key_id, key->secret_access_key, key->session_token}, account.region, url);
  const auto& arn = std::get<RoleGiven>(account.access).arn;
  const auto offer = offer_trust(account.user, arn, account.region, account.place);
  return check_role({arn, offer.external_id}, offer.trust_policy, m_servers_own(), account.region, url);
}

void Accounts::connect(const NewAccount& account, const HandOver& hand_over) {
  auto found = checked(account);
  found.further_regions = account.further_regions;
  Hosting(m_connect).make(found, account.alias, hand_over);
}

void Accounts::rotate(const std::string& database, const HandOver& hand_over) {
  Hosting hosting(m_connect);
  hosting.rotate(hosting.find(database), Sessions::end, hand_over);
}

void Accounts::remove(const std::string& database) {
  Hosting hosting(m_connect);
  hosting.remove(hosting.find(database));
}

void Accounts::prepare() {
  const Hosting list(m_connect); // makes the tables that ours refer to
  auto bookkeeping = m_connect(bookkeeping_database);
  // Two consoles that start at once: the lock makes the second one find what the first one made.
  bookkeeping.query("SELECT pg_advisory_lock(hashtext('iasql: prepare console'))");
  Users::make_tables(bookkeeping);
  const std::string role = console_login;
  if (bookkeeping.query("SELECT FROM pg_roles WHERE rolname = $1", {{role}}).empty())
    bookkeeping.query("CREATE ROLE " + role +
                      " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT");
  bookkeeping.query("GRANT CONNECT ON DATABASE " + std::string(bookkeeping_database) + " TO " + role);
  bookkeeping.query("GRANT SELECT (name, state) ON public.hosted TO " + role);
  bookkeeping.query("GRANT SELECT, INSERT, UPDATE, DELETE ON public.console_user TO " + role);
  bookkeeping.query("GRANT SELECT, INSERT ON public.console_database TO " + role);
  bookkeeping.query("GRANT INSERT ON public.console_record TO " + role); // what is recorded stays
}

std::string Accounts::renew_own_password() {
  auto bookkeeping = m_connect(bookkeeping_database);
  auto password = random_token();
  bookkeeping.query("ALTER ROLE " + std::string(console_login) + " PASSWORD " +
                    bookkeeping.literal(bookkeeping.verifier(console_login, password)));
  return password;
}

std::string Accounts::renew_console_password(const std::string& database) {
  const auto owner_name = find(database).role;
  const auto name = console_role(owner_name);
  auto bookkeeping = m_connect(bookkeeping_database);
  const auto role = bookkeeping.identifier(name), owner = bookkeeping.identifier(owner_name);
  if (bookkeeping.query("SELECT FROM pg_roles WHERE rolname = $1", {{name}}).empty())
    bookkeeping.query("CREATE ROLE " + role + " NOLOGIN");
  auto password = random_token();
  // Whoever runs SQL in one of its sessions may have changed its settings and its password.
  bookkeeping.query("ALTER ROLE " + role + " RESET ALL");
  bookkeeping.query("GRANT " + owner + " TO " + role);
  bookkeeping.query("ALTER ROLE " + role + " LOGIN INHERIT CONNECTION LIMIT " + std::to_string(most_sessions) +
                    " PASSWORD " + bookkeeping.literal(bookkeeping.verifier(name, password)));
  return password;
}

} // namespace iasql::console
