#include "aws/protocol/header_list.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// Takes the quoted string that `rest` begins with.
std::string take_quoted(std::string_view& rest) {
  std::string text;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    text += rest[at];
  }
  rest.remove_prefix(at);
  return text;
}

// Where the element ends that `text` begins with.
std::size_t element_end(std::string_view text, HeaderList kind) {
  auto comma = text.find(',');
  // "Mon, 16 Dec 2019 23:48:18 GMT": the first comma is the date's.
  if (kind == HeaderList::dates && comma != text.npos) comma = text.find(',', comma + 1);
  return comma == text.npos ? text.size() : comma;
}

} // namespace

std::string join_header_list(const std::vector<std::string>& elements, HeaderList kind) {
  std::string text;
  for (const std::string& element : elements) {
    bool is_ambiguous = element.empty() || element.find_first_of(",\"") != element.npos;
    text += kind == HeaderList::strings && is_ambiguous ? quoted(element) : element;
    text += ", ";
  }
  return text.substr(0, text.size() - (elements.empty() ? 0 : 2));
}

std::vector<std::string> split_header_list(std::string_view text, HeaderList kind) {
  std::vector<std::string> elements;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
    if (text.empty()) return elements;
    if (kind == HeaderList::strings && text.front() == '"')
      elements.push_back(take_quoted(text));
    else
      elements.emplace_back(trimmed(text.substr(0, element_end(text, kind))));
    text.remove_prefix(element_end(text, kind));
  }
}

} // namespace iasql::aws
