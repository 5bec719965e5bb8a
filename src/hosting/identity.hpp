#pragma once

// Whose key is it? Asked of AWS before anything is made.

#include "aws/credentials.hpp"
#include "hosting/hosting.hpp"

#include <string>

namespace iasql::hosting {

// Throw Failure (usage) for what cannot be a region's name or an access key id.
void require_region(const std::string& region);
void require_access_key_id(const std::string& access_key_id);

// The account that the key belongs to: sts:GetCallerIdentity in that region, at `endpoint_url` or, where it is empty,
// at AWS; it takes 20 seconds at most. Throws Failure (credentials_refused) with AWS's own message, (usage) as above,
// (failed) where AWS gives no answer.
Account check(const aws::Credentials& credentials, const std::string& region, const std::string& endpoint_url);

} // namespace iasql::hosting
