#pragma once

// Facts about the server and database that this session works in. Includes nothing of PostgreSQL.

#include <cstdint>
#include <string>

namespace iasql::pg {

std::uint64_t system_identifier();
std::uint32_t database_oid();
std::string data_directory();  // absolute
std::string share_directory(); // absolute; where this server's own is, also where it was moved

} // namespace iasql::pg
