#include "aws/credentials.hpp"

#include <openssl/crypto.h>

namespace iasql::aws {

void wipe(std::string& secret) {
  secret.resize(secret.capacity()); // a moved-from or shortened string has remains behind its end
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

Credentials::Credentials(std::string id, std::string secret, std::string token)
    : access_key_id(std::move(id)), secret_access_key(std::move(secret)), session_token(std::move(token)) {}

Credentials& Credentials::operator=(Credentials other) noexcept {
  std::swap(access_key_id, other.access_key_id);
  std::swap(secret_access_key, other.secret_access_key);
  std::swap(session_token, other.session_token);
  std::swap(expires, other.expires);
  return *this;
}

Credentials::~Credentials() {
  wipe(secret_access_key);
  wipe(session_token);
}

namespace {

class FixedCredentials : public CredentialsProvider {
public:
  explicit FixedCredentials(Credentials credentials) : m_credentials(std::move(credentials)) {}
  net::task<Credentials> credentials() override { co_return m_credentials; }

private:
  Credentials m_credentials;
};

} // namespace

std::unique_ptr<CredentialsProvider> fixed_credentials(Credentials credentials) {
  return std::make_unique<FixedCredentials>(std::move(credentials));
}

std::string take_secret(const Value& document, std::string_view member) {
  const Value& found = document[member];
  if (!found.is_string()) return {};
  const std::string_view text = found.string();
  std::string taken(text);
  OPENSSL_cleanse(const_cast<char*>(text.data()), text.size()); // no text of a document lies in constant memory
  return taken;
}

} // namespace iasql::aws
