#include "aws/redact.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

enum class Within { ordinary, sensitive };

void collect(const Shape* shape, const Value& value, Within within, std::vector<std::string>& texts) {
  if (!shape) return;
  if (shape->sensitive) within = Within::sensitive;
  if (value.is_string()) {
    if (within == Within::sensitive) texts.push_back(value.string());
  } else if (value.is_array()) {
    for (const auto& element : value.array())
      collect(shape->element.shape, element, within, texts);
  } else if (value.is_object()) {
    for (const auto& [name, part] : value.object()) {
      const Member* member = shape->type == ShapeType::map ? &shape->value : shape->member(name);
      if (member) collect(member->shape, part, within, texts);
    }
  }
}

bool holds_sensitive(const Shape* shape, const Value& value) {
  if (!shape || value.is_null()) return false;
  if (shape->sensitive) return true;
  if (value.is_array())
    return std::any_of(value.array().begin(), value.array().end(),
                       [&](const Value& element) { return holds_sensitive(shape->element.shape, element); });
  if (!value.is_object()) return false;
  return std::any_of(value.object().begin(), value.object().end(), [&](const Object::Member& part) {
    const Member* member = shape->type == ShapeType::map ? &shape->value : shape->member(part.first);
    return member && holds_sensitive(member->shape, part.second);
  });
}

void hide(const Shape* shape, Value& output) {
  if (!shape || output.is_null()) return;
  if (shape->sensitive) {
    output = "***";
  } else if (output.is_array()) {
    for (auto& element : output.array())
      hide(shape->element.shape, element);
  } else if (output.is_object()) {
    for (auto& [name, part] : output.object()) {
      const Member* member = shape->type == ShapeType::map ? &shape->value : shape->member(name);
      if (member) hide(member->shape, part);
    }
  }
}

void cut(std::string& text, std::size_t longest) {
  if (text.size() <= longest) return;
  while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0) == 0x80)
    --longest; // never within a character of UTF-8
  text.resize(longest);
  text += "…";
}

} // namespace

std::vector<std::string> sensitive_texts(const Shape* shape, const Value& value) {
  std::vector<std::string> texts;
  collect(shape, value, Within::ordinary, texts);
  return texts;
}

void hide_sensitive(const Shape* shape, Value& output) {
  // What has nothing to hide stays as it was read, which is as one block of memory.
  if (holds_sensitive(shape, output)) hide(shape, output);
}

std::string redact(std::string text, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.size() < 4) continue;
    for (auto found = text.find(secret); found != text.npos; found = text.find(secret, found + 3))
      text.replace(found, secret.size(), "***");
  }
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  cut(text, 2'000);
  return text;
}

} // namespace iasql::aws
