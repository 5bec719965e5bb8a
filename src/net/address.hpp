#pragma once

struct sockaddr;

namespace iasql::net {

// Whether the address is one of the public internet: not loopback, private, link-local, unique-local, shared, reserved
// for documentation or tests, multicast, nor an IPv6 address that stands for such an IPv4 one. Instance metadata
// services have link-local and unique-local addresses. False for every other family.
bool is_public_address(const sockaddr& address);

} // namespace iasql::net
