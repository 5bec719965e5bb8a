// Equality by meaning, and what the service model says of a value.

#include "base/instant.hpp"
#include "base/json.hpp"
#include "engine/marshal.hpp"
#include "engine/meaning.hpp"

#include <algorithm>
#include <cctype>

namespace iasql::engine {

namespace {

std::vector<std::string> sorted(const Array& array) {
  std::vector<std::string> texts;
  for (const Value& element : array)
    texts.push_back(write_json(element));
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::optional<std::string> lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

// Compares two texts by a function that gives each meaning one spelling; texts it does not know by their letters.
template <typename Spelling>
bool same_text(const Value& left, const Value& right, Spelling spelling) {
  const auto left_meaning = spelling(left.string()), right_meaning = spelling(right.string());
  if (left_meaning && right_meaning) return *left_meaning == *right_meaning;
  return left.string() == right.string();
}

} // namespace

// Columns of the left row that are not given are no opinion.
bool same_part_row(const BoundAttribute& part, const Value& left, const Value& right) {
  if (!part.part->element.empty()) return left == right;
  return std::all_of(part.members.begin(), part.members.end(), [&](const BoundAttribute& member) {
    return !is_given(left[member.column]) || same_value(member, left[member.column], right[member.column]);
  });
}

namespace {

// Rows in any order.
bool same_part(const BoundAttribute& part, const Value& left, const Value& right) {
  Array wanted = left.is_array() ? left.array() : Array(), there = right.is_array() ? right.array() : Array();
  if (wanted.size() != there.size()) return false;
  return std::all_of(wanted.begin(), wanted.end(), [&](const Value& row) {
    auto found =
        std::find_if(there.begin(), there.end(), [&](const Value& other) { return same_part_row(part, row, other); });
    if (found == there.end()) return false;
    there.erase(found);
    return true;
  });
}

} // namespace

bool same_value(const BoundAttribute& attribute, const Value& left, const Value& right) {
  if (attribute.part) return same_part(attribute, left, right);
  if (!is_given(left) || !is_given(right)) return is_given(left) == is_given(right);
  if (left.is_string() && right.is_string()) {
    if (attribute.meaning == Meaning::document) return same_text(left, right, canonical_document);
    if (attribute.meaning == Meaning::caseless) return same_text(left, right, lower_case);
    if (attribute.meaning == Meaning::cidr_block || attribute.type == "cidr")
      return same_text(left, right, canonical_network);
    if (attribute.type == "timestamp with time zone")
      return same_text(left, right, [](const std::string& text) { return instant(text); });
  }
  if (left.is_array() && right.is_array()) return sorted(left.array()) == sorted(right.array());
  return left == right;
}

namespace {

// UTF-8's continuation bytes begin no character.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string amount(double number, const std::string& unit) {
  return std::to_string(static_cast<std::int64_t>(number)) + unit;
}

std::optional<std::string> out_of_bounds(const aws::Shape& shape, double size, const std::string& unit) {
  if (shape.minimum && size < *shape.minimum)
    return "must be at least " + amount(*shape.minimum, unit) + ", not " + amount(size, unit);
  if (shape.maximum && size > *shape.maximum)
    return "must be at most " + amount(*shape.maximum, unit) + ", not " + amount(size, unit);
  return {};
}

std::optional<std::string> wrong_with(const aws::Shape& shape, const Value& value, PatternMatcher matches) {
  if (value.is_array() && shape.type == aws::ShapeType::list) {
    if (auto wrong = out_of_bounds(shape, static_cast<double>(value.array().size()), " elements")) return wrong;
    for (const Value& element : value.array())
      if (auto wrong = wrong_with(*shape.element.shape, element, matches)) return wrong;
    return {};
  }
  if (value.is_number() && shape.type != aws::ShapeType::string) return out_of_bounds(shape, value.number(), "");
  if (!value.is_string() || shape.type != aws::ShapeType::string) return {};
  const std::string& text = value.string();
  if (!shape.allowed.empty() && std::find(shape.allowed.begin(), shape.allowed.end(), text) == shape.allowed.end()) {
    std::string all;
    for (const std::string& allowed : shape.allowed)
      all += (all.empty() ? "" : ", ") + allowed;
    return "must be one of " + all + ", not " + write_json(text);
  }
  if (auto wrong = out_of_bounds(shape, static_cast<double>(characters(text)), " characters")) return wrong;
  if (!shape.pattern.empty() && !matches(shape.pattern, text))
    return "must match the pattern " + shape.pattern + ", which " + write_json(text) + " does not";
  return {};
}

std::optional<std::string> wrong_with_tags(const Value& tags) {
  if (!tags.is_object()) return "must be an object of strings, such as {\"Name\": \"web\"}";
  for (const auto& [key, value] : tags.object()) {
    if (!value.is_string()) return "must be an object of strings; the value of " + write_json(key) + " is none";
    if (key == intent_tag) return "must not have the key " + write_json(key) + ", which iasql uses itself";
  }
  return {};
}

} // namespace

std::optional<std::string> what_is_wrong(const BoundAttribute& attribute, const Value& value, PatternMatcher matches) {
  if (!is_given(value)) return {};
  if (attribute.tags) return wrong_with_tags(value);
  if (value.is_string()) {
    if (attribute.meaning == Meaning::document && !canonical_document(value.string())) return "must be a JSON document";
    if (attribute.meaning == Meaning::cidr_block && !canonical_network(value.string()))
      return "must be a network such as 10.0.0.0/16, not " + write_json(value);
  }
  // A foreign key's value is a row's number, not what is sent.
  if (!attribute.shape || !attribute.parent.empty()) return {};
  return wrong_with(*attribute.shape, value, matches);
}

} // namespace iasql::engine
