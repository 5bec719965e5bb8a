#pragma once

// A list in one header: elements with commas between them (RFC 9110, 5.6.1).

#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

enum class HeaderList {
  strings, // an element with a comma or a quote, and an empty one, is a quoted string
  dates,   // HTTP dates, each with a comma of its own
  plain,   // numbers, booleans and what else has neither commas nor quotes
};

std::string join_header_list(const std::vector<std::string>& elements, HeaderList kind);

// Never fails: a quoted string that does not end is all the rest. Empty elements without quotes are dropped, as the
// standard demands.
std::vector<std::string> split_header_list(std::string_view text, HeaderList kind);

} // namespace iasql::aws
