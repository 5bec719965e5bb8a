#pragma once

#include "net/environment.hpp"
#include "net/task.hpp"

#include <memory>
#include <optional>
#include <string>

namespace iasql::aws {

// An AWS key. The secret is wiped from memory when the value is destroyed; it is never printed.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token; // "" for long-lived keys
  std::optional<net::Time> expires;

  Credentials() = default;
  Credentials(std::string id, std::string secret, std::string token = {});
  Credentials(const Credentials&) = default;
  Credentials(Credentials&&) = default;
  Credentials& operator=(const Credentials&) = default;
  Credentials& operator=(Credentials&&) = default;
  ~Credentials();
};

class CredentialsProvider {
public:
  virtual ~CredentialsProvider() = default;
  // Throws Error (not_connected) where there are none.
  virtual net::task<Credentials> credentials() = 0;
};

// Always the same key.
std::unique_ptr<CredentialsProvider> fixed_credentials(Credentials credentials);
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; nothing where the first two are not both set.
std::optional<Credentials> credentials_from_environment();
// A profile's static keys from ~/.aws/credentials and ~/.aws/config (or where AWS_SHARED_CREDENTIALS_FILE and
// AWS_CONFIG_FILE point). Nothing where the profile has none. Throws Error (not_connected) for a file that cannot be
// read.
std::optional<Credentials> credentials_from_profile(const std::string& profile);

} // namespace iasql::aws
