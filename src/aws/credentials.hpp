#pragma once

#include "base/value.hpp"
#include "net/environment.hpp"
#include "net/task.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

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
  Credentials& operator=(Credentials other) noexcept; // what was here before is wiped with `other`
  ~Credentials();
};

class CredentialsProvider {
public:
  virtual ~CredentialsProvider() = default;
  // Throws Error (not_connected) where there are none.
  virtual net::task<Credentials> credentials() = 0;
  // AWS refused these as expired or unknown: a provider that can get others does so at the next credentials(). Where
  // that gives the same ones again, repeating the call is of no use.
  virtual void forget(const Credentials& refused) { static_cast<void>(refused); }
};

// Always the same key.
std::unique_ptr<CredentialsProvider> fixed_credentials(Credentials credentials);

// Overwrites a secret's memory before it is given back.
void wipe(std::string& secret);

// A member's text taken out of a document, where zeros are left; "" where it is missing or no text. The document stays
// const, so that an answer's is wiped where it stands instead of in a copy.
std::string take_secret(const Value& document, std::string_view member);

} // namespace iasql::aws
