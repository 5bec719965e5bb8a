#include "credentials/key_file.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace iasql::credentials {

namespace {

constexpr std::string_view first_word = "iasql-secret-key-1 ";
constexpr std::size_t digits = 2 * key_bytes;
constexpr std::size_t file_bytes = first_word.size() + digits + 1;

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

} // namespace

void write_key_file(const std::string& path, const LockedBytes& secret_key, FileOwner owner) {
  if (secret_key.size() != key_bytes) throw problem(path, "needs a key of 32 bytes");
  LockedBytes content(file_bytes + 1); // sodium_bin2hex ends with a zero byte
  std::memcpy(content.data(), first_word.data(), first_word.size());
  sodium_bin2hex(reinterpret_cast<char*>(content.data()) + first_word.size(), digits + 1, secret_key.data(), key_bytes);
  content.data()[file_bytes - 1] = '\n';

  auto unfinished = path + ".new";
  File file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
  if (file.descriptor() < 0) throw problem(path, "cannot be made: " + unfinished + ": " + reason());
  Unfinished cleanup(unfinished);
  auto same_owner = owner.user == ::geteuid() && owner.group == ::getegid();
  if (::fchmod(file.descriptor(), 0400) != 0 ||
      (!same_owner && ::fchown(file.descriptor(), owner.user, owner.group) != 0) ||
      ::write(file.descriptor(), content.data(), file_bytes) != static_cast<ssize_t>(file_bytes) ||
      ::fsync(file.descriptor()) != 0)
    throw problem(path, "cannot be written: " + reason());
  // link() refuses a file that is already there, which rename() would silently replace: with it every key sealed so
  // far.
  if (::link(unfinished.c_str(), path.c_str()) != 0) throw problem(path, "cannot be made: " + reason());
}

LockedBytes read_key_file(const std::string& path) {
  File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (file.descriptor() < 0)
    throw problem(path, "cannot be read: " + reason(),
                  errno == ENOENT ? "\"iasql up\" makes the file; setting iasql.key_file says where it is" : "");
  struct stat facts {};
  if (::fstat(file.descriptor(), &facts) != 0) throw problem(path, "cannot be examined: " + reason());
  if (!S_ISREG(facts.st_mode)) throw problem(path, "is not an ordinary file");
  if (facts.st_uid != ::geteuid())
    throw problem(path, "does not belong to the operating-system user that the server runs as");
  if ((facts.st_mode & 0377) != 0)
    throw problem(path, "has another mode than 0400", "Only the server may read it: chmod 0400 " + path);

  LockedBytes content(file_bytes + 1);
  LockedBytes key(key_bytes);
  std::size_t decoded = 0;
  auto size = read_up_to(file.descriptor(), content.data(), content.size());
  auto text = content.view().substr(0, size);
  if (size != file_bytes || !text.starts_with(first_word) || text.back() != '\n' ||
      sodium_hex2bin(key.data(), key.size(), text.data() + first_word.size(), digits, nullptr, &decoded, nullptr) !=
          0 ||
      decoded != key_bytes)
    throw problem(path, "does not hold a key of iasql");
  return key;
}

} // namespace iasql::credentials
