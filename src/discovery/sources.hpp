#pragma once

// The places where the SDKs look for credentials, one function each. A source says what it found or why it has nothing;
// it asks nobody: what has to be fetched is fetched when the provider is first used. What is there and cannot be used
// (half a key, a role without a source) is an Error (not_connected) instead, as the SDKs do: going on would use other
// credentials than were meant.

#include "aws/assumed_role.hpp"
#include "aws/credentials.hpp"
#include "discovery/environment.hpp"
#include "discovery/files.hpp"

#include <memory>
#include <string>

namespace iasql::discovery {

enum class Processes { refused, allowed };
enum class Variables { skipped, read };

struct Search {
  const Environment& environment;
  const ConfigFiles& files;
  aws::ClientParts parts;
  Processes processes = Processes::refused;
  // Whether web identity may come from variables: not where a profile was named.
  Variables variables = Variables::read;
  std::string region; // whose STS is asked
};

struct Finding {
  std::unique_ptr<aws::CredentialsProvider> provider; // or nullptr, and
  std::string reason;                                 // why there is none: "AWS_ACCESS_KEY_ID is not set"
};

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION.
Finding from_environment(const Search& search);
// role_arn with source_profile or credential_source, chains of them included.
Finding from_role(const Search& search, const std::string& profile);
// AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or a profile's web_identity_token_file and role_arn.
Finding from_web_identity(const Search& search, const std::string& profile);
// sso_account_id and sso_role_name, with the token that `aws sso login` left in ~/.aws/sso/cache.
Finding from_single_sign_on(const Search& search, const std::string& profile);
// aws_access_key_id and aws_secret_access_key.
Finding from_credentials_file(const Search& search, const std::string& profile);
Finding from_configuration_file(const Search& search, const std::string& profile);
// credential_process.
Finding from_process(const Search& search, const std::string& profile);
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI.
Finding from_container(const Search& search);
// The metadata service of EC2 instances, version 2 only.
Finding from_instance(const Search& search, const std::string& profile);

// The profile's settings from both files; an empty section where there is no such profile.
const aws::ConfigSection& settings_of(const Search& search, const std::string& profile);
bool has_own_keys(const aws::ConfigSection& section);
bool has_role(const aws::ConfigSection& section);

} // namespace iasql::discovery
