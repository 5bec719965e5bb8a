#pragma once

// Where an operation is called and how it is signed there: the service's endpoint rules (endpoint_rules/) applied to
// region, input and settings, and what comes out of them checked before anything is sent.

#include "aws/model.hpp"
#include "aws/protocol/protocol.hpp"
#include "net/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iasql::aws {

enum class BucketAddressing { automatic, path, virtual_host };
enum class AccountIdEndpoints { preferred, disabled, required };

// The defaults are botocore's. `url` is the operator's to set, never a tenant's: everything else ends at AWS.
struct EndpointSettings {
  std::string url; // "" means AWS itself; otherwise http or https, used as it is
  bool fips = false;
  bool dual_stack = false;
  BucketAddressing bucket_addressing = BucketAddressing::automatic; // of S3; at a `url` automatic means path
  bool accelerate = false;                                          // of S3
  std::optional<bool> use_arn_region; // of S3: the region of a bucket's ARN counts; unset: for s3, not for s3control
  bool disable_multi_region_access_points = false;
  std::string account_id; // the caller's, for endpoints with an account's name, or ""
  AccountIdEndpoints account_id_endpoints = AccountIdEndpoints::preferred;
};

enum class AuthScheme { none, sigv4, sigv4a };
enum class PathEncoding { twice, once }; // of the path that is signed; once is S3's
enum class HostPrefix { added, left_out };

struct Endpoint {
  std::string url; // scheme, authority and perhaps a path, without a "/" at the end
  net::Headers headers;
  AuthScheme auth_scheme = AuthScheme::sigv4;
  std::string signing_name;
  std::string signing_region; // of sigv4a the set of regions, "*" or with commas
  PathEncoding path_encoding = PathEncoding::twice;
  HostPrefix host_prefix = HostPrefix::added; // whether an operation's own is put before the host
};

// `input` is valid for the operation. Throws Error (invalid_value) for a region that no partition can have, for what
// the rules refuse (with the rules' message), for a URL that is no https URL in one of AWS's domains (of
// `settings.url`: not at or below its host) and for a `settings.url` that is no plain http or https URL; Error
// (missing_value) for a parameter that the rules require; Error (invalid_spec) for a service without rules or with such
// that cannot be used, unless `settings.url` says where to go.
Endpoint resolve_endpoint(const Service& service, const Operation& operation, const Value& input,
                          std::string_view region, const EndpointSettings& settings);

// The URL to call: host prefix, path and query in their places. Throws Error (invalid_value) where the host prefix does
// not make a host's name.
std::string request_url(const Endpoint& endpoint, const HttpParts& parts);

} // namespace iasql::aws
