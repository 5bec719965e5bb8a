#pragma once

#include "hosting/hosting.hpp"

#include <string>

namespace iasql::cli {

// The connection string alone on standard output, the one time that it is shown. Throws Failure where it cannot be
// written, which says what becomes of the login then.
void show(const hosting::Login& login, int port, const std::string& otherwise);

} // namespace iasql::cli
