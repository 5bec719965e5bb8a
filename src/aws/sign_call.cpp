#include "aws/sign_call.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

// The model's list, where it has one, must have a signature that is known here.
void check_schemes(const Service& service, const Operation& operation) {
  const auto& offered = operation.auth.empty() ? service.auth : operation.auth;
  if (offered.empty() || std::find(offered.begin(), offered.end(), "aws.auth#sigv4") != offered.end()) return;
  throw Error(sqlstate::invalid_value,
              operation.name + " of " + service.name + " takes no access key: it asks for " + offered.front(),
              "Only AWS's signatures for one region (SigV4) are implemented");
}

} // namespace

SigningOptions signing_options(const Service& service, const Operation& operation, const Endpoint& endpoint,
                               net::Time time) {
  if (endpoint.auth_scheme == AuthScheme::sigv4a)
    throw Error(sqlstate::invalid_value,
                operation.name + " at " + endpoint.url + " needs a signature for several regions (SigV4a)",
                "Only signatures for one region (SigV4) are implemented",
                "Name the object in one region, instead of a multi-region access point or a global endpoint");
  check_schemes(service, operation);
  SigningOptions options;
  options.region = endpoint.signing_region;
  options.service = endpoint.signing_name;
  options.time = time;
  if (endpoint.path_encoding == PathEncoding::once) {
    options.path = PathStyle::as_is;
    options.content_hash_header = true;
  }
  if (operation.unsigned_payload || operation.auth_type == "v4-unsigned-body") {
    options.payload_hash = unsigned_payload;
    options.content_hash_header = true; // how else would AWS know
  }
  return options;
}

} // namespace iasql::aws
