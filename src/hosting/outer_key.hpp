#pragma once

// The server's outer key, for which every database's own data key is wrapped, gives way to another one.

#include "hosting/hosting.hpp"

#include <sys/types.h>

#include <filesystem>

namespace iasql::hosting {

// Makes a new outer key in the file, wraps every database's key for it, and takes the former one out of the file. Until
// that last step the file holds both, so that every key can be opened at every moment; where this process dies, the
// next call goes on with the key that was made. One call at a time. Throws Failure, DatabaseError, and Error for a file
// that cannot be read or written.
// Gives how many databases have a key.
long long rotate_outer_key(const std::filesystem::path& key_file, uid_t owner, const Hosting::Connect& connect);

// The middle step alone, for a server whose keys are in its environment: wraps every database's key for the first of
// them. Afterwards the others are not needed any more.
long long wrap_keys_again(const Hosting::Connect& connect);

} // namespace iasql::hosting
