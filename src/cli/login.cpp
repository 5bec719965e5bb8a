#include "cli/login.hpp"

#include "cli/terminal.hpp"
#include "hosting/failure.hpp"

#include <iostream>

namespace iasql::cli {

using namespace hosting;

void show(const Login& login, int port, const std::string& otherwise) {
  say("This connection string is not shown again:");
  std::cout << connection_string(login, "127.0.0.1", port) << std::endl;
  if (!std::cout) throw Failure("the connection string could not be written, and " + otherwise);
}

} // namespace iasql::cli
