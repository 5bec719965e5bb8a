#pragma once

// A connected account's key, or the role that stands for one, sealed in an envelope. Inside, a data key of its own
// encrypts it together with what it is for: a ciphertext copied to another database or swapped between accounts does
// not open. Around it, the data key is wrapped for the server's outer key. Whoever seals needs only the public half of
// that; only the server, which has the other half, can open. Another outer key means another wrapping, and the inside
// stays as it is.

#include "credentials/locked_bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace iasql::credentials {

inline constexpr std::size_t key_bytes = 32;
using PublicKey = std::array<unsigned char, key_bytes>;

struct KeyPair {
  PublicKey public_key;
  LockedBytes secret_key; // key_bytes of them
};

KeyPair generate_key_pair();
// The public half that belongs to a secret one. Throws Error (not_connected) where `secret_key` is not key_bytes long.
PublicKey public_half(const LockedBytes& secret_key);

// The secret halves of a server's outer keys: the one that it seals with now, then former ones that wrappings may still
// be for. Never empty.
using SecretKeys = std::vector<LockedBytes>;

// Where a sealed key may be used, and nowhere else.
struct Destination {
  std::uint64_t system_identifier = 0; // of the PostgreSQL cluster
  std::uint32_t database = 0;          // the database's oid
  std::string account_id;              // of AWS, twelve digits

  friend bool operator==(const Destination&, const Destination&) = default;
};

struct AccessKey {
  std::string access_key_id;
  LockedBytes secret_access_key;
  LockedBytes session_token; // of size 0 for a long-lived key
};

// A role of the account's that the server may assume with a key of its own: no long-lived key of the account is stored.
struct AccountRole {
  std::string arn;
  std::string external_id; // of our making, which the role's trust policy asks for
};

using Secret = std::variant<AccessKey, AccountRole>;

// The envelope, as bytes. Every call gives another.
std::string seal(const PublicKey& public_key, const Destination& destination, const Secret& secret);

// What is inside. Throws Error (not_connected) where the envelope is wrapped for none of these keys, was sealed for
// another destination, is damaged, or is of another version; no message shows anything of what is inside.
Secret open(const SecretKeys& secret_keys, const Destination& destination, std::string_view sealed);

// The same envelope wrapped for the first of the keys; nothing where it is already. Throws Error (not_connected) where
// it is wrapped for none of them.
std::optional<std::string> wrap_again(const SecretKeys& secret_keys, std::string_view sealed);

} // namespace iasql::credentials
