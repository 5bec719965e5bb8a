// A read is the spec's operation with one of four inputs: none (all), one id, filters, a parent's id. Whatever AWS
// returns is compared again here with what was asked for, because prefixes find more than the name and emulators ignore
// filters. Objects whose tags do not travel with them are completed side by side; an object that vanishes in between is
// left out, for it is gone; every other failure ends the read.

#include "engine/read.hpp"

#include "aws/paginate.hpp"
#include "engine/meaning.hpp"
#include "engine/tags.hpp"
#include "net/task.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// Calls at a time where one object or a few are looked up.
constexpr int lookup_parallelism = 8;

bool is_one_of(const std::vector<std::string>& codes, const std::string& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Objects for one input; none where AWS says that what was asked for does not exist.
net::task<Array> objects(aws::Caller& caller, const Binding& binding, std::string region, Value input) {
  const Resource& resource = *binding.resource;
  aws::Call call;
  call.service = resource.service;
  call.operation = resource.read.operation;
  call.region = std::move(region);
  call.input = std::move(input);
  Array found;
  try {
    if (resource.read.items == ".") {
      aws::Answer answer = co_await caller.call(std::move(call));
      found.push_back(std::move(answer.output));
    } else {
      found = co_await aws::read_all(caller, std::move(call), resource.read.items);
    }
  } catch (const aws::CallError& error) {
    if (!is_one_of(resource.read.absent_on, error.code())) throw;
    found.clear();
  }
  co_return found;
}

net::task<void> append_objects(aws::Caller& caller, const Binding& binding, std::string region, Value input,
                               Array& all) {
  Array found = co_await objects(caller, binding, std::move(region), std::move(input));
  std::move(found.begin(), found.end(), std::back_inserter(all));
}

// -- tags

bool tags_travel_apart(const Binding& binding) {
  return binding.resource->tags.style != Tags::Style::none && !binding.resource->tags.read_operation.empty();
}

// Merges the object's tags into it; makes it null where it is gone.
net::task<void> merge_tags(aws::Caller& caller, const Binding& binding, std::string region, Value& object) {
  const Resource& resource = *binding.resource;
  Row names;
  if (const BoundAttribute* arn = binding.attribute(resource.tags.arn_column))
    names.set(arn->column, object.at_path(arn->read_path));
  aws::Call call;
  call.service = resource.service;
  call.operation = resource.tags.read_operation;
  call.region = std::move(region);
  const std::string name = tagged_name(binding, names, object.at_path(resource.id).text());
  call.input = tag_operation_input(binding, call.operation, name);
  try {
    aws::Answer answer = co_await caller.call(std::move(call));
    object.set_path(resource.tags.read_member, answer.output.at_path(resource.tags.read_member));
  } catch (const aws::CallError& error) {
    if (!is_one_of(resource.absent_on, error.code()) && !is_one_of(resource.read.absent_on, error.code())) throw;
    object = Value();
  }
}

net::task<std::vector<Observed>> complete(aws::Caller& caller, const Binding& binding, std::string region, Array found,
                                          int parallelism) {
  if (tags_travel_apart(binding)) {
    net::TaskGroup group;
    for (Value& object : found) {
      while (group.size() >= static_cast<std::size_t>(parallelism))
        co_await group.any();
      group.spawn(merge_tags(caller, binding, region, object));
    }
    co_await group.all();
    std::erase_if(found, [](const Value& object) { return object.is_null(); });
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
    group.spawn(append_objects(caller, binding, region, waiter_input(binding, parent), found));
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
    found = co_await objects(caller, binding, region, binding.resource->read.input);
  co_return co_await complete(caller, binding, region, std::move(found), parallelism);
}

net::task<std::optional<Observed>> read_one(aws::Caller& caller, const Binding& binding, std::string region,
                                            std::string cloud_id) {
  const Resource& resource = *binding.resource;
  Value input = waiter_input(binding, cloud_id);
  Array found = co_await objects(caller, binding, region, std::move(input));
  std::erase_if(found, [&](const Value& object) { return object.at_path(resource.id).text() != cloud_id; });
  std::vector<Observed> observed = co_await complete(caller, binding, region, std::move(found), lookup_parallelism);
  if (observed.empty()) co_return std::nullopt;
  co_return std::move(observed.front());
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
    Value input = resource.read.input;
    Array filters = filters_for(binding, columns);
    if (!filters.empty()) input.set_path("Filters", std::move(filters));
    Array found = co_await objects(caller, binding, region, std::move(input));
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
