#include "aws/protocol/xml_input.hpp"

#include "aws/protocol/scalar.hpp"
#include "base/error.hpp"

namespace iasql::aws {

namespace {

std::string_view or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

// Line ends as references, since a reader of XML makes one kind of them all, and blanks of those in an attribute.
std::string escaped(const Member& member, std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\r':
      result += "&#xD;";
      break;
    case '\n':
      result += "&#xA;";
      break;
    default:
      if (static_cast<unsigned char>(c) < ' ' && c != '\t')
        throw Error(sqlstate::invalid_value, member.name + " is sent as XML and must not have control characters");
      result += c;
    }
  }
  return result;
}

class Writer {
public:
  void add(std::string_view name, const Member& member, const Value& value) {
    const Shape& shape = *member.shape;
    switch (shape.type) {
    case ShapeType::structure:
      return add_structure(name, member, value);
    case ShapeType::list:
      return add_list(name, member, value.array());
    case ShapeType::map:
      return add_map(name, member, value.object());
    default:
      begin(name, member);
      m_text += '>' + text_of(member, value);
      end(name);
    }
  }

  std::string take() { return std::move(m_text); }

private:
  static std::string text_of(const Member& member, const Value& value) {
    return escaped(member, scalar_to_text(*member.shape, value, timestamp_format(member, "iso8601")));
  }

  void add_attribute(std::string_view name, std::string_view text) {
    m_text += ' ';
    m_text += name;
    m_text += "=\"";
    m_text += text;
    m_text += '"';
  }

  // The start tag but for its ">": attributes may follow.
  void begin(std::string_view name, const Member& member) {
    m_text += '<';
    m_text += name;
    const XmlNamespace& own = member.xml_namespace;
    const XmlNamespace& found = own.uri.empty() ? member.shape->xml_namespace : own;
    if (!found.uri.empty())
      add_attribute(found.prefix.empty() ? "xmlns" : "xmlns:" + found.prefix, escaped(member, found.uri));
  }

  void end(std::string_view name) {
    m_text += "</";
    m_text += name;
    m_text += '>';
  }

  void add_structure(std::string_view name, const Member& structure, const Value& value) {
    const auto& members = structure.shape->members;
    begin(name, structure);
    for (const Member& member : members)
      if (const Value& found = value[member.name]; member.xml_attribute && !found.is_null())
        add_attribute(member.wire_name(), text_of(member, found));
    m_text += '>';
    for (const Member& member : members)
      if (const Value& found = value[member.name]; !member.xml_attribute && !found.is_null())
        add(member.wire_name(), member, found);
    end(name);
  }

  // A flattened list is its elements, each under the list's own name.
  void add_list(std::string_view name, const Member& list, const Array& elements) {
    const Member& element = list.shape->element;
    bool is_flattened = list.flattened || list.shape->flattened;
    if (!is_flattened) {
      begin(name, list);
      m_text += '>';
    }
    for (const Value& value : elements)
      if (!value.is_null()) add(is_flattened ? name : or_else(element.location_name, "member"), element, value);
    if (!is_flattened) end(name);
  }

  // A flattened map is its entries, each under the map's own name.
  void add_map(std::string_view name, const Member& map, const Object& entries) {
    const Shape& shape = *map.shape;
    bool is_flattened = map.flattened || shape.flattened;
    if (!is_flattened) {
      begin(name, map);
      m_text += '>';
    }
    for (const auto& [key, value] : entries) {
      if (value.is_null()) continue;
      if (is_flattened)
        begin(name, map);
      else
        m_text += "<entry";
      m_text += '>';
      add(or_else(shape.key.location_name, "key"), shape.key, key);
      add(or_else(shape.value.location_name, "value"), shape.value, value);
      end(is_flattened ? name : "entry");
    }
    if (!is_flattened) end(name);
  }

  std::string m_text;
};

} // namespace

std::string write_xml(std::string_view name, const Member& member, const Value& value) {
  Writer writer;
  writer.add(name, member, value);
  return writer.take();
}

} // namespace iasql::aws
