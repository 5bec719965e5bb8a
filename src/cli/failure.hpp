#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace iasql::cli {

// What the program's exit status says (listed by `iasql help`).
enum class ExitStatus {
  success = 0,
  failed = 1,              // what was asked for could not be done
  usage = 2,               // the command line makes no sense
  not_running = 3,         // there is no server, or it is stopped
  credentials_refused = 4, // AWS does not accept the key
};

// Ends the command: one line for the reader and, where we know one, what to do about it.
class Failure : public std::runtime_error {
public:
  explicit Failure(const std::string& message, std::string hint = {}, ExitStatus status = ExitStatus::failed)
      : std::runtime_error(message), m_hint(std::move(hint)), m_status(status) {}
  const std::string& hint() const { return m_hint; }
  ExitStatus status() const { return m_status; }

private:
  std::string m_hint;
  ExitStatus m_status;
};

} // namespace iasql::cli
