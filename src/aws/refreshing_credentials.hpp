#pragma once

#include "aws/credentials.hpp"
#include "net/environment.hpp"

#include <memory>

namespace iasql::aws {

// Keeps what `source` gives, so that it is asked once and again shortly before its credentials expire:
// - fifteen minutes before that a caller tries to renew them, and uses the old ones where it fails; the next try is a
//   minute later;
// - ten minutes before, and after forget(), they must be renewed, and what `source` throws is thrown;
// - callers that wait for the same renewal share it and its error.
// Credentials without an expiry are kept until they are forgotten. Throws Error (not_connected) where renewed ones have
// expired already. The clock must outlive the provider, and the provider whoever awaits it.
std::unique_ptr<CredentialsProvider> refreshing_credentials(std::unique_ptr<CredentialsProvider> source,
                                                            net::Clock& clock);

} // namespace iasql::aws
