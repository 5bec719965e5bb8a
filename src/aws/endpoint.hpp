#pragma once

#include "aws/model.hpp"

#include <string>
#include <string_view>

namespace iasql::aws {

struct Endpoint {
  std::string url;            // scheme and authority, for an endpoint_url with its path, without a "/" at the end
  std::string signing_region; // differs from the call's region for a service that is global
};

// Where a service is called. `endpoint_url` is used as it is ("" means AWS itself: the model's prefix, the region and
// the suffix of the region's partition). Throws Error (invalid_value) for a region that no partition can have and for
// an endpoint_url that is no plain http or https URL.
Endpoint resolve_endpoint(const Service& service, std::string_view region, std::string_view endpoint_url);

// The URL with `prefix` ("data.", or "") before its host.
std::string with_host_prefix(std::string_view url, std::string_view prefix);

} // namespace iasql::aws
