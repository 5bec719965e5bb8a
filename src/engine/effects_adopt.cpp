// Taking over an object that nobody registered, where no replace is needed.

#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

std::string list_of(const std::set<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ", ") + name;
  return list;
}

} // namespace

// The one object of that identity, or nothing.
net::task<std::optional<Observed>> Effects::find_by_identity(const Binding& binding, std::string region, Row row) {
  Row columns;
  for (const std::string& column : binding.resource->identity)
    columns.set(column, row.get(column));
  ParentIds parents;
  for (const BoundAttribute& attribute : binding.attributes)
    if (!attribute.parent.empty() && attribute.parent == binding.resource->read.for_each)
      parents = referenced_ids(row.get(attribute.column));
  auto reading = read_matching(m_context.caller, binding, call_region(m_context, binding, region), columns, parents);
  std::vector<Observed> found = co_await std::move(reading);
  if (found.size() > 1)
    throw Error(sqlstate::change_failed,
                "AWS has " + std::to_string(found.size()) + " objects of that identity (" +
                    list_of({binding.resource->identity.begin(), binding.resource->identity.end()}) +
                    "): give every one of these columns a value");
  co_return found.empty() ? std::nullopt : std::optional(found.front());
}

net::task<Effects::Done> Effects::adopt(std::size_t index, Row resolved, Row rewritten, Observed found) {
  DesiredRow& row = m_diff.rows[index];
  const Binding& binding = *row.binding;
  std::string name = describe(index);
  ObjectKey object{binding.name(), row.region, found.cloud_id};
  if (m_base.find(object) || !m_claimed.insert(object).second)
    throw Error(sqlstate::change_failed,
                "there is one already, and another row stands for it (" + found.cloud_id + ")");
  std::set<std::string> changed, fixed;
  for (const BoundAttribute& attribute : binding.attributes) {
    const Value& wanted = resolved.get(attribute.column);
    if (!attribute.is_input() || wanted.is_null() || attribute.once || attribute.for_remove ||
        same_value(attribute, wanted, found.attributes.get(attribute.column)))
      continue;
    changed.insert(attribute.column);
    if (attribute.role == Role::create_only) fixed.insert(attribute.column);
  }
  if (!fixed.empty())
    throw Error(sqlstate::change_failed,
                "there is one already (" + cloud_name(binding, found.attributes, found.cloud_id) +
                    "), which differs in " + list_of(fixed) + ": taking it over would replace it",
                {}, "Import it with iasql_sync() and change its row, or give this row another name.");
  if (!changed.empty()) {
    auto sending = send_updates(index, resolved, found, changed, object, true);
    co_await std::move(sending);
  }
  Entry entry{.table = object.table,
              .region = object.region,
              .cloud_id = object.cloud_id,
              .table_oid = binding.table->oid,
              .row_key = row.key,
              .attributes = found.attributes,
              .is_protected = found.is_protected || parent_is_protected(binding, found.attributes, object.region),
              .created_here = false};
  for (const BoundAttribute& attribute : binding.attributes)
    if ((changed.contains(attribute.column) && !attribute.is_secret()) || attribute.for_remove)
      entry.attributes.set(attribute.column, resolved.get(attribute.column));
  supersede(row, entry, {});
  m_context.store.put_entry(entry);
  m_base.put(entry);
  row.object = object;
  write_row(index, entry.attributes, rewritten);
  std::string what = "adopts existing " + cloud_name(binding, found.attributes, found.cloud_id);
  co_return Done{"update", name + " (" + what + ")"};
}

} // namespace iasql::engine
