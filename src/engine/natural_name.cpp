// The name by which people know a row, from the resource's template (resource.hpp, Resource::name).

#include "engine/marshal.hpp"

namespace iasql::engine {

namespace {

std::string column_text(const Binding& binding, const Row& row, const std::string& column,
                        const ParentName& parent_name) {
  const Value& value = row.get(column);
  const BoundAttribute* attribute = binding.attribute(column);
  if (attribute && !attribute->parent.empty() && !value.is_null()) return parent_name(attribute->parent, value);
  return value.text();
}

std::string range_text(const Value& from, const Value& to) {
  const auto is_open = [](const Value& end) { return end.is_null() || end == Value(-1); };
  if (is_open(from) && is_open(to)) return {};
  return from == to ? from.text() : from.text() + "-" + to.text();
}

// What stands between two braces.
std::string placeholder_text(const Binding& binding, const Row& row, const std::string& placeholder,
                             const ParentName& parent_name) {
  if (const auto question = placeholder.find('?'); question != std::string::npos) {
    const auto colon = placeholder.find(':', question);
    const Value& value = row.get(placeholder.substr(0, question));
    return value == Value(true) ? placeholder.substr(question + 1, colon - question - 1)
                                : placeholder.substr(colon + 1);
  }
  if (const auto dots = placeholder.find(".."); dots != std::string::npos)
    return range_text(row.get(placeholder.substr(0, dots)), row.get(placeholder.substr(dots + 2)));
  for (std::size_t start = 0; start <= placeholder.size();) {
    const auto bar = std::min(placeholder.find('|', start), placeholder.size());
    const std::string text = column_text(binding, row, placeholder.substr(start, bar - start), parent_name);
    if (!text.empty()) return text;
    start = bar + 1;
  }
  return {};
}

// One space between words, however many placeholders gave nothing.
std::string without_gaps(const std::string& text) {
  std::string result;
  for (char character : text)
    if (character != ' ' || (!result.empty() && result.back() != ' ')) result += character;
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

} // namespace

std::string natural_name(const Binding& binding, const Row& row, const ParentName& parent_name) {
  const std::string& pattern = binding.resource->name;
  std::string text;
  std::size_t from = 0;
  while (true) {
    const auto open = pattern.find('{', from);
    text += pattern.substr(from, open - from);
    if (open == std::string::npos) return without_gaps(text);
    const auto close = pattern.find('}', open);
    text += placeholder_text(binding, row, pattern.substr(open + 1, close - open - 1), parent_name);
    from = close + 1;
  }
}

} // namespace iasql::engine
