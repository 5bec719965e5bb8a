#include "discovery/environment.hpp"

#include "aws/credentials.hpp"

#include <pwd.h>
#include <unistd.h>

namespace iasql::discovery {

Environment::~Environment() {
  for (auto& [name, value] : m_variables)
    aws::wipe(value);
}

Environment Environment::of_this_process() {
  Variables variables;
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == text.npos || (name.substr(0, 4) != "AWS_" && name != "HOME")) continue;
    variables.emplace(name, text.substr(equals + 1));
  }
  auto& home = variables["HOME"];
  if (home.empty())
    if (const passwd* user = getpwuid(geteuid())) home = user->pw_dir;
  return Environment(std::move(variables));
}

std::string_view Environment::get(std::string_view name) const {
  const auto found = m_variables.find(name);
  return found == m_variables.end() ? std::string_view() : found->second;
}

std::string Environment::expanded(std::string_view path) const {
  if (path != "~" && path.substr(0, 2) != "~/") return std::string(path);
  return std::string(get("HOME")).append(path.substr(1));
}

} // namespace iasql::discovery
