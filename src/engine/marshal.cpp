// Rows into requests and AWS's objects into rows, each by the paths that bind() found. Values are turned on the way
// (instants, numbers that a table shows as text, single values where AWS wants a list); requests are built member by
// member, then completed with what the operation requires although nothing of it changed. Equality, names and tags
// have files of their own beside this one.

#include "engine/marshal.hpp"

#include "base/error.hpp"
#include "base/instant.hpp"
#include "engine/meaning.hpp"
#include "engine/path.hpp"
#include "engine/tags.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// -- values

Value in_table_terms(const BoundAttribute& attribute, const Value& value);
Value in_aws_terms(const BoundAttribute& attribute, const aws::Shape* shape, const Value& value);

// One element of a part's list as a row: the cloud id of a join table's, the columns of a structure's.
Value part_row(const BoundAttribute& part, const Value& element) {
  if (!part.part->element.empty()) return element.text();
  if (part.part->from_structure) return part.part->from_structure(element);
  Row row;
  for (const BoundAttribute& member : part.members)
    row.set(member.column, in_table_terms(member, value_at(element, member.read_path)));
  return row;
}

Value part_element(const BoundAttribute& part, const Value& row) {
  if (!part.part->element.empty()) return row;
  if (part.part->to_structure) return part.part->to_structure(row.object());
  Value element = Object();
  for (const BoundAttribute& member : part.members)
    if (is_given(row[member.column]))
      set_at(element, member.create_path, in_aws_terms(member, member.shape, row[member.column]));
  return element;
}

Value in_table_terms(const BoundAttribute& attribute, const Value& value) {
  if (attribute.part) {
    Array elements;
    if (value.is_array())
      for (const Value& element : value.array())
        elements.push_back(part_row(attribute, element));
    return elements;
  }
  if (value.is_null()) return value;
  if (attribute.meaning == Meaning::epoch_milliseconds && value.is_integer())
    return instant_text(value.integer() * 1000);
  if (attribute.type == "text" && !value.is_string()) return value.text();
  if (attribute.meaning == Meaning::document && value.string().view().starts_with('%'))
    return percent_decoded(value.string());
  if (attribute.type == "text[]" && value.is_array()) {
    Array texts;
    for (const Value& element : value.array())
      texts.emplace_back(element.text());
    return texts;
  }
  return value;
}

Value in_aws_terms(const BoundAttribute& attribute, const aws::Shape* shape, const Value& value) {
  if (attribute.part) {
    Array elements;
    for (const Value& element : value.array())
      elements.push_back(part_element(attribute, element));
    return elements;
  }
  if (attribute.type == "timestamp with time zone" && value.is_string()) {
    const auto microseconds = instant(value.string());
    if (!microseconds) return value;
    if (attribute.meaning == Meaning::epoch_milliseconds) return *microseconds / 1000;
    return instant_text(*microseconds);
  }
  if (!shape) return value;
  if (shape->type == aws::ShapeType::string && !value.is_string()) return value.text();
  if (shape->type == aws::ShapeType::list && !value.is_array()) return Array{value};
  return value;
}

// -- inputs

const std::string& id_input(const Binding& binding) {
  const Resource& resource = *binding.resource;
  return resource.id_input.empty() ? resource.id : resource.id_input;
}

// The row's value or, where the row has no opinion, base's.
const Value& given_or_known(const std::string& column, const Row& row, const Row& base) {
  return is_given(row.get(column)) ? row.get(column) : base.get(column);
}

// What the operation requires although it does not change.
void complete(const Binding& binding, const aws::Operation& operation, const Row& row, const Row& base, Value& input) {
  if (!operation.input) return;
  for (const aws::Member& member : operation.input->members) {
    if (!member.required || !input[member.name].is_null()) continue;
    for (const BoundAttribute& attribute : binding.attributes) {
      const auto update = attribute.update_paths.find(operation.name);
      const std::string& path = update == attribute.update_paths.end() ? attribute.read_path : update->second;
      if (first_step(path) != member.name) continue;
      const Value& value = given_or_known(attribute.column, row, base);
      if (is_given(value)) set_at(input, path, in_aws_terms(attribute, attribute.shape, value));
    }
  }
}

// Where the object is, and what the spec says along with every call.
void add_fixed(const Binding& binding, const Write& write, const Row& base, Value& input) {
  const aws::Operation& operation = binding.service->operation(write.operation);
  for (const std::string& column : binding.resource->within) {
    const BoundAttribute& attribute = *binding.attribute(column);
    const std::string& path = attribute.create_path.empty() ? attribute.read_path : attribute.create_path;
    if (is_given(base.get(column)) && member_at(operation.input, path)) set_at(input, path, base.get(column));
  }
  for (const auto& [member, value] : write.input.object())
    input.set_path(member, value);
}

// AWS takes a structure whole: with a changed member of it go those that do not change.
void complete_structures(const Binding& binding, const std::string& operation, const Row& row, const Row& base,
                         Value& input) {
  for (const BoundAttribute& attribute : binding.attributes) {
    const auto update = attribute.update_paths.find(operation);
    if (update == attribute.update_paths.end() || !is_nested(update->second)) continue;
    if (input[first_step(update->second)].is_null() || !value_at(input, update->second).is_null()) continue;
    const Value& value = given_or_known(attribute.column, row, base);
    if (is_given(value)) set_at(input, update->second, in_aws_terms(attribute, attribute.shape, value));
  }
}

Request with_id(const Binding& binding, const Write& write, const Row& base, const std::string& cloud_id) {
  Request request{write.operation, Object()};
  set_id(binding.service->operation(write.operation), id_input(binding), cloud_id, request.input);
  add_fixed(binding, write, base, request.input);
  return request;
}

Request membership_request(const Binding& binding, const Membership& membership, const std::string& operation,
                           const Value& element, const std::string& cloud_id) {
  Request request{operation, Object()};
  set_id(binding.service->operation(operation), id_input(binding), cloud_id, request.input);
  request.input.set_path(membership.member, element);
  return request;
}

// What is in one list and not in the other.
Array without(const Value& list, const Value& other) {
  Array rest;
  const Array none;
  const Array& excluded = other.is_array() ? other.array() : none;
  if (list.is_array())
    for (const Value& element : list.array())
      if (std::find(excluded.begin(), excluded.end(), element) == excluded.end()) rest.push_back(element);
  return rest;
}

void add_tags(const Binding& binding, const Row& row, const std::string& token, Value& input) {
  const Tags& style = binding.resource->tags;
  if (style.style == Tags::Style::none) return;
  Object tags = row.get("tags").is_object() ? row.get("tags").object() : Object();
  tags.set(std::string(intent_tag), token);
  if (style.style == Tags::Style::ec2) {
    Object specification;
    specification.set("ResourceType", style.resource_type);
    specification.set("Tags", tags_for_aws(style, tags));
    input.set_path(style.create_member, Array{specification});
  } else {
    input.set_path(style.create_member, tags_for_aws(style, tags));
  }
}

// The requests that turn the tags of `base` into those of `row`: what goes first, so that the number of tags never
// exceeds AWS's limit on the way.
std::vector<UpdateRequest> tag_requests(const Binding& binding, const Row& row, const Row& base,
                                        const std::string& cloud_id) {
  const Tags& style = binding.resource->tags;
  const Object wanted = row.get("tags").is_object() ? row.get("tags").object() : Object();
  const Object known = base.get("tags").is_object() ? base.get("tags").object() : Object();
  Object added, kept;
  for (const auto& [key, value] : wanted)
    if (known.get(key) != value) added.set(key, value);
  Array removed;
  for (const auto& [key, value] : known) {
    if (wanted.find(key)) {
      kept.set(key, value);
      continue;
    }
    if (style.style == Tags::Style::ec2) {
      Object tag;
      tag.set("Key", key);
      removed.push_back(std::move(tag));
    } else {
      removed.emplace_back(key);
    }
  }
  std::vector<UpdateRequest> requests;
  const std::string name = tagged_name(binding, base, cloud_id);
  if (!removed.empty()) {
    Object input = tag_operation_input(binding, style.remove_operation, name);
    input.set(style.keys_member, std::move(removed));
    requests.push_back({{style.remove_operation, std::move(input)}, {"tags"}, Row{{"tags", kept}}});
  }
  if (!added.empty()) {
    Object input = tag_operation_input(binding, style.add_operation, name);
    input.set(style.style == Tags::Style::ec2 ? style.read_member : style.create_member, tags_for_aws(style, added));
    requests.push_back({{style.add_operation, std::move(input)}, {"tags"}, Row{{"tags", wanted}}});
  }
  return requests;
}

// What a part's row changes of an element: where the row says what it said before, the element stays as it is; a list
// of which the row shows the first alone keeps the rest.
Value changed_element(const Value& there, const Value& before, const Value& wanted) {
  if (wanted == before) return there;
  if (before.is_null() || before == there) return wanted;
  if (there.is_object() && wanted.is_object()) {
    Value changed = there;
    for (const auto& [member, value] : wanted.object())
      changed.object().set(member, changed_element(there[member], before[member], value));
    return changed;
  }
  if (there.is_array() && wanted.is_array() && before.is_array() && wanted.array().size() == 1 &&
      before.array().size() == 1) {
    Value changed = there;
    changed.array().front() = changed_element(there.array().front(), before.array().front(), wanted.array().front());
    return changed;
  }
  return wanted;
}

// A new revision's input: what the existing one says and `created` leaves open stays.
Value revised_input(const Binding& binding, const Value& existing, const Value& created) {
  const aws::Operation& create = binding.service->operation(binding.resource->create.operation);
  Value input = Object();
  for (const aws::Member& member : create.input->members)
    if (!existing[member.name].is_null()) input.set_path(member.name, existing[member.name]);
  for (const auto& [member, value] : created.object())
    input.set_path(member, value);
  for (const BoundAttribute& attribute : binding.attributes) {
    if (!attribute.part || attribute.part->identity.empty() || !created[attribute.create_path].is_array()) continue;
    const auto name = [&](const Value& structure) { return part_row(attribute, structure)[attribute.part->identity]; };
    Array elements;
    for (const Value& element : created[attribute.create_path].array()) {
      Value merged = element;
      if (existing[attribute.create_path].is_array())
        for (const Value& there : existing[attribute.create_path].array())
          if (name(there) == name(element))
            merged = changed_element(there, part_element(attribute, part_row(attribute, there)), element);
      elements.push_back(std::move(merged));
    }
    input.set_path(attribute.create_path, std::move(elements));
  }
  return input;
}

// -- outputs

// The new object in create's output; a null value where it is not in it.
const Value& created_object(const Binding& binding, const Value& output) {
  static const Value none;
  if (binding.created_path.empty()) return none;
  if (binding.created_path == ".") return output;
  const Value& found = output[binding.created_path];
  if (!found.is_array()) return found;
  return found.array().empty() ? none : found.array().front();
}

} // namespace

Observed observe(const Binding& binding, const Value& object, const std::string& region) {
  const Resource& resource = *binding.resource;
  const Value shaped = resource.object_hook ? resource.object_hook(object) : object;
  Observed observed;
  observed.cloud_id = value_at(shaped, resource.id).text();
  observed.region = resource.global ? "global" : region;
  if (observed.cloud_id.empty())
    throw Error(sqlstate::read_failed, resource.read.operation + " returned an object without " + resource.id);
  for (const BoundAttribute& attribute : binding.attributes) {
    if (attribute.tags) {
      Object tags = tags_from_aws(resource.tags, value_at(shaped, resource.tags.read_member));
      observed.intent = tags.get(intent_tag).text();
      tags.erase(intent_tag);
      observed.attributes.set(attribute.column, std::move(tags));
    } else if (!attribute.read_path.empty()) {
      observed.attributes.set(attribute.column, in_table_terms(attribute, value_at(shaped, attribute.read_path)));
    }
  }
  if (resource.amend) observed.object = object;
  observed.is_protected = std::any_of(resource.protections.begin(), resource.protections.end(),
                                      [&](const Resource::Protection& protection) {
                                        const Value value = value_at(shaped, protection.member);
                                        if (!protection.begins_with.empty())
                                          return value.text().starts_with(protection.begins_with);
                                        return value == protection.equals;
                                      });
  return observed;
}

Request create_request(const Binding& binding, const Row& row, const std::string& token,
                       const Surroundings& surroundings) {
  const Resource& resource = *binding.resource;
  for (const BoundAttribute& attribute : binding.attributes)
    if (attribute.required && !is_given(row.get(attribute.column)))
      throw Error(sqlstate::missing_value, binding.name() + " needs a value for " + attribute.column,
                  resource.service + " " + resource.create.operation + " cannot do without it");
  Request request{resource.create.operation, Object()};
  if (resource.request_hook) {
    request = resource.request_hook(Action::create, row, {}, {});
  } else {
    for (const BoundAttribute& attribute : binding.attributes) {
      const Value& value = row.get(attribute.column);
      if (attribute.is_input() && !attribute.create_path.empty() && is_given(value))
        set_at(request.input, attribute.create_path, in_aws_terms(attribute, attribute.shape, value));
    }
    for (const auto& [member, value] : resource.create.input.object())
      request.input.set_path(member, value);
    if (!surroundings.existing.is_null()) request.input = revised_input(binding, surroundings.existing, request.input);
  }
  if (resource.amend)
    resource.amend({Action::create, row, surroundings.before, surroundings.existing, surroundings.region, token,
                    surroundings.parent, surroundings.former_parent},
                   request);
  add_tags(binding, row, token, request.input);
  if (!binding.token_path.empty()) request.input.set_path(binding.token_path, token);
  return request;
}

bool needs_replace(const Binding& binding, const Row& row, const Row& base, const std::set<std::string>& changed) {
  const auto& one_of = binding.resource->one_of;
  return std::any_of(changed.begin(), changed.end(), [&](const std::string& column) {
    const BoundAttribute* attribute = binding.attribute(column);
    if (attribute && attribute->role == Role::create_only) return true;
    const bool excludes_others = std::find(one_of.begin(), one_of.end(), column) != one_of.end();
    return excludes_others && is_given(row.get(column)) && !is_given(base.get(column));
  });
}

std::vector<UpdateRequest> update_requests(const Binding& binding, const Row& row, const Row& base,
                                           const std::set<std::string>& changed, const std::string& cloud_id,
                                           const Surroundings& surroundings) {
  const Resource& resource = *binding.resource;
  std::vector<UpdateRequest> requests;
  std::set<std::string> carried; // a column travels in the first operation that takes it
  for (const Write& update : resource.update) {
    UpdateRequest next{{update.operation, Object()}, {}, {}};
    for (const BoundAttribute& attribute : binding.attributes)
      if (changed.contains(attribute.column) && !carried.contains(attribute.column) &&
          attribute.update_paths.contains(update.operation))
        next.columns.insert(attribute.column);
    if (next.columns.empty()) continue;
    for (const std::string& column : next.columns)
      next.values.set(column, row.get(column));
    carried.insert(next.columns.begin(), next.columns.end());
    if (resource.request_hook) {
      next.request = resource.request_hook(Action::update, row, base, cloud_id);
    } else {
      next.request = with_id(binding, update, base, cloud_id);
      for (const std::string& column : next.columns) {
        const BoundAttribute& attribute = *binding.attribute(column);
        set_at(next.request.input, attribute.update_paths.at(update.operation),
               in_aws_terms(attribute, attribute.shape, row.get(column)));
      }
      complete_structures(binding, update.operation, row, base, next.request.input);
      complete(binding, binding.service->operation(update.operation), row, base, next.request.input);
    }
    if (resource.amend)
      resource.amend({Action::update,
                      row,
                      base,
                      surroundings.existing,
                      surroundings.region,
                      {},
                      surroundings.parent,
                      surroundings.former_parent},
                     next.request);
    requests.push_back(std::move(next));
  }
  for (const Membership& membership : resource.memberships) {
    if (!changed.contains(membership.column)) continue;
    const Value &wanted = row.get(membership.column), &known = base.get(membership.column);
    Array now = without(known, {});
    const auto add = [&](const std::string& operation, const Value& element) {
      requests.push_back({membership_request(binding, membership, operation, element, cloud_id),
                          {membership.column},
                          Row{{membership.column, now}}});
    };
    for (const Value& element : without(known, wanted)) {
      now.erase_if([&](const Value& other) { return other == element; });
      add(membership.remove_operation, element);
    }
    for (const Value& element : without(wanted, known)) {
      now.push_back(element);
      add(membership.add_operation, element);
    }
  }
  if (changed.contains("tags") && resource.tags.style != Tags::Style::none)
    for (UpdateRequest& request : tag_requests(binding, row, base, cloud_id))
      requests.push_back(std::move(request));
  return requests;
}

Request remove_request(const Binding& binding, const Row& base, const std::string& cloud_id, const std::string& token,
                       const Surroundings& surroundings) {
  const Resource& resource = *binding.resource;
  if (resource.request_hook) return resource.request_hook(Action::remove, base, base, cloud_id);
  Request request = with_id(binding, resource.remove, base, cloud_id);
  complete(binding, binding.service->operation(resource.remove.operation), base, base, request.input);
  for (const Attribute& attribute : resource.attributes)
    if (attribute.for_remove && is_given(base.get(attribute.column)))
      request.input.set_path(attribute.input_member, base.get(attribute.column));
  if (resource.amend)
    resource.amend({Action::remove, base, base, surroundings.existing, surroundings.region, token, surroundings.parent,
                    surroundings.former_parent},
                   request);
  return request;
}

std::vector<Preparation> preparations(const Binding& binding, const Row& base, const std::string& cloud_id) {
  const Resource& resource = *binding.resource;
  std::vector<Preparation> all;
  for (const Membership& membership : resource.memberships) {
    Array left = without(base.get(membership.column), {});
    while (!left.empty()) {
      const Value element = left.back();
      left.pop_back();
      all.push_back({membership_request(binding, membership, membership.remove_operation, element, cloud_id),
                     Row{{membership.column, left}}});
    }
  }
  if (resource.drain.operation.empty()) return all;
  Row drained;
  for (const BoundAttribute& attribute : binding.attributes)
    if (auto path = attribute.update_paths.find(resource.drain.operation); path != attribute.update_paths.end())
      if (const Value& value = resource.drain.input.at_path(path->second); !value.is_null())
        drained.set(attribute.column, value);
  const bool is_drained = std::all_of(drained.begin(), drained.end(), [&](const Object::Member& column) {
    return same_value(*binding.attribute(column.first), column.second, base.get(column.first));
  });
  if (!is_drained) all.push_back({with_id(binding, resource.drain, base, cloud_id), std::move(drained)});
  return all;
}

Value canonical_part_row(const BoundAttribute& part, const Value& row) {
  if (!part.part->to_structure || !row.is_object()) return row;
  return part.part->from_structure(part.part->to_structure(row.object()));
}

void set_id(const aws::Operation& operation, const std::string& member_name, const std::string& id, Value& input) {
  const aws::Member* member = member_at(operation.input, member_name);
  if (member && member->shape->type == aws::ShapeType::list)
    input.set_path(member_name, Array{id});
  else
    input.set_path(member_name, id);
}

Value waiter_input(const Binding& binding, const std::string& cloud_id) {
  const Read& read = binding.resource->read;
  Value input = read.input;
  const aws::Operation& operation = binding.service->operation(read.operation);
  if (!read.by.empty()) set_id(operation, read.by, cloud_id, input);
  if (read.parent_in_id == 0) return input;
  std::size_t from = 0;
  for (std::size_t piece = 0; piece < read.parent_in_id && from != std::string::npos; ++piece) {
    from = cloud_id.find('/', from);
    if (from != std::string::npos) ++from;
  }
  const auto end = from == std::string::npos ? from : cloud_id.find('/', from);
  if (end == std::string::npos)
    throw Error(sqlstate::read_failed, cloud_id + " does not say its " + read.parent,
                "It is a name of the older, shorter form, which AWS itself no longer gives out.");
  set_id(operation, read.parent, cloud_id.substr(from, end - from), input);
  return input;
}

std::string created_id(const Binding& binding, const Value& output, const Row& row) {
  const Resource& resource = *binding.resource;
  const std::string id = resource.id_output.empty() ? value_at(created_object(binding, output), resource.id).text()
                                                    : value_at(output, resource.id_output).text();
  if (!id.empty()) return id;
  // Names are chosen by the row.
  const BoundAttribute* chosen = binding.attribute(binding.id_column);
  return chosen && chosen->is_input() ? row.get(chosen->column).text() : std::string();
}

Row created_attributes(const Binding& binding, const Value& output) {
  const Resource& resource = *binding.resource;
  const Value& object = created_object(binding, output);
  const Value shaped = resource.object_hook && object.is_object() ? resource.object_hook(object) : object;
  Row attributes;
  for (const BoundAttribute& attribute : binding.attributes) {
    if (attribute.tags) {
      const Value tags = value_at(shaped, resource.tags.read_member);
      if (tags.is_null()) continue;
      Object shown = tags_from_aws(resource.tags, tags);
      shown.erase(intent_tag);
      attributes.set(attribute.column, std::move(shown));
    } else if (!attribute.read_path.empty()) {
      const Value value = value_at(shaped, attribute.read_path);
      if (!value.is_null()) attributes.set(attribute.column, in_table_terms(attribute, value));
    }
  }
  return attributes;
}

std::string cloud_name(const Binding& binding, const Row& base, const std::string& cloud_id) {
  const BoundAttribute* id = binding.attribute(binding.id_column);
  const bool is_only_a_name = !id || id->is_input();
  const std::string arn = base.get(binding.arn_column).text();
  return is_only_a_name && !arn.empty() ? arn : cloud_id;
}

} // namespace iasql::engine
