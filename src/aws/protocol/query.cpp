#include "aws/protocol/query.hpp"

#include "aws/protocol/scalar.hpp"
#include "aws/protocol/xml.hpp"
#include "aws/protocol/xml_output.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"

namespace iasql::aws {

namespace {

std::string capitalized(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : name;
}

// One form, name=value&…; the two dialects differ in members' names and in lists.
class Form {
public:
  explicit Form(Protocol dialect) : m_dialect(dialect) {}

  void add(std::string_view name, std::string_view value) {
    if (!m_text.empty()) m_text += '&';
    m_text += percent_encode(name) + "=" + percent_encode(value);
  }

  void add_structure(const std::string& prefix, const Shape& shape, const Value& value) {
    for (const Member& member : shape.members)
      if (const Value& found = value[member.name]; !found.is_null())
        add_value(join(prefix, member_name(member)), member, found);
  }

  std::string take() { return std::move(m_text); }

private:
  std::string member_name(const Member& member) const {
    if (m_dialect == Protocol::query) return or_else(member.location_name, member.name);
    if (!member.query_name.empty()) return member.query_name;
    return capitalized(or_else(member.location_name, member.name));
  }

  static std::string join(const std::string& prefix, const std::string& name) {
    return prefix.empty() ? name : prefix + "." + name;
  }

  void add_value(const std::string& name, const Member& member, const Value& value) {
    switch (member.shape->type) {
    case ShapeType::structure:
      return add_structure(name, *member.shape, value);
    case ShapeType::list:
      return add_list(name, member, value.array());
    case ShapeType::map:
      return add_map(name, member, value.object());
    default:
      return add(name, scalar_to_text(*member.shape, value, timestamp_format(member, "iso8601")));
    }
  }

  void add_list(const std::string& name, const Member& member, const Array& elements) {
    const Member& element = member.shape->element;
    std::string prefix = name;
    if (m_dialect == Protocol::query) {
      // The only way to say "empty" in a form; ec2 has none.
      if (elements.empty()) return add(name, "");
      bool flattened = member.flattened || member.shape->flattened;
      // A flattened list that has no name of its own takes that of its elements.
      if (flattened && member.location_name.empty() && !element.location_name.empty())
        prefix = name.substr(0, name.rfind('.') + 1) + element.location_name;
      else if (!flattened)
        prefix = name + "." + or_else(element.location_name, "member");
    }
    int index = 1;
    for (const Value& value : elements)
      if (!value.is_null()) add_value(prefix + "." + std::to_string(index++), element, value);
  }

  void add_map(const std::string& name, const Member& member, const Object& entries) {
    const Shape& shape = *member.shape;
    const std::string prefix = member.flattened || shape.flattened ? name : name + ".entry";
    int index = 1;
    for (const auto& [key, value] : entries) {
      if (value.is_null()) continue;
      std::string entry = prefix + "." + std::to_string(index++) + ".";
      add(entry + or_else(shape.key.location_name, "key"), key);
      add_value(entry + or_else(shape.value.location_name, "value"), shape.value, value);
    }
  }

  Protocol m_dialect;
  std::string m_text;
};

// Whether the document is an answer to the operation and not, say, a proxy's page: an empty list would otherwise be
// read into it. EC2 has answers that are named as their operation alone.
void check_root(const Operation& operation, std::string_view root) {
  if (!root.ends_with("Response") && root != operation.name)
    throw Error(sqlstate::invalid_document,
                "the answer to " + operation.name + " is a document <" + std::string(root.substr(0, 60)) + ">");
}

} // namespace

HttpParts serialize_query(const Service& service, const Operation& operation, const Value& input) {
  Form form(service.protocol);
  form.add("Action", operation.name);
  form.add("Version", service.api_version);
  if (operation.input) form.add_structure("", *operation.input, input);
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
  XmlDocument document(response.body);
  XmlElement root = document.root();
  check_root(operation, local_name(root));
  if (service.protocol == Protocol::query && !operation.result_wrapper.empty()) {
    XmlElement wrapper = child_element(root, operation.result_wrapper);
    if (!wrapper)
      throw Error(sqlstate::invalid_document,
                  "the answer to " + operation.name + " has no element <" + operation.result_wrapper + ">");
    root = wrapper;
  }
  return parse_xml_structure(*operation.output, root);
}

} // namespace iasql::aws
