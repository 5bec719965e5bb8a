#pragma once

#include "aws/credentials.hpp"

#include <string>
#include <string_view>

namespace iasql::aws {

// The key of profile [default] in the text of a credentials file, which errors call `name`: nothing else that a profile
// may name is followed. Throws Error (not_connected) where there is none, and as parse_config() does.
Credentials key_of_file(std::string_view text, const std::string& name);

} // namespace iasql::aws
