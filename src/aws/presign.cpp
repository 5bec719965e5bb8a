#include "aws/presign.hpp"

#include "aws/protocol/protocol.hpp"
#include "aws/sign_call.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

namespace iasql::aws {

namespace {

// A checksum of a body that is not known yet would be that of an empty one.
HttpParts serialize_without_checksum(const Service& service, Operation operation, const Value& input) {
  operation.checksum_required = false;
  operation.checksum_member.clear();
  return serialize(service, operation, input);
}

void move_form_into_query(HttpParts& parts) {
  parts.method = "GET";
  parts.query += (parts.query.empty() ? "" : "&") + parts.body;
  parts.body.clear();
  std::erase_if(parts.headers, [](const auto& header) { return lower_case(header.first) == "content-type"; });
}

} // namespace

PresignedRequest presign(const Service& service, const Operation& operation, const Value& input,
                         const Credentials& credentials, const PresignOptions& options) {
  HttpParts parts = serialize_without_checksum(service, operation, input);
  if (service.protocol == Protocol::query || service.protocol == Protocol::ec2) move_form_into_query(parts);

  const Endpoint endpoint = resolve_endpoint(service, operation, input, options.region, options.endpoint);
  if (endpoint.auth_scheme == AuthScheme::none)
    throw Error(sqlstate::invalid_value, operation.name + " takes no signature, so there is nothing to presign");
  SigningOptions signing = signing_options(service, operation, endpoint, options.time);
  signing.place = SignatureIn::query;
  signing.expires = options.expires;
  if (endpoint.path_encoding == PathEncoding::once) signing.payload_hash = unsigned_payload;
  if (!parts.body.empty() && signing.payload_hash != unsigned_payload)
    throw Error(sqlstate::invalid_value, "a presigned URL cannot carry the input of " + operation.name, {},
                "It goes into the request's body: call the operation instead");

  net::HttpRequest request{parts.method, request_url(endpoint, parts), std::move(parts.headers), {}};
  request.headers.insert(request.headers.end(), endpoint.headers.begin(), endpoint.headers.end());
  request.headers.insert(request.headers.end(), options.headers.begin(), options.headers.end());
  SignedRequest made = sign(std::move(request), credentials, signing);
  return {made.request.method, made.request.url, std::move(made.request.headers)};
}

} // namespace iasql::aws
