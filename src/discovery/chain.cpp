#include "discovery/chain.hpp"

#include "base/error.hpp"
#include "base/names.hpp"

#include <algorithm>
#include <vector>

namespace iasql::discovery {

namespace {

enum class Proof {
  none,
  first_use, // whether it has any shows only when it is asked
};

struct Source {
  std::string_view name;
  Finding (*look)(const Search&, const std::string& profile);
  Proof proof = Proof::none;
};

constexpr Source sources[] = {
    {"environment",
     [](const Search& search, const std::string&) {
       if (search.variables == Variables::skipped) return Finding{nullptr, "not asked, since a profile is named"};
       return from_environment(search);
     }},
    {"role", from_role},
    {"web identity", from_web_identity},
    {"single sign-on", from_single_sign_on},
    {"credentials file", from_credentials_file},
    {"process", from_process},
    {"configuration file", from_configuration_file},
    {"container", [](const Search& search, const std::string&) { return from_container(search); }},
    {"instance", from_instance, Proof::first_use},
};

void refuse_unknown_profile(const ConfigFiles& files, const std::string& profile) {
  const auto& profiles = files.both.profiles;
  if (profiles.count(profile) > 0) return;
  std::vector<std::string> names;
  for (const auto& [name, section] : profiles)
    names.push_back(name);
  const auto near = nearest(profile, names);
  throw Error(sqlstate::not_connected,
              "there is no profile " + profile + " in " + files.credentials_name + " or " + files.configuration_name,
              {}, near.empty() ? "" : "Is it " + near + "?");
}

} // namespace

std::string profile_name(const Environment& environment, const Question& question) {
  if (!question.profile.empty()) return question.profile;
  for (const char* variable : {"AWS_DEFAULT_PROFILE", "AWS_PROFILE"})
    if (const auto named = environment.get(variable); !named.empty()) return std::string(named);
  return "default";
}

std::string region_of(const Environment& environment, const ConfigFiles& files, const std::string& profile) {
  if (const auto found = files.both.profiles.find(profile); found != files.both.profiles.end())
    if (const auto region = found->second.get("region"); !region.empty()) return std::string(region);
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (const auto region = environment.get(variable); !region.empty()) return std::string(region);
  return {};
}

net::task<Discovered> discover(Environment environment, ConfigFiles files, aws::ClientParts parts, Question question) {
  const auto profile = profile_name(environment, question);
  if (profile != "default" || !question.profile.empty()) refuse_unknown_profile(files, profile);
  const auto region = region_of(environment, files, profile);
  const Search search{.environment = environment,
                      .files = files,
                      .parts = parts,
                      .processes = question.processes,
                      .variables = question.profile.empty() ? Variables::read : Variables::skipped,
                      .region = region.empty() ? "us-east-1" : region};
  std::string tried;
  for (const auto& source : sources) {
    auto found = source.look(search, profile);
    if (found.provider && source.proof == Proof::first_use) {
      try {
        auto asking = found.provider->credentials();
        co_await std::move(asking);
      } catch (const Error& error) {
        found = {nullptr, error.what()};
      }
    }
    if (found.provider) co_return Discovered{std::string(source.name), std::move(found.provider)};
    if (!tried.empty()) tried += '\n';
    tried.append(source.name).append(": ").append(found.reason);
  }
  throw Error(sqlstate::not_connected, "no AWS credentials were found for profile " + profile, tried);
}

} // namespace iasql::discovery
