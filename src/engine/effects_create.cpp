// A create: looks first where AWS would not refuse a twin, else lets AWS refuse; then what follows once there is an
// object: the entries that it supersedes, its waiter, its outputs, and the children that AWS added to it.

#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// How long a refusal is taken for the youth of an object that the row points at.
constexpr std::chrono::minutes youth{2};

// What is sent and may be kept: secrets are sent alone.
Row given_inputs(const Binding& binding, const Row& row) {
  Row given;
  for (const BoundAttribute& attribute : binding.attributes)
    if (attribute.is_input() && !row.get(attribute.column).is_null() && !attribute.is_secret() &&
        binding.is_created_with(attribute))
      given.set(attribute.column, row.get(attribute.column));
  return given;
}

bool is_like(const Binding& binding, const std::vector<Row>& alternatives, const Observed& object) {
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Row& values) {
    return std::all_of(values.begin(), values.end(), [&](const Object::Member& value) {
      const BoundAttribute* attribute = binding.attribute(value.first);
      return attribute && same_value(*attribute, value.second, object.attributes.get(value.first));
    });
  });
}

} // namespace

net::task<Effects::Done> Effects::create(std::size_t index, std::string replaced) {
  DesiredRow& row = m_diff.rows[index];
  const Binding& binding = *row.binding;
  const Resource& resource = *binding.resource;
  std::string name = describe(index);
  if (!m_enabled.contains(row.region))
    throw Error(sqlstate::invalid_value, "region " + row.region + " is not enabled", {},
                "UPDATE aws_regions SET is_enabled = true WHERE region = '" + row.region +
                    "', then SELECT iasql_sync().");
  Row rewritten;
  Row resolved = resolve(row, rewritten);
  derive(row, resolved, rewritten);

  if (auto brought = m_brought.find(row.reference()); brought != m_brought.end()) {
    Observed child = brought->second;
    auto adopting = adopt(index, resolved, rewritten, child);
    co_await std::move(adopting);
    Entry& entry = *m_base.find(*m_diff.rows[index].object); // it came with what this database made
    entry.created_here = true;
    m_context.store.put_entry(entry);
    co_return Done{"create", name};
  }
  bool refuses_twins = !resource.exists_on.empty() && !resource.create_overwrites;
  if (!resource.identity.empty() && !refuses_twins) {
    auto finding = find_by_identity(binding, row.region, resolved);
    std::optional<Observed> found = co_await std::move(finding);
    if (found) {
      auto adopting = adopt(index, resolved, rewritten, *found);
      co_return co_await std::move(adopting);
    }
  }

  Answered answered;
  std::string token;
  for (std::chrono::milliseconds pause{1000};; pause = std::min(pause * 2, std::chrono::milliseconds{8000})) {
    token = m_context.random.uuid();
    auto sending = send_create(index, resolved, token, replaced);
    answered = co_await std::move(sending);
    if (!answered.refusal || answered.refusal->is_one_of(resource.exists_on)) break;
    conclude_refused(answered, {});
    net::Time until = passes_until(binding, resolved, row.region, *answered.refusal);
    if (m_context.clock.now() + pause >= until) throw *answered.refusal;
    auto nap = m_context.clock.sleep(pause);
    co_await std::move(nap);
  }
  Row sent = given_inputs(binding, resolved);
  Entry entry{.table = binding.name(),
              .region = row.region,
              .cloud_id = {},
              .table_oid = binding.table->oid,
              .row_key = row.key,
              .attributes = sent,
              .is_protected = false,
              .created_here = true};
  if (answered.refusal) {
    // There is one already: ours, if an attempt whose answer was lost made it; else somebody's, to be taken over.
    auto finding = find_by_identity(binding, row.region, resolved);
    std::optional<Observed> found = co_await std::move(finding);
    bool ours = found && found->intent == token;
    if (!ours) {
      conclude_refused(answered, {});
      if (!found) throw *answered.refusal;
      auto adopting = adopt(index, resolved, rewritten, *found);
      co_return co_await std::move(adopting);
    }
    entry.cloud_id = found->cloud_id;
  } else {
    entry.cloud_id = created_id(binding, answered.answer.output, resolved);
    Row known = created_attributes(binding, answered.answer.output);
    for (const auto& [column, value] : known)
      if (!sent.find(column)) entry.attributes.set(column, value);
  }
  // What AWS chose for a part without rows is no wish of the user's, whose rows might be said to be missing.
  for (const BoundAttribute& attribute : binding.attributes)
    if (attribute.part && !sent.find(attribute.column)) entry.attributes.erase(attribute.column);
  conclude(answered.intent, Result::created, entry.cloud_id, entry.attributes, answered.answer.request_id);
  supersede(row, entry, replaced);
  m_context.store.mark(answered.intent);
  auto finishing = finish_create(index, sent, resolved, rewritten, entry);
  std::vector<PlanRow> children = co_await std::move(finishing);
  co_return Done{!resource.revision_of.empty() && !replaced.empty() ? "update" : "create", name, std::move(children)};
}

net::task<Request> Effects::make_request(const DesiredRow& row, Row resolved, std::string token, std::string replaced) {
  const Binding& binding = *row.binding;
  const bool is_revision = !binding.resource->revision_of.empty() && !replaced.empty();
  const Entry* before = is_revision ? m_base.find({binding.name(), row.region, replaced}) : nullptr;
  if (before && !is_given(resolved.get("tags"))) resolved.set("tags", before->attributes.get("tags"));
  Surroundings around = surroundings(binding, resolved, row.region);
  if (before) {
    around.before = before->attributes;
    auto reading =
        read_object(m_context.caller, binding, call_region(m_context, binding, row.region), replaced, Gone::shown);
    around.existing = co_await std::move(reading);
  }
  co_return create_request(binding, resolved, token, around);
}

net::task<Effects::Answered> Effects::send_create(std::size_t index, Row resolved, std::string token,
                                                  std::string replaced) {
  const DesiredRow& row = m_diff.rows[index];
  const Binding& binding = *row.binding;
  const Resource& resource = *binding.resource;
  auto making = make_request(row, resolved, token, replaced);
  Request request = co_await std::move(making);
  std::vector<std::string> tolerated = resource.exists_on;
  for (const NotYet& refusal : resource.not_yet)
    tolerated.push_back(refusal.error);
  Call call{.effect = Effect::create,
            .binding = &binding,
            .region = row.region,
            .row_key = row.key,
            .cloud_id = {},
            .description = describe(index),
            .token = token,
            .replaced = replaced,
            .columns = given_inputs(binding, resolved),
            .request = std::move(request)};
  auto calling = journaled(std::move(call), std::move(tolerated));
  co_return co_await std::move(calling);
}

net::Time Effects::passes_until(const Binding& binding, const Row& resolved, const std::string& region,
                                const aws::CallError& refusal) const {
  for (const NotYet& not_yet : binding.resource->not_yet) {
    if (refusal.code() != not_yet.error || refusal.facts().message.find(not_yet.text) == std::string::npos) continue;
    const Binding* here = &binding;
    const Entry* object = nullptr;
    const Row* row = &resolved;
    for (const std::string& column : not_yet.columns) {
      const BoundAttribute* key = here ? here->attribute(column) : nullptr;
      object = key ? m_base.find_by(key->parent, key->points_by, region, row->get(column)) : nullptr;
      if (!object) break;
      here = m_bindings.find(object->table);
      row = &object->attributes;
    }
    if (!object || row->get(not_yet.their_column).text().find(not_yet.contains) == std::string::npos) continue;
    return m_recent.done(key_of(*object)) + youth;
  }
  return {};
}

// Drops, without a delete, what base has for the same identity, the same row, or the object that the row stood for and
// that is gone. Only the first half of a replace leaves the old entry, without its row: it is still to be deleted.
void Effects::supersede(const DesiredRow& row, const Entry& created, const std::string& replaced) {
  if (!replaced.empty()) m_replaced_ids[{created.table, replaced}] = created.cloud_id;
  for (const Entry* other : m_base.of(created.table)) {
    ObjectKey key = key_of(*other);
    if (is_left_behind(created, *other)) {
      leave_without_row(*other);
      continue;
    }
    if (key == key_of(created) || !(supersedes(created, *other, m_identity) || row.object == key)) continue;
    m_replaced_ids[{key.table, key.cloud_id}] = created.cloud_id;
    if (key.cloud_id == replaced) {
      leave_without_row(*other);
    } else {
      m_context.store.drop_entry(*other);
      m_base.drop(key);
    }
  }
}

// An entry that is still to be deleted.
void Effects::leave_without_row(Entry entry) {
  entry.row_key.clear();
  m_context.store.put_entry(entry);
  m_base.put(std::move(entry));
}

// What follows a create that succeeded: entry, waiter, outputs, and what AWS added by itself.
net::task<std::vector<PlanRow>> Effects::finish_create(std::size_t index, Row sent, Row resolved, Row rewritten,
                                                       Entry entry) {
  DesiredRow& row = m_diff.rows[index];
  const Binding& binding = *row.binding;
  entry.is_protected = parent_is_protected(binding, entry.attributes, entry.region);
  m_context.store.put_entry(entry);
  m_base.put(entry);
  ObjectKey object = key_of(entry);
  row.object = object;
  net::Time settled = m_context.clock.now() + read_lag(m_context, *binding.resource);
  m_recent.touch(object, m_context.clock.now(), settled);
  auto waiting = wait_for(binding, binding.resource->create, object);
  co_await std::move(waiting);
  auto reading = read_settled(
      m_context, binding, entry.region, entry.cloud_id,
      [](const std::optional<Observed>& seen) { return seen.has_value(); }, settled);
  std::optional<Observed> observed = co_await std::move(reading);
  if (observed) {
    // Base takes what was sent as it was sent: what somebody else changed in between stays drift for sync to show.
    for (const auto& [column, value] : observed->attributes)
      if (const Value* own = sent.find(column); !own || same_value(*binding.attribute(column), *own, value))
        entry.attributes.set(column, value);
    m_context.store.put_entry(entry);
    m_base.put(entry);
  }
  auto completing = complete_create(index, resolved, observed, object);
  co_await std::move(completing);
  write_row(index, m_base.find(object)->attributes, rewritten);
  auto settling = settle_children(index, object);
  co_return co_await std::move(settling);
}

net::task<void> Effects::complete_create(std::size_t index, Row resolved, std::optional<Observed> observed,
                                         ObjectKey object) {
  const Binding& binding = *m_diff.rows[index].binding;
  const Observed actual = observed.value_or(Observed());
  std::set<std::string> missing;
  for (const BoundAttribute& attribute : binding.attributes)
    if (binding.is_sent_after_create(attribute) && is_given(resolved.get(attribute.column)) &&
        !same_value(attribute, resolved.get(attribute.column), actual.attributes.get(attribute.column)))
      missing.insert(attribute.column);
  if (missing.empty()) co_return;
  auto sending = send_updates(index, resolved, actual, missing, object, false);
  co_await std::move(sending);
}

// Children that AWS adds by itself: kept for the rows that describe them, deleted where none does. What somebody else
// has added meanwhile is as foreign as anything: a row that describes it takes it over, and otherwise it stays.
net::task<std::vector<PlanRow>> Effects::settle_children(std::size_t index, ObjectKey object) {
  RowReference parent = m_diff.rows[index].reference();
  std::vector<PlanRow> removed;
  for (const Brought& brought : m_diff.rows[index].binding->resource->brings) {
    const Binding* binding = m_bindings.find(brought.table);
    if (!binding) continue;
    auto by_aws = [&](const Observed& child) { return is_like(*binding, brought.like, child); };
    Row of_parent;
    for (const BoundAttribute& attribute : binding->attributes)
      if (attribute.parent == parent.table) of_parent.set(attribute.column, object.cloud_id);
    net::Time until = m_recent.until(object);
    std::vector<Observed> children;
    while (true) {
      auto reading = read_matching(m_context.caller, *binding, call_region(m_context, *binding, object.region),
                                   of_parent, {object.cloud_id});
      children = co_await std::move(reading);
      if (std::any_of(children.begin(), children.end(), by_aws) || m_context.clock.now() >= until) break;
      auto nap = m_context.clock.sleep(std::chrono::milliseconds{250});
      co_await std::move(nap);
    }
    for (const Observed& child : children) {
      if (m_base.find({brought.table, object.region, child.cloud_id})) continue;
      auto described = std::find_if(m_diff.rows.begin(), m_diff.rows.end(), [&](const DesiredRow& row) {
        if (row.binding != binding || row.object || m_brought.contains(row.reference())) return false;
        return std::all_of(
            binding->attributes.begin(), binding->attributes.end(), [&](const BoundAttribute& attribute) {
              if (!attribute.identity) return true;
              if (auto pending = row.pending.find(attribute.column); pending != row.pending.end())
                return pending->second == parent;
              const Value& wanted = row.resolved.get(attribute.column);
              return wanted.is_null() || same_value(attribute, wanted, child.attributes.get(attribute.column));
            });
      });
      if (described != m_diff.rows.end()) {
        m_brought.emplace(described->reference(), child);
      } else if (by_aws(child)) {
        auto removing = remove_child(*binding, child);
        removed.push_back(co_await std::move(removing));
      }
    }
  }
  co_return removed;
}

net::task<PlanRow> Effects::remove_child(const Binding& binding, Observed child) {
  Call call{.effect = Effect::remove,
            .binding = &binding,
            .region = child.region,
            .row_key = {},
            .cloud_id = child.cloud_id,
            .description = cloud_name(binding, child.attributes, child.cloud_id),
            .token = {},
            .replaced = {},
            .columns = {},
            .request = remove_request(binding, child.attributes, child.cloud_id)};
  std::string description = call.description;
  auto calling = journaled(std::move(call), binding.resource->absent_on);
  Answered answered = co_await std::move(calling);
  conclude(answered.intent, Result::removed, child.cloud_id, {}, answered.answer.request_id);
  m_context.store.mark(answered.intent);
  m_recent.touch({binding.name(), child.region, child.cloud_id}, m_context.clock.now(),
                 m_context.clock.now() + read_lag(m_context, *binding.resource));
  co_return PlanRow{"delete", binding.name(), std::nullopt, description};
}

} // namespace iasql::engine
