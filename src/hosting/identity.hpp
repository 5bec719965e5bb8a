#pragma once

#include "aws/credentials.hpp"

#include <string>

namespace iasql::hosting {

// The account, twelve digits, that the key belongs to: sts:GetCallerIdentity in that region, at `endpoint_url` or,
// where it is empty, at AWS. Throws Failure (credentials_refused) with AWS's own message, Failure where AWS gives no
// answer.
std::string account_of(const aws::Credentials& credentials, const std::string& region, const std::string& endpoint_url);

} // namespace iasql::hosting
