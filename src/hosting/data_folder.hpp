#pragma once

// Where a server's files are. The folder belongs to the operator who runs `iasql up`; cluster, sockets and log within
// it to the user that PostgreSQL runs as.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace iasql::hosting {

struct DataFolder {
  std::filesystem::path root;

  std::filesystem::path cluster() const { return root / "cluster"; } // PostgreSQL's data directory
  std::filesystem::path sockets() const { return root / "sockets"; } // only the operator and PostgreSQL may enter
  std::filesystem::path log() const { return root / "log"; }
  std::filesystem::path keys() const { return root / "keys"; } // outside the cluster and its backups
  std::filesystem::path key_file() const { return keys() / "key"; }
  std::filesystem::path state_file() const { return root / "state.json"; }
  std::filesystem::path lock_file() const { return root / "lock"; }    // held by whoever changes the folder
  std::filesystem::path emulator() const { return root / "emulator"; } // its Python environment, where it was put here
};

// The folder named, or else /var/lib/iasql for root and ~/.local/share/iasql for anyone else. Absolute. Throws Failure
// where there is no home folder.
DataFolder data_folder(const std::string& named);

// An operating-system user.
struct User {
  std::string name;
  uid_t id = 0;
  gid_t group = 0;
};

User current_user();
std::optional<User> find_user(const std::string& name);
// Who PostgreSQL and the emulator run as: the user `iasql` when the operator is root (PostgreSQL refuses root), else
// the operator. Throws Failure where that user does not exist.
User server_user();
inline constexpr const char* server_user_of_root = "iasql";
// Who the part of the console that serves HTTP runs as: the user `iasql-console`, who owns nothing, when the operator
// is root, else the operator. Throws Failure where that user does not exist.
User console_user();
inline constexpr const char* console_user_of_root = "iasql-console";

// Writes a file with that mode and owner, whole or not at all. Throws Failure with the system's reason.
void write_file(const std::filesystem::path& path, std::string_view content, mode_t mode, const User& owner);
// Makes a folder, with its parents, unless it is there; sets mode and owner. Throws Failure.
void make_folder(const std::filesystem::path& path, mode_t mode, const User& owner);
// The file's content; nothing where there is no such file. Throws Failure where it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

} // namespace iasql::hosting
