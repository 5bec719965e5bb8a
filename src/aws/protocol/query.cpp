#include "aws/protocol/query.hpp"

#include "aws/protocol/scalar.hpp"
#include "aws/protocol/xml.hpp"
#include "aws/protocol/xml_output.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

namespace iasql::aws {

namespace {

std::string capitalized(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : name;
}

// One form, name=value&…; the two dialects differ in members' names and in lists. The name of what is being added grows
// and shrinks in one place.
class Form {
public:
  explicit Form(Protocol dialect) : m_dialect(dialect) {}

  void add(std::string_view name, std::string_view value) {
    Part part(*this, name);
    add_text(value);
  }

  void add_structure(const Shape& shape, const Value& value) {
    for (const Member& member : shape.members)
      if (const Value& found = value[member.name]; !found.is_null()) {
        Part part(*this, member_name(member));
        add_value(member, found);
      }
  }

  std::string take() { return std::move(m_text); }

private:
  // One more part of the name, for as long as it lives.
  class Part {
  public:
    Part(Form& form, std::string_view text) : m_name(form.m_name), m_size(m_name.size()) {
      if (!m_name.empty()) m_name += '.';
      m_name += text;
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() { m_name.resize(m_size); }

  private:
    std::string& m_name;
    std::size_t m_size;
  };

  std::string member_name(const Member& member) const {
    if (m_dialect == Protocol::query) return or_else(member.location_name, member.name);
    if (!member.query_name.empty()) return member.query_name;
    return capitalized(or_else(member.location_name, member.name));
  }

  void add_text(std::string_view value) {
    if (!m_text.empty()) m_text += '&';
    append_percent_encoded(m_text, m_name);
    m_text += '=';
    append_percent_encoded(m_text, value);
  }

  void add_value(const Member& member, const Value& value) {
    switch (member.shape->type) {
    case ShapeType::structure:
      return add_structure(*member.shape, value);
    case ShapeType::list:
      return add_list(member, value.array());
    case ShapeType::map:
      return add_map(member, value.object());
    default:
      if (member.shape->type == ShapeType::string) return add_text(value.string());
      return add_text(scalar_to_text(*member.shape, value, timestamp_format(member, "iso8601")));
    }
  }

  void add_list(const Member& member, const Array& elements) {
    if (m_dialect == Protocol::ec2) return add_elements(member, elements);
    // The only way to say "empty" in a form; ec2 has none.
    if (elements.empty()) return add_text("");
    const std::string& own_name = member.shape->element.location_name;
    if (!member.flattened && !member.shape->flattened) {
      Part part(*this, or_else(own_name, "member"));
      add_elements(member, elements);
    } else if (member.location_name.empty() && !own_name.empty()) {
      // A flattened list that has no name of its own takes that of its elements.
      const std::string name = m_name;
      m_name.resize(m_name.rfind('.') + 1); // npos + 1 is 0
      m_name += own_name;
      add_elements(member, elements);
      m_name = name;
    } else {
      add_elements(member, elements);
    }
  }

  void add_elements(const Member& list, const Array& elements) {
    int index = 1;
    for (const Value& value : elements)
      if (!value.is_null()) {
        Part part(*this, std::to_string(index++));
        add_value(list.shape->element, value);
      }
  }

  void add_map(const Member& member, const Object& entries) {
    if (member.flattened || member.shape->flattened) return add_entries(*member.shape, entries);
    Part part(*this, "entry");
    add_entries(*member.shape, entries);
  }

  void add_entries(const Shape& map, const Object& entries) {
    int index = 1;
    for (const auto& [key, value] : entries) {
      if (value.is_null()) continue;
      Part entry(*this, std::to_string(index++));
      add(or_else(map.key.location_name, "key"), key);
      Part part(*this, or_else(map.value.location_name, "value"));
      add_value(map.value, value);
    }
  }

  Protocol m_dialect;
  std::string m_name; // of what is being added
  std::string m_text;
};

// Whether the document is an answer to the operation and not, say, a proxy's page: an empty list would otherwise be
// read into it. EC2 has answers that are named as their operation alone.
void check_root(const Operation& operation, std::string_view root) {
  if (root.ends_with("Response") || root == operation.name) return;
  throw Error(sqlstate::invalid_document, "the answer to " + operation.name + " is a document <" + excerpt(root) + ">");
}

} // namespace

HttpParts serialize_query(const Service& service, const Operation& operation, const Value& input) {
  Form form(service.protocol);
  form.add("Action", operation.name);
  form.add("Version", service.api_version);
  if (operation.input) form.add_structure(*operation.input, input);
  HttpParts parts;
  parts.method = operation.http_method.empty() ? "POST" : operation.http_method;
  parts.path = "/"; // whatever the model has for it
  parts.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  parts.body = form.take();
  return parts;
}

Value parse_query(const Service& service, const Operation& operation, const net::HttpResponse& response) {
  if (!operation.output) return Object();
  // An empty body for an output with members is not an empty list of them.
  if (response.body.empty() && operation.output->members.empty()) return Object();
  const XmlDocument document(response.body, XmlDepth::checked_by_reader);
  XmlElement root = document.root();
  check_root(operation, local_name(root));
  if (service.protocol == Protocol::query && !operation.result_wrapper.empty()) {
    XmlElement wrapper = child_element(root, operation.result_wrapper);
    if (!wrapper)
      throw Error(sqlstate::invalid_document,
                  "the answer to " + operation.name + " has no element <" + operation.result_wrapper + ">");
    root = wrapper;
  }
  return parse_xml_structure(*operation.output, document, root);
}

} // namespace iasql::aws
