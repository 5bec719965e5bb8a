#include "engine/meaning.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace iasql::engine {

namespace {

// A number that takes up all of `text`.
std::optional<int> number(std::string_view text) {
  int result = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return result;
}

} // namespace

std::optional<std::string> canonical_network(const std::string& text) {
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const int bits = family == AF_INET ? 32 : 128;
  unsigned char bytes[16];
  if (inet_pton(family, address.c_str(), bytes) != 1) return {};
  int length = bits;
  if (slash != std::string::npos) {
    const auto given = number(std::string_view(text).substr(slash + 1));
    if (!given || *given < 0 || *given > bits) return {};
    length = *given;
  }
  for (int bit = length; bit < bits; ++bit)
    bytes[bit / 8] &= static_cast<unsigned char>(~(0x80 >> (bit % 8)));
  char printed[INET6_ADDRSTRLEN];
  inet_ntop(family, bytes, printed, sizeof printed);
  return std::string(printed) + "/" + std::to_string(length);
}

namespace {

std::string canonical(const Value& value) {
  std::vector<std::string> parts;
  if (value.is_array()) {
    for (const Value& element : value.array())
      parts.push_back(canonical(element));
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    if (parts.size() == 1) return parts.front();
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.object())
      parts.push_back(write_json(name) + ":" + canonical(member));
    std::sort(parts.begin(), parts.end());
  } else {
    return write_json(value.text());
  }
  std::string joined = value.is_array() ? "[" : "{";
  for (const std::string& part : parts)
    joined += part + ",";
  return joined + (value.is_array() ? "]" : "}");
}

} // namespace

std::optional<std::string> canonical_document(const std::string& text) {
  try {
    return canonical(read_json(text));
  } catch (const Error&) {
    return {};
  }
}

std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    const char* digits = text.data() + at + 1;
    const bool is_code =
        text[at] == '%' && at + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    decoded += is_code ? static_cast<char>(value) : text[at];
    if (is_code) at += 2;
  }
  return decoded;
}

} // namespace iasql::engine
