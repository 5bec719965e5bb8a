#pragma once

// The file with the secret half of the server's key: one line of text, mode 0400, owned by the operating-system user
// that PostgreSQL runs as, and outside the data directory so that no base backup has it.

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
void write_key_file(const std::string& path, const LockedBytes& secret_key, FileOwner owner);

// The secret half. Throws Error (not_connected) where the file is missing, is no ordinary file, belongs to another user
// than this process runs as, has another mode than 0400, or does not hold a key. Symbolic links are not
// followed in the last part of the path.
LockedBytes read_key_file(const std::string& path);

} // namespace iasql::credentials
