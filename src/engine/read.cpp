// A read is the spec's operation with one of five inputs: none (all), ids that another operation listed, one id,
// filters, a parent's id. Whatever AWS returns is compared again here with what was asked for, because prefixes find
// more than the name and emulators ignore filters. Objects whose tags do not travel with them are completed side by
// side; an object that vanishes in between is left out, for it is gone; every other failure ends the read.

#include "engine/read.hpp"

#include "aws/paginate.hpp"
#include "engine/meaning.hpp"
#include "engine/path.hpp"
#include "engine/tags.hpp"
#include "net/task.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// Calls at a time where one object or a few are looked up.
constexpr int lookup_parallelism = 8;

bool meets(const Value& object, const std::pair<std::string, Value>& condition) {
  const Value value = value_at(object, condition.first);
  if (!value.is_array()) return value == condition.second;
  const Array& elements = value.array();
  return std::find(elements.begin(), elements.end(), condition.second) != elements.end();
}

// Whether an id that AWS returned is the one asked for.
bool same_id(const Binding& binding, const Value& returned, const std::string& asked) {
  const BoundAttribute* id = binding.attribute(binding.id_column);
  return id ? same_value(*id, returned, asked) : returned.text() == asked;
}

// Leaves the table's own objects.
void keep_own(const Resource& resource, Array& objects, Gone gone) {
  objects.erase_if([&](const Value& object) {
    const auto meets_it = [&](const auto& condition) { return meets(object, condition); };
    const auto &only = resource.read.only, &no_longer = resource.read.gone;
    return !std::all_of(only.begin(), only.end(), meets_it) ||
           (gone == Gone::left_out && std::any_of(no_longer.begin(), no_longer.end(), meets_it));
  });
}

// Whether the operation returns one object rather than a list of them.
bool returns_one(const Binding& binding) {
  const Read& read = binding.resource->read;
  if (read.items.empty() || read.items == ".") return read.items == ".";
  const aws::Member* items = member_at(binding.service->operation(read.operation).output, read.items);
  return items && items->shape->type != aws::ShapeType::list;
}

// Objects for one input; none where AWS says that what was asked for does not exist.
net::task<Array> objects(aws::Caller& caller, const Binding& binding, std::string region, Value input,
                         Gone gone = Gone::left_out) {
  const Resource& resource = *binding.resource;
  aws::Call call;
  call.service = resource.service;
  call.operation = resource.read.operation;
  call.region = std::move(region);
  call.input = std::move(input);
  Array found;
  try {
    if (returns_one(binding)) {
      aws::Answer answer = co_await caller.call(std::move(call));
      Value object = resource.read.items == "." ? answer.output : answer.output.at_path(resource.read.items);
      for (const std::string& member : resource.read.beside)
        object.set_path(member, answer.output.at_path(member));
      found.push_back(std::move(object));
    } else {
      found = co_await aws::read_all(caller, std::move(call), resource.read.items);
    }
  } catch (const aws::CallError& error) {
    if (!error.is_one_of(resource.read.absent_on)) throw;
    found.clear();
  }
  keep_own(resource, found, gone);
  co_return found;
}

net::task<void> append_objects(aws::Caller& caller, const Binding& binding, std::string region, Value input,
                               Array& all) {
  Array found = co_await objects(caller, binding, std::move(region), std::move(input));
  std::move(found.begin(), found.end(), std::back_inserter(all));
}

// The ids that the spec's list operation returns, of one parent where `parent` names one.
net::task<Array> listed_ids(aws::Caller& caller, const Binding& binding, std::string region, std::string parent) {
  const Read& read = binding.resource->read;
  aws::Call call;
  call.service = binding.resource->service;
  call.operation = read.list;
  call.region = std::move(region);
  call.input = read.list_input;
  if (!parent.empty()) set_id(binding.service->operation(read.list), read.parent, parent, call.input);
  Array ids;
  try {
    ids = co_await aws::read_all(caller, std::move(call));
  } catch (const aws::CallError& error) {
    if (!error.is_one_of(read.absent_on)) throw;
    ids.clear();
  }
  for (Value& id : ids)
    if (id.is_object()) id = id.at_path(binding.resource->id);
  co_return ids;
}

// The read operation's input for the objects of a parent, or for all of them where there are no parents.
Value parent_input(const Binding& binding, const std::string& parent) {
  const Read& read = binding.resource->read;
  Value input = read.input;
  if (!parent.empty())
    set_id(binding.service->operation(read.operation), read.parent.empty() ? read.by : read.parent, parent, input);
  return input;
}

// All objects of one parent, or of the region.
net::task<void> append_all(aws::Caller& caller, const Binding& binding, std::string region, std::string parent,
                           int parallelism, Array& all) {
  const Read& read = binding.resource->read;
  if (read.list.empty()) {
    Value input = parent_input(binding, parent);
    co_await append_objects(caller, binding, std::move(region), std::move(input), all);
    co_return;
  }
  const Array ids = co_await listed_ids(caller, binding, region, parent);
  const aws::Member* by = member_at(binding.service->operation(read.operation).input, read.by);
  const bool takes_list = by && by->shape->type == aws::ShapeType::list;
  net::TaskGroup group;
  for (std::size_t from = 0; from < ids.size(); from += read.batch) {
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(from + read.batch, ids.size()));
    Value input = parent_input(binding, parent);
    input.set_path(read.by, takes_list ? Value(Array(first, last)) : *first);
    while (group.size() >= static_cast<std::size_t>(parallelism))
      co_await group.any();
    group.spawn(append_objects(caller, binding, region, std::move(input), all));
  }
  co_await group.all();
}

// -- what does not travel with the object

bool tags_travel_apart(const Binding& binding) {
  return binding.resource->tags.style != Tags::Style::none && !binding.resource->tags.read_operation.empty();
}

// Merges the object's tags into it; makes it null where it is gone.
net::task<void> merge_tags(aws::Caller& caller, const Binding& binding, std::string region, Value& object) {
  const Resource& resource = *binding.resource;
  Row names;
  if (const BoundAttribute* arn = binding.attribute(resource.tags.arn_column))
    names.set(arn->column, value_at(object, arn->read_path));
  aws::Call call;
  call.service = resource.service;
  call.operation = resource.tags.read_operation;
  call.region = std::move(region);
  const std::string name = tagged_name(binding, names, value_at(object, resource.id).text());
  call.input = tag_operation_input(binding, call.operation, name);
  try {
    aws::Answer answer = co_await caller.call(std::move(call));
    set_at(object, resource.tags.read_member, value_at(answer.output, resource.tags.read_member));
  } catch (const aws::CallError& error) {
    if (!error.is_one_of(resource.absent_on) && !error.is_one_of(resource.read.absent_on)) throw;
    object = Value();
  }
}

// Puts the elements of a membership into the object under the column's name; makes it null where it is gone.
net::task<void> merge_membership(aws::Caller& caller, const Binding& binding, std::string region,
                                 const Membership& membership, Value& object) {
  const Resource& resource = *binding.resource;
  aws::Call call;
  call.service = resource.service;
  call.operation = membership.read_operation;
  call.region = std::move(region);
  set_id(binding.service->operation(call.operation), resource.id_input.empty() ? resource.id : resource.id_input,
         value_at(object, resource.id).text(), call.input);
  try {
    auto reading = aws::read_all(caller, std::move(call), membership.elements);
    Array elements = co_await std::move(reading);
    object.set_path(membership.column, std::move(elements));
  } catch (const aws::CallError& error) {
    if (!error.is_one_of(resource.absent_on) && !error.is_one_of(resource.read.absent_on)) throw;
    object = Value();
  }
}

net::task<void> complete_object(aws::Caller& caller, const Binding& binding, std::string region, Value& object) {
  if (tags_travel_apart(binding)) co_await merge_tags(caller, binding, region, object);
  for (const Membership& membership : binding.resource->memberships)
    if (!object.is_null()) co_await merge_membership(caller, binding, region, membership, object);
}

net::task<std::vector<Observed>> complete(aws::Caller& caller, const Binding& binding, std::string region, Array found,
                                          int parallelism) {
  if (tags_travel_apart(binding) || !binding.resource->memberships.empty()) {
    net::TaskGroup group;
    for (Value& object : found) {
      while (group.size() >= static_cast<std::size_t>(parallelism))
        co_await group.any();
      group.spawn(complete_object(caller, binding, region, object));
    }
    co_await group.all();
    found.erase_if([](const Value& object) { return object.is_null(); });
  }
  std::vector<Observed> observed;
  for (const Value& object : found)
    observed.push_back(observe(binding, object, region));
  co_return observed;
}

net::task<Array> objects_of_parents(aws::Caller& caller, const Binding& binding, std::string region, ParentIds parents,
                                    int parallelism) {
  Array found;
  net::TaskGroup group;
  for (const std::string& parent : parents) {
    while (group.size() >= static_cast<std::size_t>(parallelism))
      co_await group.any();
    group.spawn(append_all(caller, binding, region, parent, parallelism, found));
  }
  co_await group.all();
  co_return found;
}

// -- narrowing

Value filter(const std::string& name, const std::string& value) {
  Object filter;
  filter.set("Name", name);
  filter.set("Values", Array{value});
  return filter;
}

// The spec's filters for those of `columns` that have one; empty where none has.
Array filters_for(const Binding& binding, const Row& columns) {
  Array filters;
  for (const auto& [column, name] : binding.resource->read.filters) {
    const Value& value = columns.get(column);
    if (!is_given(value)) continue;
    const BoundAttribute* attribute = binding.attribute(column);
    const bool is_network = attribute && attribute->meaning == Meaning::cidr_block;
    const auto network = is_network ? canonical_network(value.text()) : std::nullopt;
    filters.push_back(filter(name, network.value_or(value.text())));
  }
  return filters;
}

bool matches(const Binding& binding, const Observed& observed, const Row& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const Object::Member& wanted) {
    const BoundAttribute* attribute = binding.attribute(wanted.first);
    if (!attribute || !is_given(wanted.second)) return true;
    return same_value(*attribute, wanted.second, observed.attributes.get(wanted.first));
  });
}

// The parents worth asking: the one that `columns` names, or all.
ParentIds narrowed(const Binding& binding, const Row& columns, ParentIds parents) {
  for (const BoundAttribute& attribute : binding.attributes)
    if (attribute.parent == binding.resource->read.for_each && is_given(columns.get(attribute.column)))
      return {columns.get(attribute.column).text()};
  return parents;
}

} // namespace

net::task<std::vector<Observed>> read_all(aws::Caller& caller, const Binding& binding, std::string region,
                                          ParentIds parents, int parallelism) {
  Array found;
  if (!binding.resource->read.for_each.empty())
    found = co_await objects_of_parents(caller, binding, region, std::move(parents), parallelism);
  else
    co_await append_all(caller, binding, region, {}, parallelism, found);
  co_return co_await complete(caller, binding, region, std::move(found), parallelism);
}

net::task<std::optional<Observed>> read_one(aws::Caller& caller, const Binding& binding, std::string region,
                                            std::string cloud_id) {
  auto reading = read_object(caller, binding, region, std::move(cloud_id), Gone::left_out);
  Array found;
  found.push_back(co_await std::move(reading));
  if (found.front().is_null()) co_return std::nullopt;
  std::vector<Observed> observed = co_await complete(caller, binding, region, std::move(found), lookup_parallelism);
  if (observed.empty()) co_return std::nullopt;
  co_return std::move(observed.front());
}

net::task<Value> read_object(aws::Caller& caller, const Binding& binding, std::string region, std::string cloud_id,
                             Gone gone) {
  Value input = waiter_input(binding, cloud_id);
  Array found = co_await objects(caller, binding, region, std::move(input), gone);
  for (Value& object : found)
    if (same_id(binding, value_at(object, binding.resource->id), cloud_id)) co_return std::move(object);
  co_return Value();
}

net::task<std::vector<Observed>> read_named(aws::Caller& caller, const Binding& binding, std::string region,
                                            std::vector<std::string> cloud_ids) {
  Array found;
  for (const std::string& cloud_id : cloud_ids) {
    auto reading = read_object(caller, binding, region, cloud_id, Gone::shown);
    Value object = co_await std::move(reading);
    if (!object.is_null()) found.push_back(std::move(object));
  }
  co_return co_await complete(caller, binding, region, std::move(found), lookup_parallelism);
}

net::task<std::vector<Observed>> read_matching(aws::Caller& caller, const Binding& binding, std::string region,
                                               Row columns, ParentIds parents) {
  const Resource& resource = *binding.resource;
  const Value& id = columns.get(binding.id_column);
  std::vector<Observed> observed;
  if (is_given(id)) {
    std::optional<Observed> one = co_await read_one(caller, binding, region, id.text());
    if (one) observed.push_back(std::move(*one));
  } else if (!resource.read.for_each.empty()) {
    ParentIds asked = narrowed(binding, columns, std::move(parents));
    observed = co_await read_all(caller, binding, region, std::move(asked), lookup_parallelism);
  } else {
    Array found;
    Array filters = filters_for(binding, columns);
    if (filters.empty()) {
      co_await append_all(caller, binding, region, {}, lookup_parallelism, found);
    } else {
      Value input = resource.read.input;
      input.set_path("Filters", std::move(filters));
      found = co_await objects(caller, binding, region, std::move(input));
    }
    observed = co_await complete(caller, binding, region, std::move(found), lookup_parallelism);
  }
  std::erase_if(observed, [&](const Observed& one) { return !matches(binding, one, columns); });
  co_return observed;
}

net::task<std::vector<Observed>> read_by_intent(aws::Caller& caller, const Binding& binding, std::string region,
                                                std::string token, ParentIds parents) {
  const Resource& resource = *binding.resource;
  std::vector<Observed> observed;
  if (resource.tags.style == Tags::Style::none) co_return observed;
  if (resource.tags.style == Tags::Style::ec2) {
    Value input = resource.read.input;
    Array filters;
    filters.push_back(filter("tag:" + std::string(intent_tag), token));
    input.set_path("Filters", std::move(filters));
    Array found = co_await objects(caller, binding, region, std::move(input));
    observed = co_await complete(caller, binding, region, std::move(found), lookup_parallelism);
  } else {
    observed = co_await read_all(caller, binding, region, std::move(parents), lookup_parallelism);
  }
  std::erase_if(observed, [&](const Observed& one) { return one.intent != token; });
  co_return observed;
}

} // namespace iasql::engine
