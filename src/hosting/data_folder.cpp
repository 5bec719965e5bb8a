#include "hosting/data_folder.hpp"

#include "hosting/failure.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace iasql::hosting {

namespace {

[[noreturn]] void fail(const std::string& doing, const std::filesystem::path& path, int reason) {
  throw Failure("cannot " + doing + " " + path.string() + ": " + std::strerror(reason));
}

User user_of(const passwd& entry) {
  return {.name = entry.pw_name, .id = entry.pw_uid, .group = entry.pw_gid};
}

} // namespace

DataFolder data_folder(const std::string& named) {
  if (!named.empty()) return {std::filesystem::absolute(named).lexically_normal()};
  if (geteuid() == 0) return {"/var/lib/iasql"};
  const char* home = std::getenv("HOME");
  if (!home || !*home) throw Failure("HOME is not set", "Name the data folder with --data.");
  return {std::filesystem::path(home) / ".local/share/iasql"};
}

User current_user() {
  const passwd* entry = getpwuid(geteuid());
  if (!entry) throw Failure("this process runs as user " + std::to_string(geteuid()) + ", who has no name");
  return user_of(*entry);
}

std::optional<User> find_user(const std::string& name) {
  const passwd* entry = getpwnam(name.c_str());
  if (!entry) return std::nullopt;
  return user_of(*entry);
}

User server_user() {
  if (geteuid() != 0) return current_user();
  if (auto user = find_user(server_user_of_root)) return *user;
  throw Failure(std::string("there is no system user ") + server_user_of_root,
                "PostgreSQL does not run as root: `iasql up` makes that user.");
}

User console_user() {
  if (geteuid() != 0) return current_user();
  if (auto user = find_user(console_user_of_root)) return *user;
  throw Failure(std::string("there is no system user ") + console_user_of_root,
                "The console does not serve HTTP as root: `iasql up` makes that user.");
}

void write_file(const std::filesystem::path& path, std::string_view content, mode_t mode, const User& owner) {
  const auto unfinished = path.string() + ".new";
  int file = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) fail("write", path, errno);
  int reason = 0;
  while (!content.empty() && !reason) {
    const auto written = write(file, content.data(), content.size());
    if (written >= 0) {
      content.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      reason = errno;
    }
  }
  if (!reason && owner.id != geteuid() && fchown(file, owner.id, owner.group) != 0) reason = errno;
  if (!reason && (fchmod(file, mode) != 0 || fsync(file) != 0)) reason = errno;
  close(file);
  if (!reason && rename(unfinished.c_str(), path.c_str()) != 0) reason = errno;
  if (reason) {
    unlink(unfinished.c_str());
    fail("write", path, reason);
  }
}

void make_folder(const std::filesystem::path& path, mode_t mode, const User& owner) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail("make folder", path, error.value());
  if (owner.id != geteuid() && chown(path.c_str(), owner.id, owner.group) != 0) fail("give away folder", path, errno);
  if (chmod(path.c_str(), mode) != 0) fail("set the mode of", path, errno);
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("read", path, errno);
  }
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

} // namespace iasql::hosting
