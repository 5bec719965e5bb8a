#include "extension/pg/server.hpp"

#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/xlog.h>
#include <miscadmin.h>
}

namespace iasql::pg {

std::uint64_t system_identifier() {
  return GetSystemIdentifier();
}

std::uint32_t database_oid() {
  return MyDatabaseId;
}

std::string data_directory() {
  return DataDir;
}

std::string share_directory() {
  char path[MAXPGPATH];
  get_share_path(my_exec_path, path);
  return path;
}

} // namespace iasql::pg
