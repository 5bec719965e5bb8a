#include "engine/tags.hpp"

#include "base/error.hpp"

namespace iasql::engine {

namespace {

const char* key_member(const Tags& style) {
  return style.style == Tags::Style::lower_key_value_list ? "key" : "Key";
}
const char* value_member(const Tags& style) {
  return style.style == Tags::Style::lower_key_value_list ? "value" : "Value";
}

} // namespace

Value tags_for_aws(const Tags& style, const Object& tags) {
  if (style.style == Tags::Style::map) return tags;
  Array pairs;
  for (const auto& [key, value] : tags) {
    Object pair;
    pair.set(key_member(style), key);
    pair.set(value_member(style), value.text());
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

Object tags_from_aws(const Tags& style, const Value& tags) {
  if (style.style == Tags::Style::map) return tags.is_object() ? tags.object() : Object();
  Object result;
  if (tags.is_array())
    for (const Value& pair : tags.array())
      result.set(pair[key_member(style)].text(), pair[value_member(style)].text());
  return result;
}

std::string tagged_name(const Binding& binding, const Row& row, const std::string& cloud_id) {
  const std::string& column = binding.resource->tags.arn_column;
  if (column.empty()) return cloud_id;
  const std::string name = row.get(column).text();
  if (name.empty())
    throw Error(sqlstate::missing_value, binding.name() + " " + cloud_id + " has no " + column + " yet", {},
                "SELECT * FROM iasql_sync() fills it");
  return name;
}

Object tag_operation_input(const Binding& binding, const std::string& operation, const std::string& tagged_name) {
  const std::string& name_member = binding.resource->tags.arn_member;
  const aws::Member* member = binding.service->operation(operation).input->member(name_member);
  Object input;
  if (member && member->shape->type == aws::ShapeType::list)
    input.set(name_member, Array{tagged_name});
  else
    input.set(name_member, tagged_name);
  return input;
}

} // namespace iasql::engine
