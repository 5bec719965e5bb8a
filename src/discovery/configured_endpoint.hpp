#pragma once

#include "aws/config_file.hpp"
#include "discovery/environment.hpp"

#include <string>
#include <string_view>

namespace iasql::discovery {

enum class ConfiguredEndpoints { counted, ignored };

// Which endpoint URL a call is meant for, as AWS's tools find it.
struct EndpointQuestion {
  std::string profile;    // a name, "default"
  std::string service_id; // the model's, "Elastic Load Balancing v2"; "": only what is said of all services counts
  std::string given;      // what the command line names, or ""; nothing counts before it
  ConfiguredEndpoints configured = ConfiguredEndpoints::counted;
};

// The first there is of: the one that is given, AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the service's in the
// [services] section that the profile names, the profile's endpoint_url; "" where there is none, which means AWS
// itself. Only the given one counts where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or, where that is not set, the profile's
// ignore_configured_endpoint_urls is "true". Throws Error (not_connected) where a profile names a section that is not
// there.
std::string endpoint_url(const Environment& environment, const aws::Config& config, const EndpointQuestion& question);

} // namespace iasql::discovery
