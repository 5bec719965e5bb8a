#include "console/token.hpp"

#include <sodium.h>

#include <array>

namespace iasql::console {

namespace {

constexpr std::size_t token_bytes = 32;
using Bytes = std::array<unsigned char, token_bytes>;

std::string hexadecimal(const Bytes& bytes) {
  std::string text(2 * token_bytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

Bytes hash(std::string_view text) {
  Bytes result;
  crypto_generichash(result.data(), result.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return result;
}

} // namespace

std::string random_token() {
  Bytes bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hexadecimal(bytes);
}

std::string digest(std::string_view token) {
  return hexadecimal(hash(token));
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  // Of the hashes, which have one length whatever the texts have.
  const auto a = hash(left), b = hash(right);
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace iasql::console
