#include "extension/pg/server.hpp"

#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/xlog.h>
#include <miscadmin.h>
#include <utils/guc.h>
}

#include <unistd.h>

#include <sstream>

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

std::string extension_file(const std::string& name) {
  char share[MAXPGPATH]; // of this server, also where it was moved
  get_share_path(my_exec_path, share);
  const auto own = std::string(share) + "/extension/" + name;
  const char* setting = GetConfigOption("extension_control_path", true, false);
  std::istringstream folders(setting ? setting : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto path = folder == "$system" ? own : folder + "/extension/" + name;
    if (::access(path.c_str(), R_OK) == 0) return path;
  }
  return own;
}

} // namespace iasql::pg
