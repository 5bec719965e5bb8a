#pragma once

// The console's passwords: argon2id, 64 MiB and two passes.

#include <string>

namespace iasql::console {

inline constexpr std::size_t shortest_password = 12, longest_password = 256;

// Twenty-four letters and digits.
std::string random_password();
// What is stored of a password, with its salt and costs. Throws Error (internal_error) where there is no memory for it.
std::string password_hash(const std::string& password);
// Whether it is the password. An empty hash, of a user who does not exist, takes as long as any other and is never
// right.
bool is_password(const std::string& password, const std::string& hash);

} // namespace iasql::console
