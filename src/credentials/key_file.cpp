#include "credentials/key_file.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace iasql::credentials {

namespace {

constexpr std::string_view first_word = "iasql-secret-key-1 ";
constexpr std::size_t digits = 2 * key_bytes;
constexpr std::size_t line_bytes = first_word.size() + digits + 1;
constexpr std::size_t most_keys = 16; // one, or two while one takes the place of the other

Error problem(const std::string& path, const std::string& what, std::string hint = {}) {
  return Error(sqlstate::not_connected, "key file \"" + path + "\" " + what, {}, std::move(hint));
}

std::string reason() {
  return std::strerror(errno);
}

class File {
public:
  explicit File(int descriptor) : m_descriptor(descriptor) {}
  ~File() {
    if (m_descriptor >= 0) ::close(m_descriptor);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return m_descriptor; }

private:
  int m_descriptor;
};

// Removes the unfinished file unless it was put in its place.
class Unfinished {
public:
  explicit Unfinished(std::string path) : m_path(std::move(path)) {}
  ~Unfinished() { ::unlink(m_path.c_str()); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

private:
  std::string m_path;
};

// Reads until `size` bytes or the end of the file; how many there were.
std::size_t read_up_to(int descriptor, unsigned char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    auto got = ::read(descriptor, to + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

LockedBytes text_of(const SecretKeys& secret_keys) {
  LockedBytes text(secret_keys.size() * line_bytes + 1); // sodium_bin2hex ends with a zero byte
  auto* to = reinterpret_cast<char*>(text.data());
  for (const auto& key : secret_keys) {
    std::memcpy(to, first_word.data(), first_word.size());
    sodium_bin2hex(to + first_word.size(), digits + 1, key.data(), key_bytes);
    to[line_bytes - 1] = '\n';
    to += line_bytes;
  }
  return text;
}

// Nothing where the text is anything else than keys.
SecretKeys keys_in(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  SecretKeys keys;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(white), text.size()));
    if (text.empty()) return keys;
    LockedBytes key(key_bytes);
    std::size_t decoded = 0;
    if (!text.starts_with(first_word) || text.size() < first_word.size() + digits ||
        sodium_hex2bin(key.data(), key.size(), text.data() + first_word.size(), digits, nullptr, &decoded, nullptr) !=
            0 ||
        decoded != key_bytes)
      return {};
    text.remove_prefix(first_word.size() + digits);
    if (!text.empty() && white.find(text.front()) == std::string_view::npos) return {};
    keys.push_back(std::move(key));
  }
}

// Writes all of it to a new file beside `path`, which is there when this returns.
void write_unfinished(const std::string& path, const std::string& unfinished, const SecretKeys& secret_keys,
                      FileOwner owner) {
  for (const auto& key : secret_keys)
    if (key.size() != key_bytes) throw problem(path, "needs keys of 32 bytes");
  const auto content = text_of(secret_keys);
  const auto size = secret_keys.size() * line_bytes;
  ::unlink(unfinished.c_str()); // what a crash left
  File file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
  if (file.descriptor() < 0) throw problem(path, "cannot be made: " + unfinished + ": " + reason());
  auto same_owner = owner.user == ::geteuid() && owner.group == ::getegid();
  if (::fchmod(file.descriptor(), 0400) != 0 ||
      (!same_owner && ::fchown(file.descriptor(), owner.user, owner.group) != 0) ||
      ::write(file.descriptor(), content.data(), size) != static_cast<ssize_t>(size) || ::fsync(file.descriptor()) != 0)
    throw problem(path, "cannot be written: " + reason());
}

// So that the name, too, is there after a power failure.
void flush_folder_of(const std::string& path) {
  File folder(::open(path.substr(0, path.rfind('/') + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.descriptor() < 0 || ::fsync(folder.descriptor()) != 0)
    throw problem(path, "cannot be written: " + reason());
}

} // namespace

void write_key_file(const std::string& path, const SecretKeys& secret_keys, FileOwner owner) {
  const auto unfinished = path + ".new";
  const Unfinished cleanup(unfinished);
  write_unfinished(path, unfinished, secret_keys, owner);
  // link() refuses a file that is already there, which rename() would silently replace: with it every key sealed so
  // far.
  if (::link(unfinished.c_str(), path.c_str()) != 0) throw problem(path, "cannot be made: " + reason());
  flush_folder_of(path);
}

void replace_key_file(const std::string& path, const SecretKeys& secret_keys) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) throw problem(path, "cannot be examined: " + reason());
  const auto unfinished = path + ".new";
  const Unfinished cleanup(unfinished);
  write_unfinished(path, unfinished, secret_keys, {facts.st_uid, facts.st_gid});
  if (::rename(unfinished.c_str(), path.c_str()) != 0) throw problem(path, "cannot be replaced: " + reason());
  flush_folder_of(path);
}

LockedBytes read_private_file(const std::string& path, uid_t owner, std::size_t most) {
  File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (file.descriptor() < 0)
    throw problem(path, "cannot be read: " + reason(),
                  errno == ENOENT
                      ? "\"iasql up\" makes the file for its own server, docs/packages.md says how to make one for "
                        "another; setting iasql.key_file says where it is"
                      : "");
  struct stat facts {};
  if (::fstat(file.descriptor(), &facts) != 0) throw problem(path, "cannot be examined: " + reason());
  if (!S_ISREG(facts.st_mode)) throw problem(path, "is not an ordinary file");
  if (facts.st_uid != owner)
    throw problem(path, "does not belong to the operating-system user that the server runs as");
  if ((facts.st_mode & 0377) != 0)
    throw problem(path, "has another mode than 0400", "Only the server may read it: chmod 0400 " + path);

  LockedBytes content(most + 1);
  const auto size = read_up_to(file.descriptor(), content.data(), content.size());
  if (size > most) throw problem(path, "is too long");
  return LockedBytes(content.view().substr(0, size));
}

SecretKeys read_key_file(const std::string& path, uid_t owner) {
  const auto content = read_private_file(path, owner, most_keys * line_bytes);
  auto keys = keys_in(content.view());
  if (keys.empty()) throw problem(path, "does not hold a key of iasql");
  return keys;
}

SecretKeys read_key_variable() {
  const char* text = std::getenv(key_variable);
  if (!text || !*text)
    throw Error(sqlstate::not_connected, "the server has no key: iasql.key_file is empty and IASQL_KEY is not set", {},
                "Start the server with IASQL_KEY, or set iasql.key_file");
  auto keys = keys_in(text);
  if (keys.empty()) throw Error(sqlstate::not_connected, "IASQL_KEY does not hold a key of iasql");
  return keys;
}

} // namespace iasql::credentials
