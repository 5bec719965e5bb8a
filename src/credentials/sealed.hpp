#pragma once

// A connected account's key, sealed so that whoever connects it needs only the public half of the server's key and
// only the server, which has the other half, can open it. Inside the seal stands for which database and account the
// key is, so that a ciphertext copied to another database or swapped between accounts is refused.

#include "credentials/locked_bytes.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

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

// The ciphertext, as bytes. Every call gives another.
std::string seal(const PublicKey& public_key, const Destination& destination, const AccessKey& access_key);

// The key inside. Throws Error (not_connected) where the ciphertext was made for another secret half or is damaged, and
// where it was sealed for another destination; neither message shows anything of what is inside.
AccessKey open(const LockedBytes& secret_key, const Destination& destination, std::string_view sealed);

} // namespace iasql::credentials
