// An update: reads the object again, says what else differs, and sends the changed columns alone.

#include "base/json.hpp"
#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

Row only(const Row& row, const std::set<std::string>& columns) {
  Row result;
  for (const std::string& column : columns)
    result.set(column, row.get(column));
  return result;
}

// Whether a change of the column is a matter of base alone: no request carries it, others follow from it.
bool is_kept_here(const BoundAttribute& attribute) {
  return attribute.for_remove ||
         (attribute.role == Role::input && attribute.update_paths.empty() && !attribute.tags && !attribute.membership);
}

} // namespace

net::task<Effects::Done> Effects::update(const Change& change) {
  std::size_t index = *change.row;
  ObjectKey object = *change.object;
  const Binding& binding = *change.binding;
  std::set<std::string> changed = change.columns;
  std::string name = describe(index);
  auto present = [](const std::optional<Observed>& seen) { return seen.has_value(); };
  auto reading = read_settled(m_context, binding, object.region, object.cloud_id, present, m_recent.until(object));
  std::optional<Observed> observed = co_await std::move(reading);
  if (!observed) { // somebody deleted it: the row still wants one
    m_context.report.warning(binding.name() + " " + name + " (" + object.cloud_id +
                             ") is gone from AWS: creating it again");
    auto creating = create(index, {});
    co_return co_await std::move(creating);
  }
  warn_of_drift(change, *m_base.find(object), *observed);
  Row rewritten;
  Row resolved = resolve(m_diff.rows[index], rewritten);
  auto sending = send_updates(index, resolved, observed->attributes, changed, object, false);
  co_await std::move(sending);

  auto as_sent = [&](const std::optional<Observed>& seen) {
    return seen && std::all_of(changed.begin(), changed.end(), [&](const std::string& column) {
             const BoundAttribute& attribute = *binding.attribute(column);
             return !attribute.is_read() || same_value(attribute, resolved.get(column), seen->attributes.get(column));
           });
  };
  auto reading_back = read_settled(m_context, binding, object.region, object.cloud_id, as_sent, m_recent.until(object));
  observed = co_await std::move(reading_back);
  Entry& entry = *m_base.find(object);
  if (observed) {
    for (const BoundAttribute& attribute : binding.attributes)
      if (!attribute.is_input()) entry.attributes.set(attribute.column, observed->attributes.get(attribute.column));
    // What a derived column was made of follows where the user changed that column itself.
    for (const Derived& derived : binding.resource->derived)
      for (const auto& [theirs, ours] : derived.matching)
        if (changed.contains(derived.column) && !changed.contains(ours)) {
          const Value& there = observed->attributes.get(ours);
          entry.attributes.set(ours, there);
          rewritten.set(ours, shown_value(*binding.attribute(ours), there, object.region, m_base));
        }
  }
  entry.row_key = m_diff.rows[index].key;
  entry.table_oid = binding.table->oid;
  m_context.store.put_entry(entry);
  write_row(index, entry.attributes, rewritten);
  co_return Done{"update", name};
}

// One journaled call for each operation that carries a changed column. `wanted` has the changed columns' new values;
// everything else in a request is what is actually there.
net::task<void> Effects::send_updates(std::size_t index, Row wanted, Row actual, std::set<std::string> changed,
                                      ObjectKey object, bool adoption) {
  const Binding& binding = *m_diff.rows[index].binding;
  std::string row_key = m_diff.rows[index].key, name = describe(index);
  Row target = actual;
  for (const std::string& column : changed)
    target.set(column, wanted.get(column));
  std::vector<UpdateRequest> updates =
      update_requests(binding, target, actual, changed, object.cloud_id, surroundings(binding, target, object.region));
  for (std::size_t number = 0; number < updates.size(); ++number) {
    UpdateRequest& update = updates[number];
    const std::string operation = update.request.operation;
    Row sent = only(wanted, update.columns);
    for (const BoundAttribute& attribute : binding.attributes)
      if (attribute.is_secret() || attribute.once) sent.erase(attribute.column);
    Call call{.effect = Effect::update,
              .binding = &binding,
              .region = object.region,
              .row_key = row_key,
              .cloud_id = object.cloud_id,
              .description = name,
              .token = {},
              .replaced = {},
              .columns = sent,
              .request = std::move(update.request),
              .adoption = adoption};
    auto calling = journaled(std::move(call), {});
    Answered answered = co_await std::move(calling);
    // A column that takes several requests (tags: some added, some removed) counts as written after the last of them.
    for (std::size_t later = number + 1; later < updates.size(); ++later)
      for (const std::string& column : updates[later].columns)
        sent.erase(column);
    conclude(answered.intent, Result::updated, object.cloud_id, sent, answered.answer.request_id);
    if (Entry* entry = m_base.find(object)) {
      for (const auto& [column, value] : sent)
        entry->attributes.set(column, value);
      m_context.store.put_entry(*entry);
    }
    m_context.store.mark(answered.intent);
    m_recent.touch(object, m_context.clock.now(), m_context.clock.now() + read_lag(m_context, *binding.resource));
    for (const Write& write : binding.resource->update) {
      if (write.operation != operation || write.waiter.empty()) continue;
      Value input = waiter_input(binding, object.cloud_id);
      auto waiting = aws::wait_until(m_context.caller, m_context.clock, binding.resource->service, write.waiter,
                                     call_region(m_context, binding, object.region), input);
      co_await std::move(waiting);
    }
  }
  // What no request carries is known here alone.
  if (Entry* entry = m_base.find(object)) {
    for (const std::string& column : changed)
      if (is_kept_here(*binding.attribute(column))) entry->attributes.set(column, wanted.get(column));
    m_context.store.put_entry(*entry);
  }
}

void Effects::warn_of_drift(const Change& change, const Entry& entry, const Observed& observed) {
  std::string differences;
  for (const BoundAttribute& attribute : change.binding->attributes) {
    const Value &known = entry.attributes.get(attribute.column), &there = observed.attributes.get(attribute.column);
    if (!attribute.is_input() || same_value(attribute, known, there)) continue;
    bool overwritten = change.columns.contains(attribute.column);
    differences += (differences.empty() ? "" : "; ") + attribute.column + " is " + write_json(there) + " instead of " +
                   write_json(known) + (overwritten ? " (overwritten)" : " (kept)");
  }
  if (!differences.empty())
    m_context.report.warning(change.binding->name() + " " + describe(*change.row) +
                                 " was changed in AWS since it was last read",
                             differences);
}

} // namespace iasql::engine
