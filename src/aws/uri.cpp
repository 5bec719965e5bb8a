#include "aws/uri.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hexadecimal_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

} // namespace

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string result;
  result.reserve(text.size());
  append_percent_encoded(result, text, keep);
  return result;
}

void append_percent_encoded(std::string& to, std::string_view text, std::string_view keep) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  auto is_kept = [&](char c) { return is_unreserved(c) || keep.find(c) != std::string_view::npos; };
  while (!text.empty()) {
    auto end = std::find_if_not(text.begin(), text.end(), is_kept);
    to.append(text.begin(), end);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    if (text.empty()) return;
    auto byte = static_cast<unsigned char>(text.front());
    to += {'%', digits[byte >> 4], digits[byte & 15]};
    text.remove_prefix(1);
  }
}

std::string percent_decode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      int high = hexadecimal_digit(text[at + 1]), low = hexadecimal_digit(text[at + 2]);
      if (high >= 0 && low >= 0) {
        result += static_cast<char>(high * 16 + low);
        at += 2;
        continue;
      }
    }
    result += text[at];
  }
  return result;
}

UrlParts split_url(std::string_view url) {
  auto colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0)
    throw Error(sqlstate::internal_error, "not an absolute URL: " + std::string(url));
  UrlParts parts;
  parts.scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  auto authority_end = rest.find_first_of("/?");
  parts.authority = rest.substr(0, authority_end);
  rest = authority_end == std::string_view::npos ? std::string_view() : rest.substr(authority_end);
  auto question = rest.find('?');
  parts.path = rest.substr(0, question);
  if (question != std::string_view::npos) parts.query = rest.substr(question + 1);
  return parts;
}

} // namespace iasql::aws
