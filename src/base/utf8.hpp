#pragma once

#include <string_view>

namespace iasql {

// Whether the text is UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

} // namespace iasql
