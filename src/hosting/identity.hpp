#pragma once

// Whose key is it? Asked of AWS before anything is made.

#include "aws/credentials.hpp"
#include "hosting/data_folder.hpp"
#include "hosting/hosting.hpp"

#include <string>

namespace iasql::hosting {

// Throw Failure (usage) for what cannot be an access key id, a role's ARN.
void require_access_key_id(const std::string& access_key_id);
void require_role_arn(const std::string& role_arn);

// The account that the key belongs to: sts:GetCallerIdentity in that region, at `endpoint_url` or, where it is empty,
// at AWS; it takes 20 seconds at most. Throws Failure (credentials_refused) with AWS's own message, (usage) as above
// and for what is no region,
// (failed) where AWS gives no answer.
Account check(const aws::Credentials& credentials, const std::string& region, const std::string& endpoint_url);

// The key with which the server assumes roles: file `aws` beside its key file, of the server's user and mode 0400.
// Throws Failure that says how to make the file.
aws::Credentials servers_own_credentials(const DataFolder& folder);

// The trust policy that lets the server's own account assume the role with this external id and not without it.
std::string trust_policy(const std::string& account_id, const std::string& external_id);

// The same as check() for a role, which the server has to be able to assume. Throws Failure (credentials_refused) with
// AWS's own message, `policy` being what we asked for; and where AWS lets us assume the role without the external id,
// too: then anybody who uses this server could name it.
Account check_role(const credentials::AccountRole& role, const std::string& policy, const aws::Credentials& servers_own,
                   const std::string& region, const std::string& endpoint_url);

} // namespace iasql::hosting
