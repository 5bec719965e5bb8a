#pragma once

// Facts about the server and database that this session works in. Includes nothing of PostgreSQL.

#include <cstdint>
#include <string>

namespace iasql::pg {

std::uint64_t system_identifier();
std::uint32_t database_oid();
std::string data_directory(); // absolute

// The path of a file that belongs to an extension: beside PostgreSQL's own control files or, from version 18 on, in one
// of the folders that extension_control_path names. Where it is nowhere, where PostgreSQL's own would be.
std::string extension_file(const std::string& name);

} // namespace iasql::pg
