#pragma once

// URLs that carry a key's permission for one call in themselves, for whoever they are given to: an object of S3 to get
// or put, an STS GetCallerIdentity as EKS takes it for a token.

#include "aws/credentials.hpp"
#include "aws/endpoint.hpp"
#include "aws/model.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace iasql::aws {

struct PresignOptions {
  std::string region;
  EndpointSettings endpoint;
  net::Time time;
  std::chrono::seconds expires{3600}; // 1 s to 7 days, and never longer than the key itself is valid
  net::Headers headers;               // to be signed too: EKS's x-k8s-aws-id
};

struct PresignedRequest {
  std::string method; // what the URL is for; for the query protocols GET
  std::string url;
  net::Headers headers; // whoever uses the URL must send these as they are
};

// The body is never part of it: that of an S3 object is whatever is sent, and the forms of the query protocols move
// into the URL. Throws Error: what serialize() and resolve_endpoint() throw; invalid_value for any other operation
// whose input goes into a body, for one that takes no signature or one for several regions, and for another time of
// validity.
PresignedRequest presign(const Service& service, const Operation& operation, const Value& input,
                         const Credentials& credentials, const PresignOptions& options);

} // namespace iasql::aws
