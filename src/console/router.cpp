#include "console/router.hpp"

#include <optional>

namespace iasql::console {

namespace {

std::string_view take_segment(std::string_view& path) {
  const auto end = path.find('/');
  const auto segment = path.substr(0, end);
  path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  return segment;
}

std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::string_view path) {
  std::map<std::string, std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern), segment = take_segment(path);
    if (wanted.starts_with('{')) {
      parameters[std::string(wanted.substr(1, wanted.size() - 2))] = std::string(segment);
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

} // namespace

std::string Asked::text(std::string_view name) const {
  const auto& value = body[name];
  if (value.is_null()) return "";
  if (!value.is_string()) throw BadRequest(std::string(name) + " is not a text");
  return value.string();
}

bool Asked::flag(std::string_view name) const {
  const auto& value = body[name];
  if (value.is_null()) return false;
  if (!value.is_boolean()) throw BadRequest(std::string(name) + " is neither true nor false");
  return value.boolean();
}

Match find_route(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
  Match result;
  for (const auto& route : routes) {
    auto parameters = match(route.pattern, path);
    if (!parameters) continue;
    if (route.method == method) return {.route = &route, .parameters = std::move(*parameters)};
    result.other_method = true;
  }
  return result;
}

} // namespace iasql::console
