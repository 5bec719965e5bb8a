#include "credentials/sealed.hpp"

#include "base/error.hpp"

#include <sodium.h>

#include <cstring>
#include <initializer_list>

namespace iasql::credentials {

namespace {

static_assert(key_bytes == crypto_box_PUBLICKEYBYTES && key_bytes == crypto_box_SECRETKEYBYTES);

// An envelope is its version, the wrapped data key, a nonce, and the encrypted document.
constexpr char version = 2;
constexpr std::size_t data_key_bytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t wrapped_bytes = data_key_bytes + crypto_box_SEALBYTES;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_bytes = 1 + wrapped_bytes + nonce_bytes;

// The document begins with what it is.
constexpr std::string_view access_key_kind = "access key";
constexpr std::string_view role_kind = "role";

// Each field is its length, four bytes with the lowest first, and its bytes.
constexpr std::size_t length_bytes = 4;

void append(unsigned char*& to, std::string_view field) {
  for (std::size_t i = 0; i < length_bytes; ++i)
    *to++ = static_cast<unsigned char>(field.size() >> (8 * i));
  if (!field.empty()) std::memcpy(to, field.data(), field.size());
  to += field.size();
}

LockedBytes document_of(std::initializer_list<std::string_view> fields) {
  std::size_t size = 0;
  for (auto field : fields)
    size += length_bytes + field.size();
  LockedBytes document(size);
  auto* to = document.data();
  for (auto field : fields)
    append(to, field);
  return document;
}

constexpr const char* connect_again = "Connect the account again with \"iasql connect\"";

Error other_key() {
  return Error(sqlstate::not_connected, "the stored AWS key cannot be opened with this server's key",
               "It was sealed for another one, or it is damaged", connect_again);
}

Error unreadable() {
  return Error(sqlstate::not_connected, "the stored AWS key was not sealed for this database and account",
               "A key opens only in the database and for the account that it was connected to; or it is damaged",
               connect_again);
}

// Takes the document apart, field by field.
class DocumentReader {
public:
  explicit DocumentReader(std::string_view document) : m_rest(document) {}

  std::string_view field() {
    if (m_rest.size() < length_bytes) throw unreadable();
    std::size_t size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      size |= static_cast<std::size_t>(static_cast<unsigned char>(m_rest[i])) << (8 * i);
    m_rest.remove_prefix(length_bytes);
    if (m_rest.size() < size) throw unreadable();
    auto result = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return result;
  }

  bool at_end() const { return m_rest.empty(); }

private:
  std::string_view m_rest;
};

void make_ready() {
  if (sodium_init() < 0) throw Error(sqlstate::internal_error, "libsodium cannot be initialised");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// What is authenticated without being stored: whoever opens has to say the same.
LockedBytes bound_to(const Destination& destination) {
  return document_of({std::string_view(&version, 1), std::to_string(destination.system_identifier),
                      std::to_string(destination.database), destination.account_id});
}

LockedBytes document_of(const Secret& secret) {
  if (const auto* role = std::get_if<AccountRole>(&secret))
    return document_of({role_kind, role->arn, role->external_id});
  const auto& key = std::get<AccessKey>(secret);
  return document_of({access_key_kind, key.access_key_id, key.secret_access_key.view(), key.session_token.view()});
}

Secret secret_in(std::string_view document) {
  DocumentReader reader(document);
  const auto kind = reader.field();
  Secret result;
  if (kind == access_key_kind) {
    auto& key = result.emplace<AccessKey>();
    key.access_key_id = reader.field();
    key.secret_access_key = LockedBytes(reader.field());
    key.session_token = LockedBytes(reader.field());
  } else if (kind == role_kind) {
    auto& role = result.emplace<AccountRole>();
    role.arn = reader.field();
    role.external_id = reader.field();
  } else {
    throw unreadable();
  }
  if (!reader.at_end()) throw unreadable();
  return result;
}

// Wraps the data key for that outer key.
std::string wrap(const LockedBytes& data_key, const PublicKey& public_key) {
  std::string wrapped(wrapped_bytes, '\0');
  if (crypto_box_seal(bytes_of(wrapped), data_key.data(), data_key.size(), public_key.data()) != 0)
    throw Error(sqlstate::not_connected, "the server's public key is not a valid one");
  return wrapped;
}

// The data key of an envelope, and which of the outer keys it was wrapped for.
struct Unwrapped {
  LockedBytes data_key{data_key_bytes};
  std::size_t outer_key = 0;
};

Unwrapped unwrap(const SecretKeys& secret_keys, std::string_view sealed) {
  if (sealed.size() < head_bytes + tag_bytes) throw other_key();
  if (sealed[0] != version)
    throw Error(sqlstate::not_connected, "the stored AWS key is of another version of iasql, or damaged", {},
                connect_again);
  const auto* wrapped = bytes_of(sealed.substr(1));
  Unwrapped result;
  for (const auto& secret_key : secret_keys) {
    const auto public_key = public_half(secret_key);
    if (crypto_box_seal_open(result.data_key.data(), wrapped, wrapped_bytes, public_key.data(), secret_key.data()) == 0)
      return result;
    ++result.outer_key;
  }
  throw other_key();
}

} // namespace

KeyPair generate_key_pair() {
  make_ready();
  KeyPair pair{{}, LockedBytes(key_bytes)};
  crypto_box_keypair(pair.public_key.data(), pair.secret_key.data());
  return pair;
}

PublicKey public_half(const LockedBytes& secret_key) {
  make_ready();
  PublicKey result;
  if (secret_key.size() != key_bytes || crypto_scalarmult_base(result.data(), secret_key.data()) != 0)
    throw Error(sqlstate::not_connected, "the server's key is not one of 32 bytes");
  return result;
}

std::string seal(const PublicKey& public_key, const Destination& destination, const Secret& secret) {
  make_ready();
  const auto document = document_of(secret);
  const auto bound = bound_to(destination);
  LockedBytes data_key(data_key_bytes);
  crypto_aead_xchacha20poly1305_ietf_keygen(data_key.data());
  std::string nonce(nonce_bytes, '\0'), encrypted(document.size() + tag_bytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(encrypted), nullptr, document.data(), document.size(),
                                             bound.data(), bound.size(), nullptr, bytes_of(nonce), data_key.data());
  return version + wrap(data_key, public_key) + nonce + encrypted;
}

Secret open(const SecretKeys& secret_keys, const Destination& destination, std::string_view sealed) {
  const auto data_key = unwrap(secret_keys, sealed).data_key;
  const auto bound = bound_to(destination);
  const auto nonce = sealed.substr(1 + wrapped_bytes, nonce_bytes), encrypted = sealed.substr(head_bytes);
  LockedBytes document(encrypted.size() - tag_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(document.data(), nullptr, nullptr, bytes_of(encrypted),
                                                 encrypted.size(), bound.data(), bound.size(), bytes_of(nonce),
                                                 data_key.data()) != 0)
    throw unreadable();

  return secret_in(document.view());
}

std::optional<std::string> wrap_again(const SecretKeys& secret_keys, std::string_view sealed) {
  const auto unwrapped = unwrap(secret_keys, sealed);
  if (unwrapped.outer_key == 0) return {};
  return version + wrap(unwrapped.data_key, public_half(secret_keys.front())) +
         std::string(sealed.substr(1 + wrapped_bytes));
}

} // namespace iasql::credentials
