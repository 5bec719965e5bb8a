#include "aws/protocol/header_members.hpp"

#include "aws/base64.hpp"
#include "aws/protocol/header_list.hpp"
#include "aws/protocol/scalar.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

// The characters of a header's name, RFC 9110's "token".
bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
}

void add(const Member& member, std::string name, std::string text, net::Headers& headers) {
  if (!is_token(name)) throw Error(sqlstate::invalid_value, member.name + " has a key that cannot be part of a header");
  if (std::any_of(text.begin(), text.end(), is_control))
    throw Error(sqlstate::invalid_value, member.name + " is sent in a header and must not have control characters");
  headers.emplace_back(std::move(name), std::move(text));
}

std::string scalar_text(const Member& member, const Value& value) {
  if (member.json_value) return base64_text(value.string());
  return scalar_to_text(*member.shape, value, timestamp_format(member, "rfc822"));
}

HeaderList kind_of_list(const Member& element) {
  if (element.shape->type == ShapeType::string) return HeaderList::strings;
  bool is_date = element.shape->type == ShapeType::timestamp && timestamp_format(element, "rfc822") == "rfc822";
  return is_date ? HeaderList::dates : HeaderList::plain;
}

std::string list_text(const Member& element, const Array& values) {
  std::vector<std::string> texts;
  for (const Value& value : values)
    if (!value.is_null()) texts.push_back(scalar_text(element, value));
  return join_header_list(texts, kind_of_list(element));
}

Value scalar_value(const Member& member, std::string_view text) {
  if (!member.json_value) return scalar_from_text(*member.shape, text);
  if (!is_base64(text)) throw Error(sqlstate::invalid_document, "a header of member " + member.name + " is not base64");
  return scalar_from_text(*member.shape, base64_bytes(text));
}

void read_header(const Member& member, const net::HttpResponse& response, Object& result) {
  const std::string name = lower_case(member.wire_name());
  for (const auto& [candidate, text] : response.headers) {
    if (candidate != name) continue;
    if (member.shape->type == ShapeType::list) {
      // A list may be spread over headers of one name.
      Value& elements = result[member.name];
      if (elements.is_null()) elements = Array();
      for (const std::string& element : split_header_list(text, kind_of_list(member.shape->element)))
        elements.array().push_back(scalar_value(member.shape->element, element));
    } else {
      // Of anything but a text an empty header says that there is none.
      if (!text.empty() || member.shape->type == ShapeType::string) result.set(member.name, scalar_value(member, text));
      return;
    }
  }
}

void read_prefixed(const Member& member, const net::HttpResponse& response, Object& result) {
  const std::string prefix = lower_case(member.location_name);
  Object found;
  for (const auto& [name, text] : response.headers)
    if (name.starts_with(prefix))
      found.add(checked_text(*member.shape->key.shape, std::string_view(name).substr(prefix.size())),
                scalar_from_text(*member.shape->value.shape, text));
  found.drop_twins();
  result.set(member.name, std::move(found));
}

} // namespace

void write_headers(const Shape& input, const Value& value, net::Headers& headers) {
  for (const Member& member : input.members) {
    const Value& found = value[member.name];
    if (found.is_null()) continue;
    if (member.location == "headers") {
      for (const auto& [key, entry] : found.object())
        if (!entry.is_null()) add(member, member.location_name + key, scalar_text(member.shape->value, entry), headers);
    } else if (member.location == "header" && member.shape->type != ShapeType::list) {
      add(member, member.wire_name(), scalar_text(member, found), headers);
    } else if (member.location == "header" && !found.array().empty()) {
      add(member, member.wire_name(), list_text(member.shape->element, found.array()), headers);
    }
  }
}

void read_headers(const Shape& output, const net::HttpResponse& response, Object& result) {
  for (const Member& member : output.members) {
    if (member.location == "statusCode") result.set(member.name, response.status);
    if (member.location == "header") read_header(member, response, result);
    if (member.location == "headers") read_prefixed(member, response, result);
  }
}

} // namespace iasql::aws
