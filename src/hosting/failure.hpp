#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace iasql::hosting {

// Why something was not done, as far as a caller makes a difference.
enum class Reason {
  failed,              // it could not be done
  usage,               // it makes no sense as it was asked for
  not_running,         // there is no server, or it is stopped
  credentials_refused, // AWS does not accept the key
  unknown_database,    // there is no database of that name
};

// Ends what was asked for: one line for the reader and, where we know one, what to do about it.
class Failure : public std::runtime_error {
public:
  explicit Failure(const std::string& message, std::string hint = {}, Reason reason = Reason::failed)
      : std::runtime_error(message), m_hint(std::move(hint)), m_reason(reason) {}
  const std::string& hint() const { return m_hint; }
  Reason reason() const { return m_reason; }

private:
  std::string m_hint;
  Reason m_reason;
};

} // namespace iasql::hosting
