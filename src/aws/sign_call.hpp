#pragma once

// How the call of an operation is signed, from what its model and its endpoint say.

#include "aws/endpoint.hpp"
#include "aws/sign.hpp"

namespace iasql::aws {

inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

// For an endpoint that wants a signature at all. Throws Error (invalid_value) where that is not SigV4: for several
// regions (SigV4a), or a token instead of a key.
SigningOptions signing_options(const Service& service, const Operation& operation, const Endpoint& endpoint,
                               net::Time time);

} // namespace iasql::aws
