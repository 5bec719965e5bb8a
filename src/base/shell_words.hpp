#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iasql {

// The words of a text as a POSIX shell would split them: blanks part them, quotes and backslashes keep them together;
// nothing is expanded. Nothing at all where a quote does not end or a backslash is the last character.
std::optional<std::vector<std::string>> shell_words(std::string_view text);

} // namespace iasql
