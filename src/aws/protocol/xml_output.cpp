#include "aws/protocol/xml_output.hpp"

#include "aws/protocol/scalar.hpp"

#include <cstring>

namespace iasql::aws {

namespace {

Value parse_element(const Member& member, XmlElement element);

std::string_view or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

std::string_view entry_key_name(const Shape& map) {
  return or_else(map.key.location_name, "key");
}
std::string_view entry_value_name(const Shape& map) {
  return or_else(map.value.location_name, "value");
}

// <entry><key>…</key><value>…</value></entry>; an entry that lacks one of the two is dropped.
void add_entry(const Shape& map, XmlElement entry, Object& entries) {
  XmlElement key = child_element(entry, entry_key_name(map)), value = child_element(entry, entry_value_name(map));
  if (key && value) entries.set(element_text(key), parse_element(map.value, value));
}

bool is_container(const Member& member) {
  return member.shape->type == ShapeType::list || member.shape->type == ShapeType::map;
}

bool is_flattened(const Member& member) {
  return is_container(member) && (member.flattened || member.shape->flattened);
}

// The name that the member's elements have. A flattened list may be named by the list or by its elements.
bool is_named(const Member& member, std::string_view name) {
  if (name == or_else(member.location_name, member.name)) return true;
  return is_flattened(member) && member.shape->type == ShapeType::list && name == member.shape->element.location_name;
}

Value parse_element(const Member& member, XmlElement element) {
  const Shape& shape = *member.shape;
  switch (shape.type) {
  case ShapeType::structure:
    return parse_xml_structure(shape, element);
  case ShapeType::list: {
    Array elements;
    for (XmlElement child : element.children())
      if (child.type() == pugi::node_element) elements.push_back(parse_element(shape.element, child));
    return elements;
  }
  case ShapeType::map: {
    Object entries;
    for (XmlElement child : element.children())
      if (child.type() == pugi::node_element) add_entry(shape, child, entries);
    return entries;
  }
  default:
    return scalar_from_text(shape, element_text(element));
  }
}

// An empty element of a number, a timestamp or a boolean says that there is none.
bool is_absent(const Member& member, XmlElement element) {
  switch (member.shape->type) {
  case ShapeType::structure:
  case ShapeType::list:
  case ShapeType::map:
  case ShapeType::string:
  case ShapeType::blob:
    return false;
  default:
    return element_text(element).empty();
  }
}

void add_element(const Member& member, XmlElement element, Object& result) {
  if (!is_flattened(member)) {
    if (!is_absent(member, element)) result.set(member.name, parse_element(member, element));
    return;
  }
  Value& collected = result[member.name];
  if (member.shape->type == ShapeType::list) {
    if (collected.is_null()) collected = Array();
    collected.array().push_back(parse_element(member.shape->element, element));
  } else {
    if (collected.is_null()) collected = Object();
    add_entry(*member.shape, element, collected.object());
  }
}

} // namespace

Value parse_xml_structure(const Shape& shape, XmlElement element) {
  Object result;
  for (const Member& member : shape.members)
    if (member.xml_attribute) {
      auto attribute = element.attribute(std::string(or_else(member.location_name, member.name)).c_str());
      if (attribute) result.set(member.name, scalar_from_text(*member.shape, attribute.value()));
    }
  for (XmlElement child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    std::string_view name = local_name(child);
    // Two members may have one name, an old one for a single value and a list (S3's Event and Events).
    for (const Member& member : shape.members)
      if (!member.xml_attribute && is_named(member, name)) add_element(member, child, result);
  }
  return result;
}

} // namespace iasql::aws
