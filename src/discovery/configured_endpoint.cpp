#include "discovery/configured_endpoint.hpp"

#include "base/error.hpp"
#include "base/names.hpp"

#include <algorithm>

namespace iasql::discovery {

namespace {

enum class Case { lower, upper };

// "elastic_load_balancing_v2" in files, capitals in the environment.
std::string service_name(std::string_view service_id, Case letters) {
  std::string name = lower_case(service_id);
  std::replace(name.begin(), name.end(), ' ', '_');
  std::replace(name.begin(), name.end(), '-', '_');
  if (letters == Case::upper)
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return name;
}

bool are_ignored(const Environment& environment, const aws::ConfigSection& profile) {
  std::string_view said = environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (said.empty()) said = profile.get("ignore_configured_endpoint_urls");
  return lower_case(said) == "true";
}

std::string_view of_service(const aws::Config& config, const aws::ConfigSection& profile, const std::string& name) {
  const std::string_view section = profile.get("services");
  if (section.empty()) return {};
  const auto found = config.services.find(section);
  if (found == config.services.end())
    throw Error(sqlstate::not_connected,
                "the profile names services " + std::string(section) + ", and there is no such section", {},
                "AWS's configuration file needs a section [services " + std::string(section) + "]");
  return found->second.get(name, "endpoint_url");
}

} // namespace

std::string endpoint_url(const Environment& environment, const aws::Config& config, const EndpointQuestion& question) {
  if (!question.given.empty()) return question.given;
  static const aws::ConfigSection no_profile;
  const auto found = config.profiles.find(question.profile);
  const aws::ConfigSection& profile = found == config.profiles.end() ? no_profile : found->second;
  if (question.configured == ConfiguredEndpoints::ignored || are_ignored(environment, profile)) return {};

  const bool is_for_service = !question.service_id.empty();
  if (is_for_service) {
    const auto url = environment.get("AWS_ENDPOINT_URL_" + service_name(question.service_id, Case::upper));
    if (!url.empty()) return std::string(url);
  }
  if (const auto url = environment.get("AWS_ENDPOINT_URL"); !url.empty()) return std::string(url);
  if (is_for_service) {
    const auto url = of_service(config, profile, service_name(question.service_id, Case::lower));
    if (!url.empty()) return std::string(url);
  }
  return std::string(profile.get("endpoint_url"));
}

} // namespace iasql::discovery
