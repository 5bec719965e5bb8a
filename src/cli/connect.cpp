// `iasql connect`: checks an AWS key, then makes a database for its account. Only the connection string goes to
// standard output.

#include "aws/credentials.hpp"
#include "base/error.hpp"
#include "base/instant.hpp"
#include "cli/commands.hpp"
#include "cli/login.hpp"
#include "cli/profile.hpp"
#include "cli/terminal.hpp"
#include "hosting/failure.hpp"
#include "hosting/hosting.hpp"
#include "hosting/identity.hpp"
#include "hosting/regions.hpp"
#include "hosting/running_server.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace iasql::cli {

using namespace hosting;

namespace {

// The emulator takes any key; this one is of a form that AWS's have.
constexpr const char* emulator_access_key_id = "AKIAEMULATOR00000000";
constexpr const char* emulator_secret = "emulator";
constexpr const char* emulator_region = "us-east-1";

struct Options {
  std::string data, access_key_id, session_token, profile, database, role_arn;
  std::vector<std::string> regions; // the home region first
  std::optional<std::string> name;
  bool emulator = false;
};

aws::Credentials read_credentials(const Options& options, const std::optional<Profile>& profile,
                                  const std::string& endpoint_url) {
  if (profile) {
    auto found = profile->credentials(endpoint_url);
    if (!options.access_key_id.empty() && options.access_key_id != found.access_key_id)
      throw Failure("the profile " + options.profile + " has another access key than --access-key-id", {},
                    Reason::usage);
    return found;
  }
  if (options.emulator && options.access_key_id.empty()) return {emulator_access_key_id, emulator_secret};
  if (options.access_key_id.empty())
    throw Failure("whose account?", "Give --access-key-id, --profile or --emulator.", Reason::usage);
  require_access_key_id(options.access_key_id);
  const auto secret = read_secret("secret access key", " of " + options.access_key_id);
  if (options.session_token != "-") return {options.access_key_id, std::string(secret.view()), options.session_token};
  const auto token = read_secret("session token");
  return {options.access_key_id, std::string(secret.view()), std::string(token.view())};
}

// Where calls go: the emulator, what AWS's own tools take from environment and profile, or AWS ("").
std::string endpoint(const Options& options, const std::optional<Profile>& profile,
                     const std::optional<RunningServer>& server) {
  const auto configured = profile ? profile->endpoint_url() : endpoint_url_of_environment();
  if (options.emulator) {
    if (server && is_running(server->state.emulator)) return emulator_url(*server->state.emulator);
    if (configured.empty())
      throw Failure("no emulator runs", "`iasql up -d` starts it; AWS_ENDPOINT_URL names another.",
                    Reason::not_running);
  }
  return configured;
}

bool is_connection_string(const std::string& database) {
  return database.find('=') != std::string::npos || database.find("://") != std::string::npos;
}

// A database that somebody made: the extension is added to it, and no role and no password are made.
void connect_own(Database database, const Account& account) {
  const auto name = *database.query("SELECT current_database()").at(0)[0];
  connect_account(database, account);
  say("connected account " + account.account_id + " to database " + name);
}

// A database of the server: one that `connect` made, by name or alias, or one that the operator made.
void connect_again(Hosting& hosting, const RunningServer& server, const std::string& name, const Account& account) {
  const auto hosted = hosting.list();
  const auto found = std::find_if(hosted.begin(), hosted.end(),
                                  [&](const auto& one) { return one.name == name || one.alias == name; });
  if (found == hosted.end()) return connect_own(server.connect(name), account);
  hosting.reconnect(*found, account);
  say("database " + name + " has the new key of account " + account.account_id);
}

std::string region_of(const Options& options, const std::optional<Profile>& profile) {
  if (!options.regions.empty()) return options.regions.front();
  if (profile && !profile->region().empty()) return profile->region();
  return options.emulator ? emulator_region : "";
}

// Nobody but the owner may enable regions in a database that is there already.
std::vector<std::string> further_regions_of(const Options& options) {
  if (options.regions.size() < 2) return {};
  if (!options.database.empty())
    throw Failure("further regions are for a new database", "In this one enable them in its table aws_regions.",
                  Reason::usage);
  return {options.regions.begin() + 1, options.regions.end()};
}

// The server keeps the keys that it was given and cannot get others where these came from.
void say_how_long(const Options& options, const aws::Credentials& credentials) {
  if (!credentials.expires) return;
  const auto expires = std::chrono::floor<std::chrono::seconds>(credentials.expires->time_since_epoch());
  say("The profile's keys are temporary: AWS takes them until " + instant_text(expires.count() * 1'000'000) +
      ". Give the database others then: iasql connect --profile " + options.profile + " --database NAME");
}

std::optional<Account> key_of_account(const Options& options, const std::optional<Profile>& profile,
                                      const std::string& region, const std::string& endpoint_url) {
  const auto credentials = read_credentials(options, profile, endpoint_url);
  auto account = check(credentials, region, endpoint_url);
  say_how_long(options, credentials);
  return account;
}

// Nothing where the external id is a new one: then the role's owner has something to do first.
std::optional<Account> role_of_account(const Options& options, const DataFolder& folder, std::optional<Hosting>& list,
                                       const std::string& region, const std::string& endpoint_url) {
  if (!list || !options.access_key_id.empty() || !options.profile.empty())
    throw Failure("a role is assumed by a server of this computer, with its own key",
                  "Give --role-arn without --access-key-id, --profile and connection string.", Reason::usage);
  require_role_arn(options.role_arn);
  const auto servers_own = servers_own_credentials(folder);
  const auto server_account = check(servers_own, region, endpoint_url).account_id;
  const auto external_id = list->reserve_external_id(options.role_arn, operator_himself);
  const auto policy = trust_policy(server_account, external_id.value);
  if (!external_id.is_new)
    return check_role({options.role_arn, external_id.value}, policy, servers_own, region, endpoint_url);
  say("Give role " + options.role_arn + " this trust policy, then call the same command again:");
  std::cout << policy << std::endl;
  return {};
}

void connect(const Options& options) {
  const auto folder = data_folder(options.data);
  const bool elsewhere = is_connection_string(options.database);
  std::optional<RunningServer> server;
  if (!elsewhere) server.emplace(running_server(folder));

  std::optional<Profile> profile;
  if (!options.profile.empty()) profile.emplace(options.profile);
  const auto region = region_of(options, profile);
  const auto further_regions = further_regions_of(options);
  require_regions(region, further_regions);
  const auto endpoint_url = endpoint(options, profile, server);
  std::optional<Hosting> list;
  if (!elsewhere) list.emplace([&](const std::string& database) { return server->connect(database); });
  auto found = options.role_arn.empty() ? key_of_account(options, profile, region, endpoint_url)
                                        : role_of_account(options, folder, list, region, endpoint_url);
  if (!found) return;
  auto& account = *found;
  account.further_regions = further_regions;

  if (elsewhere) return connect_own(Database(options.database), account);
  Hosting& hosting = *list;
  if (!options.database.empty()) return connect_again(hosting, *server, options.database, account);

  hosting.make(account, options.name, [&](const Login& login) {
    say("connected account " + account.account_id + ", region " + region + ", to the new database " + login.database +
        (options.name ? " (" + *options.name + ")" : "") + ".");
    show(login, server->port(), "the database is removed again");
  });
}

} // namespace

void add_connect(CLI::App& program) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("connect", "Make a database for an AWS account and print its connection string");
  add_data_option(*command, options->data);
  command->add_option("--access-key-id", options->access_key_id,
                      "The key's public half; the secret is asked for, or read from standard input");
  command
      ->add_option("--region", options->regions,
                   "The database's default region; named again, another one in which it works from the beginning")
      ->allow_extra_args(false);
  command->add_option("--session-token", options->session_token,
                      "Of temporary keys; - asks for it, or reads it from standard input after the secret");
  command->add_option("--profile", options->profile,
                      "Take key and region from this profile of ~/.aws: keys, a role, a sign-on or a process");
  command->add_flag("--emulator", options->emulator, "Connect to the local emulator; key and region may be left out");
  command->add_option(
      "--role-arn", options->role_arn,
      "Instead of a key: a role of the account's that the server assumes; prints its trust policy first");
  command->add_option("--name", options->name, "What to call the database besides its own name");
  command->add_option(
      "--database", options->database,
      "Give this database of the server the key, or one elsewhere (a connection string), instead of making one");
  command->callback([options] { connect(*options); });
}

} // namespace iasql::cli
