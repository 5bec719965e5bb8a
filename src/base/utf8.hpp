#pragma once

#include <string>
#include <string_view>

namespace iasql {

// Whether the text is UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

// For a message: the text's beginning, of at most `most` bytes and of whole characters. UTF-8 whatever the text is: of
// one that is not, bytes beyond ASCII are question marks.
std::string excerpt(std::string_view text, std::size_t most = 60);

} // namespace iasql
