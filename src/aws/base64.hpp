#pragma once

#include <string>
#include <string_view>

namespace iasql::aws {

// Whether the text is base64 (RFC 4648) with padding; line breaks are not allowed.
bool is_base64(std::string_view text);

// Bytes as base64 with padding, without line breaks. Throws Error (invalid_value) for more than 1 GiB.
std::string base64_text(std::string_view bytes);

// The bytes of a text that is_base64() accepts. Throws Error (invalid_value) for more than 1 GiB.
std::string base64_bytes(std::string_view text);

} // namespace iasql::aws
