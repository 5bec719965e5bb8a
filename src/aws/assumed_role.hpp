#pragma once

#include "aws/client.hpp"
#include "aws/credentials.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace iasql::aws {

struct Role {
  std::string arn;
  std::string external_id = {};     // "" for none
  std::string session_name = {};    // shown in the account's CloudTrail; "" means "iasql-" and a random UUID
  std::chrono::seconds duration{0}; // 15 minutes to 12 hours; 0 leaves it to AWS, which takes an hour
  std::string region = "us-east-1"; // whose STS is asked
};

// What a client stands on besides credentials. All but the settings must outlive what is made of it.
struct ClientParts {
  net::Http& http;
  net::Clock& clock;
  net::Random& random;
  RetryQuota& quota;
  ClientSettings settings;
};

// The account of a role's ARN ("arn:aws:iam::123456789012:role/name", of any partition), or "" where it is no such ARN.
std::string account_of_role(std::string_view arn);

// Credentials of a role that `base` may assume, renewed before they expire (see refreshing_credentials.hpp). Throws
// Error (invalid_value) for a role that AWS would not take: no ARN, a name or external id with other characters,
// another duration. credentials() throws Error (not_connected) with AWS's words where the role cannot be assumed.
std::unique_ptr<CredentialsProvider> assumed_role(ClientParts parts, std::unique_ptr<CredentialsProvider> base,
                                                  Role role);

// The credentials in the "Credentials" of an answer of STS, whose texts are wiped in `answer`. Throws Error
// (not_connected) where one is missing.
Credentials take_session_credentials(Answer& answer);

} // namespace iasql::aws
