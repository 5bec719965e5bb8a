#include "net/system_environment.hpp"

#include "base/error.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace iasql::net {

namespace {

// Asks the kernel each time: nothing to seed, and nothing that two processes could share after a fork.
template <typename T>
T random_bytes() {
  T bytes;
  static_assert(sizeof bytes <= 256, "getrandom never gives fewer bytes than asked up to this size");
  while (getrandom(&bytes, sizeof bytes, 0) < 0)
    if (errno != EINTR) throw Error(sqlstate::internal_error, std::string("no random numbers: ") + strerror(errno));
  return bytes;
}

} // namespace

double SystemRandom::fraction() {
  return static_cast<double>(random_bytes<std::uint64_t>() >> 11) * 0x1.0p-53;
}

std::string SystemRandom::uuid() {
  auto bytes = random_bytes<std::array<std::uint8_t, 16>>();
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // version 4
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // RFC 9562's variant
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 0xf];
  }
  return text;
}

} // namespace iasql::net
