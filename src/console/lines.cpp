#include "console/lines.hpp"

#include "base/json.hpp"
#include "hosting/failure.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace iasql::console {

using hosting::Failure;

namespace {

constexpr std::uint32_t longest_document = 16 << 20;
constexpr int deepest_document = 8;

[[noreturn]] void fail(const char* doing) {
  throw Failure(std::string("the console's processes cannot ") + doing + ": " + std::strerror(errno));
}

std::pair<File, File> socket_pair(int type) {
  int ends[2];
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) fail("make a line");
  return {File(ends[0]), File(ends[1])};
}

void write_all(int file, const char* data, std::size_t size) {
  while (size > 0) {
    const auto sent = ::send(file, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) fail("ask each other");
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

void read_all(int file, char* data, std::size_t size) {
  while (size > 0) {
    const auto got = ::recv(file, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) throw Failure("the console's other process has hung up", "Its log says more.");
    if (got < 0) fail("ask each other");
    data += got;
    size -= static_cast<std::size_t>(got);
  }
}

// The control data of a message with one file.
struct OneFile {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  char byte = 0;
  iovec data{&byte, 1};
  msghdr message{};
  OneFile() {
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
};

} // namespace

File::~File() {
  if (m_number >= 0) close(m_number);
}

File& File::operator=(File&& other) noexcept {
  std::swap(m_number, other.m_number);
  return *this;
}

void Line::send(const Value& document) {
  const auto text = write_json(document);
  if (text.size() > longest_document) throw Failure("this is too long for the console's processes");
  const auto size = static_cast<std::uint32_t>(text.size());
  write_all(m_file.number(), reinterpret_cast<const char*>(&size), sizeof size);
  write_all(m_file.number(), text.data(), text.size());
}

Value Line::receive() {
  std::uint32_t size = 0;
  read_all(m_file.number(), reinterpret_cast<char*>(&size), sizeof size);
  if (size > longest_document) throw Failure("this is too long for the console's processes");
  std::string text(size, '\0');
  read_all(m_file.number(), text.data(), text.size());
  return read_json(text, deepest_document);
}

std::pair<Switchboard, Switchboard> Switchboard::make() {
  auto ends = socket_pair(SOCK_SEQPACKET); // a message is one line, whoever of several threads takes it
  return {Switchboard(std::move(ends.first)), Switchboard(std::move(ends.second))};
}

Line Switchboard::open() {
  auto ends = socket_pair(SOCK_STREAM);
  OneFile one;
  auto* header = CMSG_FIRSTHDR(&one.message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int file = ends.second.number();
  std::memcpy(CMSG_DATA(header), &file, sizeof file);
  while (sendmsg(m_file.number(), &one.message, MSG_NOSIGNAL) < 0)
    if (errno != EINTR) fail("ask each other");
  return Line(std::move(ends.first));
}

std::optional<Line> Switchboard::accept() {
  for (;;) {
    OneFile one;
    const auto got = recvmsg(m_file.number(), &one.message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    const auto* header = CMSG_FIRSTHDR(&one.message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int file = -1;
    std::memcpy(&file, CMSG_DATA(header), sizeof file);
    return Line(File(file));
  }
}

void Switchboard::hang_up() {
  shutdown(m_file.number(), SHUT_RDWR);
}

void Switchboard::wait_for_the_end() {
  char byte = 0;
  for (;;) {
    const auto got = recv(m_file.number(), &byte, 1, 0);
    if (got == 0 || (got < 0 && errno != EINTR)) return;
  }
}

} // namespace iasql::console
