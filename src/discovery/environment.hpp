#pragma once

#include <map>
#include <string>
#include <string_view>

namespace iasql::discovery {

// The environment variables that say where credentials are, as a value. They may hold secrets, and are wiped with it.
class Environment {
public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit Environment(Variables variables) : m_variables(std::move(variables)) {}
  Environment(const Environment&) = default;
  Environment(Environment&&) = default;
  Environment& operator=(const Environment&) = delete;
  ~Environment();

  // This process's AWS_… variables and HOME, which is the user's home directory where it is not set.
  static Environment of_this_process();

  // The variable's value; "" where it is not set.
  std::string_view get(std::string_view name) const;
  // The path with the home directory for a "~" at its beginning.
  std::string expanded(std::string_view path) const;

private:
  Variables m_variables;
};

} // namespace iasql::discovery
