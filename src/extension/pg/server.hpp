#pragma once

// Facts about the server and database that this session works in. Includes nothing of PostgreSQL.

#include <cstdint>
#include <string>

namespace iasql::pg {

std::uint64_t system_identifier();
std::uint32_t database_oid();
std::string data_directory(); // absolute

} // namespace iasql::pg
