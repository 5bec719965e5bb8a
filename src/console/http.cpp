#include "console/http.hpp"

#include "base/json.hpp"

namespace iasql::console {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

bool has_bad_segment(std::string_view path) {
  path.remove_prefix(1);
  if (path.empty()) return false;
  for (;;) {
    const auto end = path.find('/');
    const auto segment = path.substr(0, end);
    if (segment.empty() || segment == "." || segment == "..") return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

} // namespace

const std::string& Request::header(const std::string& name) const {
  static const std::string none;
  const auto found = headers.find(name);
  return found == headers.end() ? none : found->second;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  std::optional<std::string> result;
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto pair = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    // Another site's page on the same host may have set one beside ours.
    if (result) return std::nullopt;
    result = std::string(pair.substr(equals + 1));
  }
  return result;
}

Response json_response(const Value& value, int status) {
  return {.status = status, .body = write_json(value)};
}

Response error_response(int status, std::string_view message, std::string_view hint) {
  Object error{{"message", message}};
  if (!hint.empty()) error.set("hint", hint);
  return json_response(Object{{"error", std::move(error)}}, status);
}

std::optional<std::string> decode_path(std::string_view target) {
  target = target.substr(0, target.find('?'));
  if (target.empty() || target.front() != '/') return std::nullopt;
  std::string path;
  for (std::size_t i = 0; i < target.size(); ++i) {
    char character = target[i];
    if (character == '%') {
      if (i + 2 >= target.size()) return std::nullopt;
      const int high = hex_digit(target[i + 1]), low = hex_digit(target[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      character = static_cast<char>(high * 16 + low);
      if (character == '/') return std::nullopt;
      i += 2;
    }
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) return std::nullopt;
    path += character;
  }
  if (has_bad_segment(path)) return std::nullopt;
  return path;
}

} // namespace iasql::console
