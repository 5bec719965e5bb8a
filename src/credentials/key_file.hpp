#pragma once

// Where the secret halves of a server's outer keys are: in a file of mode 0400, owned by the operating-system user that
// PostgreSQL runs as and outside the data directory, so that no base backup has it; or in the environment that
// PostgreSQL was started with. A line of text each, the current one first.

#include "credentials/sealed.hpp"

#include <sys/types.h>

#include <string>

namespace iasql::credentials {

struct FileOwner {
  uid_t user;
  gid_t group;
};

// Makes the file, which must not exist yet, for that user; it is complete or not there at all. Throws Error
// (not_connected) naming the path and the system's reason.
void write_key_file(const std::string& path, const SecretKeys& secret_keys, FileOwner owner);

// Puts the file in place of the one that is there, which is the former or the new one at every moment, and keeps its
// owner. Throws Error (not_connected).
void replace_key_file(const std::string& path, const SecretKeys& secret_keys);

// The keys. Throws Error (not_connected) where the file is missing, is no ordinary file, belongs to another user than
// `owner`, has another mode than 0400, or does not hold keys. Symbolic links are not followed in the last part of the
// path.
SecretKeys read_key_file(const std::string& path, uid_t owner);

// A file as private as that one: its content. Throws Error (not_connected) as read_key_file() does, and for more than
// `most` bytes.
LockedBytes read_private_file(const std::string& path, uid_t owner, std::size_t most);

// The environment's, in place of a file: the lines as in a file, with white space of any kind between them.
inline constexpr const char* key_variable = "IASQL_KEY";
// Throws Error (not_connected) where the variable is not set or does not hold keys.
SecretKeys read_key_variable();

} // namespace iasql::credentials
