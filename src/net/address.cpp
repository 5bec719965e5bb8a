#include "net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace iasql::net {

namespace {

struct Block {
  std::uint32_t first;
  int bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA's special-purpose registry.
constexpr std::array<Block, 15> special_blocks = {{
    {ipv4(0, 0, 0, 0), 8},       // this host
    {ipv4(10, 0, 0, 0), 8},      // private
    {ipv4(100, 64, 0, 0), 10},   // shared by a carrier
    {ipv4(127, 0, 0, 0), 8},     // loopback
    {ipv4(169, 254, 0, 0), 16},  // link-local, instance metadata
    {ipv4(172, 16, 0, 0), 12},   // private
    {ipv4(192, 0, 0, 0), 24},    // protocol assignments
    {ipv4(192, 0, 2, 0), 24},    // documentation
    {ipv4(192, 88, 99, 0), 24},  // 6to4 relays
    {ipv4(192, 168, 0, 0), 16},  // private
    {ipv4(198, 18, 0, 0), 15},   // benchmarks
    {ipv4(198, 51, 100, 0), 24}, // documentation
    {ipv4(203, 0, 113, 0), 24},  // documentation
    {ipv4(224, 0, 0, 0), 4},     // multicast
    {ipv4(240, 0, 0, 0), 4},     // reserved, broadcast
}};

bool is_public(std::uint32_t address) {
  return std::none_of(special_blocks.begin(), special_blocks.end(),
                      [&](const Block& block) { return (address ^ block.first) >> (32 - block.bits) == 0; });
}

bool is_public(const in6_addr& address) {
  const std::uint8_t* bytes = address.s6_addr;
  const auto starts_with = [&](std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes);
  };
  const std::uint32_t last = ipv4(bytes[12], bytes[13], bytes[14], bytes[15]);
  if (starts_with({0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public(last); // translated to IPv4
  if (starts_with({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return is_public(last);    // is IPv4
  if ((bytes[0] & 0xe0) != 0x20) return false;                                            // outside 2000::/3
  if (starts_with({0x20, 0x02})) return false;                                            // 6to4
  if (starts_with({0x20, 0x01, 0x0d, 0xb8})) return false;                                // documentation
  if (starts_with({0x20, 0x01}) && bytes[2] < 0x02) return false; // 2001::/23: Teredo, benchmarks, other protocols
  return !(starts_with({0x3f, 0xff}) && bytes[2] < 0x10);         // 3fff::/20: documentation
}

} // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in internet;
    std::memcpy(&internet, &address, sizeof internet);
    return is_public(ntohl(internet.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 internet;
    std::memcpy(&internet, &address, sizeof internet);
    return is_public(internet.sin6_addr);
  }
  return false;
}

} // namespace iasql::net
