// An update: reads the object again, says what else differs, and sends the changed columns alone.

#include "base/json.hpp"
#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

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
  if (!observed && !binding.resource->revision_of.empty())
    throw Error(sqlstate::change_failed, "the revision " + object.cloud_id + " is no longer active in AWS", {},
                "SELECT iasql_sync() to see what is there, then change the row again.");
  if (!observed) { // somebody deleted it: the row still wants one
    m_context.report.warning(binding.name() + " " + name + " (" + object.cloud_id +
                             ") is gone from AWS: creating it again");
    auto creating = create(index, {});
    co_return co_await std::move(creating);
  }
  warn_of_drift(change, *m_base.find(object), *observed);
  Row rewritten;
  Row resolved = resolve(m_diff.rows[index], rewritten);
  const auto& derived = binding.resource->derived;
  if (std::any_of(derived.begin(), derived.end(), [&](const Derived& one) { return changed.contains(one.column); }))
    derive(m_diff.rows[index], resolved, rewritten);
  auto sending = send_updates(index, resolved, *observed, changed, object, false);
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
        if (changed.contains(derived.column)) {
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
net::task<void> Effects::send_updates(std::size_t index, Row wanted, Observed observed, std::set<std::string> changed,
                                      ObjectKey object, bool adoption) {
  const Row actual = observed.attributes;
  const Binding& binding = *m_diff.rows[index].binding;
  std::string row_key = m_diff.rows[index].key, name = describe(index);
  Row target = actual;
  for (const std::string& column : changed)
    target.set(column, wanted.get(column));
  Surroundings around = surroundings(binding, target, object.region);
  around.existing = observed.object;
  around.former_parent = parent_attributes(binding, actual, object.region, m_base);
  std::vector<UpdateRequest> updates = update_requests(binding, target, actual, changed, object.cloud_id, around);
  std::set<std::string> carried;
  for (UpdateRequest& update : updates) {
    carried.insert(update.columns.begin(), update.columns.end());
    const std::string operation = update.request.operation;
    Row sent = update.values;
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
    conclude(answered.intent, Result::updated, object.cloud_id, sent, answered.answer.request_id);
    if (Entry* entry = m_base.find(object)) {
      for (const auto& [column, value] : sent)
        entry->attributes.set(column, value);
      m_context.store.put_entry(*entry);
    }
    m_context.store.mark(answered.intent);
    m_recent.touch(object, m_context.clock.now(), m_context.clock.now() + read_lag(m_context, *binding.resource));
    for (const Write& write : binding.resource->update) {
      if (write.operation != operation) continue;
      auto waiting = wait_for(binding, write, object);
      co_await std::move(waiting);
    }
  }
  // What no request carries is known here alone, or is there already.
  if (Entry* entry = m_base.find(object)) {
    for (const std::string& column : changed) {
      const BoundAttribute& attribute = *binding.attribute(column);
      if (!carried.contains(column) && (is_kept_here(attribute) || attribute.tags || attribute.membership))
        entry->attributes.set(column, wanted.get(column));
    }
    m_context.store.put_entry(*entry);
  }
}

void Effects::warn_of_drift(const Change& change, const Entry& entry, const Observed& observed) {
  std::string differences;
  for (const BoundAttribute& attribute : change.binding->attributes) {
    const Value &known = entry.attributes.get(attribute.column), &there = observed.attributes.get(attribute.column);
    if (!attribute.is_input() || !attribute.is_read() || same_value(attribute, known, there)) continue;
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
