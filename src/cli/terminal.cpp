#include "cli/terminal.hpp"

#include "hosting/failure.hpp"

#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>

namespace iasql::cli {

using namespace hosting;

namespace {

// Echo off for as long as it lives.
class Silence {
public:
  Silence() {
    tcgetattr(STDIN_FILENO, &m_before);
    termios silent = m_before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

private:
  termios m_before{};
};

// One line of standard input, read byte by byte so that no buffer of the C library keeps a copy.
credentials::LockedBytes read_line() {
  std::array<char, 4096> line;
  std::size_t length = 0;
  char byte = 0;
  while (length < line.size() && read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
    line[length++] = byte;
  if (length && line[length - 1] == '\r') --length;
  credentials::LockedBytes result{std::string_view(line.data(), length)};
  sodium_memzero(line.data(), line.size());
  return result;
}

} // namespace

void say(const std::string& line) {
  std::cerr << line << '\n';
}

bool confirm(const std::string& question) {
  if (!isatty(STDIN_FILENO)) return false;
  std::cerr << question << " [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

credentials::LockedBytes read_secret(const std::string& what, const std::string& of) {
  credentials::LockedBytes secret;
  if (isatty(STDIN_FILENO)) {
    const Silence silence; // before the prompt: what is typed at once is neither shown nor lost
    std::cerr << what << of << ": ";
    secret = read_line();
    std::cerr << '\n';
  } else {
    secret = read_line();
  }
  if (secret.size() == 0)
    throw Failure("no " + what + " was given", "Type it at the prompt, or pipe it in.", Reason::usage);
  return secret;
}

std::string readable_size(long long bytes) {
  constexpr std::array<const char*, 4> units{"kB", "MB", "GB", "TB"};
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < units.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), amount < 10 ? "%.1f %s" : "%.0f %s", amount, units[unit]);
  return text.data();
}

} // namespace iasql::cli
