// A profile's role: who assumes it is another profile, which may have a role itself, or a source by name. The visited
// profiles are carried along, so that a circle ends as an error.

#include "base/error.hpp"
#include "base/names.hpp"
#include "discovery/sources.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace iasql::discovery {

namespace {

using Provider = std::unique_ptr<aws::CredentialsProvider>;

[[noreturn]] void refuse(const std::string& profile, const std::string& reason, std::string hint = {}) {
  throw Error(sqlstate::not_connected, "profile " + profile + ": " + reason, {}, std::move(hint));
}

struct NamedSource {
  std::string_view name;
  Finding (*look)(const Search&, const std::string& profile);
};

constexpr NamedSource named_sources[] = {
    {"Environment", [](const Search& search, const std::string&) { return from_environment(search); }},
    {"EcsContainer", [](const Search& search, const std::string&) { return from_container(search); }},
    {"Ec2InstanceMetadata", from_instance},
};

Provider from_named_source(const Search& search, const std::string& profile, std::string_view name) {
  for (const auto& source : named_sources) {
    if (source.name != name) continue;
    auto found = source.look(search, profile);
    if (!found.provider)
      refuse(profile, "its credential_source " + std::string(name) + " has nothing: " + found.reason);
    return std::move(found.provider);
  }
  refuse(profile, "there is no credential_source " + std::string(name),
         "It is Environment, EcsContainer or Ec2InstanceMetadata");
}

// What a profile has besides a role, in the SDKs' order.
Provider own_credentials(Search search, const std::string& profile) {
  search.variables = Variables::skipped;
  for (auto look :
       {from_web_identity, from_single_sign_on, from_credentials_file, from_process, from_configuration_file}) {
    auto found = look(search, profile);
    if (found.provider) return std::move(found.provider);
  }
  return nullptr;
}

Provider role_of(const Search& search, const std::string& profile, std::vector<std::string>& visited);

Provider from_source_profile(const Search& search, const std::string& profile, const std::string& source,
                             std::vector<std::string>& visited) {
  const auto& profiles = search.files.both.profiles;
  const auto found = profiles.find(source);
  if (found == profiles.end()) {
    std::vector<std::string> names;
    for (const auto& [name, section] : profiles)
      names.push_back(name);
    const auto near = nearest(source, names);
    refuse(profile, "its source_profile " + source + " does not exist", near.empty() ? "" : "Is it " + near + "?");
  }
  // A profile may be its own source where its keys are beside the role.
  const bool was_visited = std::find(visited.begin(), visited.end(), source) != visited.end();
  if (was_visited && (source != profile || !has_own_keys(found->second))) {
    std::string circle;
    for (const auto& step : visited)
      circle += step + " -> ";
    refuse(profile, "its source_profile leads back to where it came from: " + circle + source);
  }
  visited.push_back(source);
  if (!has_own_keys(found->second) && has_role(found->second)) return role_of(search, source, visited);
  auto own = own_credentials(search, source);
  if (!own) refuse(profile, "its source_profile " + source + " has no credentials");
  return own;
}

std::chrono::seconds duration_of(const std::string& profile, std::string_view text) {
  int seconds = 0;
  if (text.empty()) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 900 || seconds > 43'200)
    refuse(profile, "its duration_seconds is no number from 900 to 43200");
  return std::chrono::seconds(seconds);
}

Provider role_of(const Search& search, const std::string& profile, std::vector<std::string>& visited) {
  const auto& section = settings_of(search, profile);
  const auto source_profile = section.get("source_profile"), credential_source = section.get("credential_source");
  if (!source_profile.empty() && !credential_source.empty())
    refuse(profile, "it has both source_profile and credential_source");
  if (source_profile.empty() && credential_source.empty())
    refuse(profile, "it has a role_arn and neither source_profile nor credential_source");
  if (section.has("mfa_serial"))
    refuse(profile, "its role needs a code of the device in mfa_serial, which is not asked for here",
           "`aws configure export-credentials --profile " + profile +
               "` asks for it; give its keys with --access-key-id and --session-token");
  aws::Role role;
  role.arn = section.get("role_arn");
  role.external_id = section.get("external_id");
  role.session_name = section.get("role_session_name");
  role.duration = duration_of(profile, section.get("duration_seconds"));
  role.region = search.region;
  auto base = credential_source.empty() ? from_source_profile(search, profile, std::string(source_profile), visited)
                                        : from_named_source(search, profile, credential_source);
  return aws::assumed_role(search.parts, std::move(base), std::move(role));
}

} // namespace

bool has_role(const aws::ConfigSection& section) {
  return section.has("role_arn") && !section.has("web_identity_token_file");
}

Finding from_role(const Search& search, const std::string& profile) {
  if (!has_role(settings_of(search, profile))) return {nullptr, "profile " + profile + " has no role_arn"};
  std::vector<std::string> visited{profile};
  return {role_of(search, profile, visited), {}};
}

} // namespace iasql::discovery
