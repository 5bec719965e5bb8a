#pragma once

// A fuzz target is one file: it defines run(), which libFuzzer (target.cpp) calls with bytes of its choice, and says
// with require() what must hold for all of them. That nothing crashes, leaks, hangs or overflows is libFuzzer's and the
// sanitizers' to see.

#include "base/error.hpp"

#include <initializer_list>
#include <string_view>

namespace iasql::fuzz {

void run(std::string_view bytes);

// Ends the process, which libFuzzer reports with the bytes, where `holds` is false.
void require(bool holds, std::string_view claim);

// The first byte of `bytes`, which is removed; 0 where there is none.
unsigned take_byte(std::string_view& bytes);

// What precedes the first `separator`, both of which are removed; everything where there is none.
std::string_view take_until(std::string_view& bytes, std::string_view separator);

// Ends the process where the error is not of one of these SQLSTATEs.
void require_sqlstate(const Error& error, std::initializer_list<std::string_view> allowed);

} // namespace iasql::fuzz
