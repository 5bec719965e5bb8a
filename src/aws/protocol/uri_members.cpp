#include "aws/protocol/uri_members.hpp"

#include "aws/protocol/scalar.hpp"
#include "aws/quirks.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <set>

namespace iasql::aws {

namespace {

const Member& label_member(const Operation& operation, std::string_view name) {
  if (operation.input)
    for (const Member& member : operation.input->members)
      if (member.location == "uri" && member.wire_name() == name) return member;
  throw Error(sqlstate::invalid_spec, "the path of " + operation.name + " names no member: " + operation.http_uri);
}

std::string text_of(const Member& member, const Value& value) {
  return scalar_to_text(*member.shape, value, timestamp_format(member, "iso8601"));
}

bool has_dot_segment(std::string_view path) {
  while (true) {
    std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    if (segment.size() == path.size()) return false;
    path.remove_prefix(segment.size() + 1);
  }
}

enum class Slashes { encoded, kept };

std::string expand_label(const Service& service, const Member& member, const Value& value, Slashes slashes) {
  std::string text = value.is_null() ? std::string() : text_of(member, value);
  text = std::string(path_label(service, *member.shape, text));
  if (text.empty()) throw Error(sqlstate::missing_value, member.name + " is required: it is part of the path");
  if (has_dot_segment(text))
    throw Error(sqlstate::invalid_value, member.name + " is part of the path and must not have a segment . or ..");
  return percent_encode(text, slashes == Slashes::kept ? "/" : "");
}

class Query {
public:
  explicit Query(std::string_view constant) : m_text(constant) {
    while (!constant.empty()) {
      std::string_view pair = constant.substr(0, constant.find('&'));
      m_names.emplace(pair.substr(0, pair.find('=')));
      constant.remove_prefix(std::min(pair.size() + 1, constant.size()));
    }
  }

  void add(const std::string& name, const Member& member, const Value& value) {
    if (value.is_null()) return;
    if (member.shape->type == ShapeType::list) {
      for (const Value& element : value.array())
        add(name, member.shape->element, element);
      return;
    }
    m_names.insert(name);
    if (!m_text.empty()) m_text += '&';
    m_text += percent_encode(name) + "=" + percent_encode(text_of(member, value));
  }

  void add_map(const Shape& map, const Value& value) {
    const std::set<std::string> taken = m_names;
    for (const auto& [name, entry] : value.object())
      if (!taken.contains(name)) add(name, map.value, entry);
  }

  std::string take() { return std::move(m_text); }

private:
  std::string m_text;
  std::set<std::string> m_names;
};

} // namespace

std::string expand_path(const Service& service, const Operation& operation, const Value& input) {
  std::string_view rest = operation.http_uri;
  rest = rest.substr(0, rest.find('?'));
  std::string path = rest.empty() ? "/" : "";
  while (!rest.empty()) {
    auto open = rest.find('{');
    path += rest.substr(0, open);
    if (open == rest.npos) break;
    auto close = rest.find('}', open);
    if (close == rest.npos)
      throw Error(sqlstate::invalid_spec, "the path of " + operation.name + " has braces that do not pair");
    std::string_view name = rest.substr(open + 1, close - open - 1);
    bool is_greedy = name.ends_with('+');
    if (is_greedy) name.remove_suffix(1);
    const Member& member = label_member(operation, name);
    const std::string text =
        expand_label(service, member, input[member.name], is_greedy ? Slashes::kept : Slashes::encoded);
    if (is_part_of_endpoint(service, member))
      path.pop_back(); // with the slash before it
    else
      path += text;
    rest.remove_prefix(close + 1);
  }
  return path;
}

std::string query_string(const Operation& operation, const Value& input) {
  auto question = operation.http_uri.find('?');
  Query query(question == std::string::npos ? std::string_view()
                                            : std::string_view(operation.http_uri).substr(question + 1));
  if (!operation.input) return query.take();
  auto is_map = [](const Member& member) { return member.shape->type == ShapeType::map; };
  for (const Member& member : operation.input->members)
    if (member.location == "querystring" && !is_map(member)) query.add(member.wire_name(), member, input[member.name]);
  for (const Member& member : operation.input->members)
    if (member.location == "querystring" && is_map(member) && !input[member.name].is_null())
      query.add_map(*member.shape, input[member.name]);
  return query.take();
}

} // namespace iasql::aws
