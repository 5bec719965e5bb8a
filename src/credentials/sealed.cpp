#include "credentials/sealed.hpp"

#include "base/error.hpp"

#include <sodium.h>

#include <charconv>
#include <cstring>
#include <initializer_list>

namespace iasql::credentials {

namespace {

static_assert(key_bytes == crypto_box_PUBLICKEYBYTES && key_bytes == crypto_box_SECRETKEYBYTES);

// The document begins with what it is and its version; a later layout gets another one.
constexpr std::string_view document_kind = "iasql access key 1";

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

Error unreadable() {
  return Error(sqlstate::not_connected, "the stored AWS key cannot be opened with this server's key file",
               "It was sealed for another key file, or it is damaged",
               "Connect the account again with \"iasql connect\"");
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

template <typename Number>
Number number(std::string_view digits) {
  Number result{};
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
  if (problem != std::errc() || end != digits.data() + digits.size()) throw unreadable();
  return result;
}

void make_ready() {
  if (sodium_init() < 0) throw Error(sqlstate::internal_error, "libsodium cannot be initialised");
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

std::string seal(const PublicKey& public_key, const Destination& destination, const AccessKey& access_key) {
  make_ready();
  auto document = document_of({document_kind, std::to_string(destination.system_identifier),
                               std::to_string(destination.database), destination.account_id, access_key.access_key_id,
                               access_key.secret_access_key.view(), access_key.session_token.view()});
  std::string sealed(document.size() + crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal(reinterpret_cast<unsigned char*>(sealed.data()), document.data(), document.size(),
                      public_key.data()) != 0)
    throw Error(sqlstate::not_connected, "the server's public key is not a valid one");
  return sealed;
}

AccessKey open(const LockedBytes& secret_key, const Destination& destination, std::string_view sealed) {
  auto public_key = public_half(secret_key);
  if (sealed.size() < crypto_box_SEALBYTES) throw unreadable();
  LockedBytes document(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(document.data(), reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(),
                           public_key.data(), secret_key.data()) != 0)
    throw unreadable();

  DocumentReader reader(document.view());
  if (reader.field() != document_kind)
    throw Error(sqlstate::not_connected, "the stored AWS key is of another version of iasql", {},
                "Connect the account again with \"iasql connect\"");
  Destination made_for;
  made_for.system_identifier = number<std::uint64_t>(reader.field());
  made_for.database = number<std::uint32_t>(reader.field());
  made_for.account_id = reader.field();
  if (made_for != destination)
    throw Error(sqlstate::not_connected, "the stored AWS key was sealed for another database or account",
                "A key opens only in the database and for the account that it was connected to",
                "Connect the account again with \"iasql connect\"");
  AccessKey result;
  result.access_key_id = reader.field();
  result.secret_access_key = LockedBytes(reader.field());
  result.session_token = LockedBytes(reader.field());
  if (!reader.at_end()) throw unreadable();
  return result;
}

} // namespace iasql::credentials
