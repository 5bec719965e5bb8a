#include "extension/settings.hpp"

#include "extension/pg/settings.hpp"

#include <array>

namespace iasql::extension {

namespace {

constexpr int unlimited = -1;
constexpr int of_each_resource = -1;
constexpr int as_recommended = -1;

int parallelism = 8;
int max_retries = as_recommended;
int log_level = static_cast<int>(LogLevel::warning);
int max_deletes = unlimited;
bool allow_data_loss = false;
bool discard_changes = false;
int in_doubt_wait = 60;
int read_lag = of_each_resource;
bool use_fips_endpoint = false;
bool use_dualstack_endpoint = false;
char* key_file = nullptr;
char* endpoint_url = nullptr;

constexpr std::array<pg::ChoiceSetting::Choice, 2> log_levels{{
    {"warning", static_cast<int>(LogLevel::warning)},
    {"debug", static_cast<int>(LogLevel::debug)},
}};

} // namespace

void define_settings() {
  using pg::MayChange, pg::Unit;
  pg::define(pg::IntegerSetting{"iasql.parallelism", "How many AWS calls may be under way at the same time.",
                                &parallelism, 1, 64, Unit::none, MayChange::everyone});
  pg::define(
      pg::IntegerSetting{"iasql.max_retries",
                         "How often an AWS call is tried again when AWS throttles it or cannot be reached. A create "
                         "that may have taken effect is never repeated blindly. -1: as AWS recommends for the service, "
                         "2 and for DynamoDB 3.",
                         &max_retries, as_recommended, 10, Unit::none, MayChange::everyone});
  pg::define(
      pg::ChoiceSetting{"iasql.log_level",
                        "What goes to the server's log: \"debug\" adds a line for each attempt of an AWS call, with "
                        "service, operation, region, status and time, never what was sent.",
                        &log_level, log_levels, MayChange::everyone});
  pg::define(pg::IntegerSetting{
      "iasql.max_deletes",
      "The most deletes and replaces that iasql_apply() may carry out in one call; a plan with more is refused before "
      "its first call. -1: no limit.",
      &max_deletes, unlimited, 1'000'000, Unit::none, MayChange::everyone});
  pg::define(pg::BooleanSetting{"iasql.allow_data_loss",
                                "Whether iasql_apply() may replace something whose data is lost with it.",
                                &allow_data_loss, MayChange::everyone});
  pg::define(pg::BooleanSetting{"iasql.discard_changes",
                                "Whether iasql_uninstall() may drop tables with changes that were not applied.",
                                &discard_changes, MayChange::everyone});
  pg::define(
      pg::IntegerSetting{"iasql.in_doubt_wait",
                         "How long AWS may take to carry out a request whose answer was lost, before it counts as not "
                         "carried out; the read lag comes on top.",
                         &in_doubt_wait, 0, 3600, Unit::seconds, MayChange::everyone});
  pg::define(pg::IntegerSetting{"iasql.read_lag",
                                "For how long after a change AWS may still answer reads without it. -1: what each kind "
                                "of resource says; 0 suits an emulator.",
                                &read_lag, of_each_resource, 3600, Unit::seconds, MayChange::superuser});
  pg::define(pg::BooleanSetting{"iasql.use_fips_endpoint",
                                "Whether AWS is called at its FIPS endpoints. Where a service has none in a region, "
                                "its calls fail.",
                                &use_fips_endpoint, MayChange::everyone});
  pg::define(pg::BooleanSetting{"iasql.use_dualstack_endpoint",
                                "Whether AWS is called at its endpoints with IPv4 and IPv6. Where a service has none "
                                "in a region, its calls fail.",
                                &use_dualstack_endpoint, MayChange::everyone});
  pg::define(
      pg::TextSetting{"iasql.key_file",
                      "Path of the file with the key that opens stored credentials, outside the data directory. It "
                      "has mode 0400 and belongs to the operating-system user that the server runs as.",
                      &key_file, "/var/lib/iasql/key", MayChange::superuser});
  pg::define(pg::TextSetting{"iasql.endpoint_url",
                             "URL that every AWS call goes to instead of AWS, for an emulator; empty: AWS itself.",
                             &endpoint_url, "", MayChange::superuser});
  pg::reserve_settings("iasql");
}

Settings settings() {
  Settings result;
  result.engine.parallelism = parallelism;
  if (max_deletes != unlimited) result.engine.max_deletes = max_deletes;
  result.engine.allow_data_loss = allow_data_loss;
  result.engine.discard_changes = discard_changes;
  result.engine.in_doubt_wait = std::chrono::seconds(in_doubt_wait);
  if (read_lag != of_each_resource) result.engine.read_lag = std::chrono::seconds(read_lag);
  if (max_retries != as_recommended) result.max_attempts = 1 + max_retries;
  result.log_level = static_cast<LogLevel>(log_level);
  result.key_file = key_file;
  result.endpoint_url = endpoint_url;
  result.use_fips_endpoint = use_fips_endpoint;
  result.use_dualstack_endpoint = use_dualstack_endpoint;
  return result;
}

} // namespace iasql::extension
