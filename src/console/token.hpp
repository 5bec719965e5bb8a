#pragma once

#include <string>
#include <string_view>

namespace iasql::console {

// 256 random bits as 64 hexadecimal digits.
std::string random_token();
// What is kept of a token: knowing it does not give the token.
std::string digest(std::string_view token);
// In a time that does not tell where they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

} // namespace iasql::console
