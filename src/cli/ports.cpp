#include "cli/ports.hpp"

#include "hosting/failure.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace iasql::cli {

using namespace hosting;

namespace {
constexpr int example_application = 8088; // left to it: the tutorial's container listens there
}

bool is_free(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const int yes = 1; // as servers do, so that connections that ended lately do not count
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const bool listens = bound && listen(probe, 1) == 0;
  close(probe);
  return listens;
}

int free_port_from(int wanted) {
  for (int port = wanted; port < wanted + 100 && port < 65536; ++port)
    if (port != example_application && is_free(port)) return port;
  throw Failure("no port of 127.0.0.1 from " + std::to_string(wanted) + " on is free");
}

} // namespace iasql::cli
