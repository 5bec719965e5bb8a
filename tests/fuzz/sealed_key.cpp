// A sealed AWS key: the bytes as the envelope, and the bytes as the document in an envelope that somebody made who has
// the public key.

#include "credentials/sealed.hpp"
#include "fuzz/target.hpp"

#include <sodium.h>

namespace iasql::fuzz {

namespace {

using namespace credentials;

struct Server {
  Server() {
    KeyPair pair = generate_key_pair();
    public_key = pair.public_key;
    secret_keys.push_back(std::move(pair.secret_key));
    version = seal(public_key, destination, AccountRole{"role", "id"})[0];
  }

  const Destination destination{7, 5, "000000000000"};
  PublicKey public_key;
  SecretKeys secret_keys;
  char version;
};

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string field(const std::string& text) {
  return std::string{static_cast<char>(text.size()), 0, 0, 0} + text;
}

std::string envelope_of(const Server& server, std::string_view document) {
  const std::string data_key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES, 'k');
  const std::string nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, 'n');
  const std::string bound = field({server.version}) + field("7") + field("5") + field("000000000000");
  std::string wrapped(data_key.size() + crypto_box_SEALBYTES, '\0');
  crypto_box_seal(bytes_of(wrapped), bytes_of(data_key), data_key.size(), server.public_key.data());
  std::string encrypted(document.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(encrypted), nullptr, bytes_of(std::string(document)),
                                             document.size(), bytes_of(bound), bound.size(), nullptr, bytes_of(nonce),
                                             bytes_of(data_key));
  return server.version + wrapped + nonce + encrypted;
}

void open(const Server& server, std::string_view sealed) {
  try {
    Secret secret = credentials::open(server.secret_keys, server.destination, sealed);
    if (const auto* role = std::get_if<AccountRole>(&secret))
      require(role->arn.size() + role->external_id.size() <= sealed.size(), "a role is what was sealed");
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::not_connected});
  }
}

} // namespace

void run(std::string_view bytes) {
  static const Server server;
  open(server, bytes);
  open(server, envelope_of(server, bytes));
}

} // namespace iasql::fuzz
