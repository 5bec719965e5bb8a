// One object at a time. The order within each function is journal.md's and must not be changed: an intent is durable
// before its call is sent, an outcome before anything else is done with the answer, and only then are entry, row and
// mark written in the caller's transaction, where they roll back with it.

#include "engine/effects.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// How long a remove is tried again while AWS says that something still uses the object.
constexpr std::chrono::seconds blocked_patience{20};

// No attempt of a write begins later than this after its intent, so that what is in doubt can be bounded from there
// (Settings::in_doubt_wait is far longer).
constexpr std::chrono::seconds begin_within{10};

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Row only(const Row& row, const std::set<std::string>& columns) {
  Row result;
  for (const std::string& column : columns)
    result.set(column, row.get(column));
  return result;
}

// What is sent and may be kept: secrets are sent alone.
Row given_inputs(const Binding& binding, const Row& row) {
  Row given;
  for (const BoundAttribute& attribute : binding.attributes)
    if (attribute.is_input() && !row.get(attribute.column).is_null() &&
        !(attribute.shape && attribute.shape->sensitive))
      given.set(attribute.column, row.get(attribute.column));
  return given;
}

std::string list_of(const std::set<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ", ") + name;
  return list;
}

} // namespace

Effects::Effects(Context& context, const Bindings& bindings, Diff& diff, Base& base, Recent& recent,
                 std::set<std::string> enabled)
    : m_context(context), m_bindings(bindings), m_diff(diff), m_base(base), m_recent(recent),
      m_enabled(std::move(enabled)), m_identity(identity_columns(context.modules)) {}

std::string Effects::describe(std::size_t row) const {
  return name_of(m_diff, m_base, m_bindings, m_diff.rows[row]);
}

void Effects::conclude(IntentId intent, Result result, std::string cloud_id, Row columns, std::string request_id,
                       std::string error) {
  m_context.journal.conclude({.intent = intent,
                              .time = m_context.clock.now(),
                              .result = result,
                              .cloud_id = std::move(cloud_id),
                              .columns = std::move(columns),
                              .request_id = std::move(request_id),
                              .error = std::move(error)});
}

// Journals the intent, calls, and hands the answer back without an outcome yet. A refusal without effect is concluded
// as such and thrown on, except for the error codes in `tolerated`, which the caller concludes. An unknown effect is
// left in doubt.
net::task<Effects::Answered> Effects::journaled(Call call, std::vector<std::string> tolerated) {
  Intent intent{.id = 0,
                .transaction = m_context.store.transaction(),
                .time = m_context.clock.now(),
                .role = m_context.store.role(),
                .effect = call.effect,
                .table = call.binding->name(),
                .region = call.region,
                .table_oid = call.binding->table->oid,
                .row_key = call.row_key,
                .cloud_id = call.cloud_id,
                .description = call.description,
                .columns = call.columns,
                .service = call.binding->resource->service,
                .operation = call.request.operation,
                .token = call.token,
                .adoption = call.adoption,
                .replaced = call.replaced};
  Answered answered;
  answered.intent = m_context.journal.intend(intent);
  bool repeats_safely = call.effect != Effect::create || !call.binding->token_path.empty();
  aws::Call request{.service = call.binding->resource->service,
                    .operation = call.request.operation,
                    .region = call_region(m_context, call.region),
                    .input = std::move(call.request.input),
                    .repeat = repeats_safely ? aws::Repeat::freely : aws::Repeat::if_not_sent,
                    .begin_within = begin_within};
  try {
    auto calling = m_context.caller.call(std::move(request));
    answered.answer = co_await std::move(calling);
  } catch (const aws::CallError& error) {
    // A tolerated refusal says how things are, whatever became of earlier attempts; any other leaves them in doubt.
    if (!contains(tolerated, error.code())) {
      if (error.facts().effect == aws::CallError::Effect::none)
        conclude(answered.intent, Result::nothing, call.cloud_id, {}, error.facts().request_id, error.what());
      throw;
    }
    answered.refusal = error;
  } catch (const Error& error) { // the input does not fit the operation: nothing was sent
    conclude(answered.intent, Result::nothing, call.cloud_id, {}, {}, error.what());
    throw;
  }
  co_return answered;
}

Row Effects::resolve(const DesiredRow& row, Row& rewritten) const {
  Row resolved = row.resolved;
  auto id_of = [&](const RowReference& reference) -> Value {
    const DesiredRow* target = m_diff.row(reference);
    if (!target || !target->object)
      throw Error(sqlstate::unresolved_reference,
                  "it points at " + reference.table + " " + reference.key + ", which has no object in AWS yet");
    return target->object->cloud_id;
  };
  for (const auto& [column, parent] : row.pending) {
    const BoundAttribute* attribute = row.binding->attribute(column);
    if (attribute->part) {
      resolved.set(column, part_value(*attribute, row.parts, id_of));
      continue;
    }
    if (!attribute->parent.empty()) {
      resolved.set(column, id_of(parent));
      continue;
    }
    // A text that named the object which was replaced now names the new one, in the request and in the row.
    auto follow = [&](const Value& id) {
      auto old = m_replaced_ids.find({parent.table, id.text()});
      return old == m_replaced_ids.end() ? id : Value(old->second);
    };
    Value value = resolved.get(column);
    if (value.is_array())
      for (Value& element : value.array())
        element = follow(element);
    else
      value = follow(value);
    resolved.set(column, value);
    rewritten.set(column, value);
  }
  return resolved;
}

bool Effects::parent_is_protected(const Binding& binding, const Row& attributes, const std::string& region) const {
  return is_protected_by_parent(binding, attributes, region, m_base);
}

// The one object of that identity, or nothing.
net::task<std::optional<Observed>> Effects::find_by_identity(const Binding& binding, std::string region, Row row) {
  Row columns;
  for (const std::string& column : binding.resource->identity)
    columns.set(column, row.get(column));
  ParentIds parents;
  for (const BoundAttribute& attribute : binding.attributes)
    if (!attribute.parent.empty() && attribute.parent == binding.resource->read.for_each)
      parents = referenced_ids(row.get(attribute.column));
  auto reading = read_matching(m_context.caller, binding, call_region(m_context, region), columns, parents);
  std::vector<Observed> found = co_await std::move(reading);
  if (found.size() > 1)
    throw Error(sqlstate::change_failed,
                "AWS has " + std::to_string(found.size()) + " objects of that identity (" +
                    list_of({binding.resource->identity.begin(), binding.resource->identity.end()}) +
                    "): give every one of these columns a value");
  co_return found.empty() ? std::nullopt : std::optional(found.front());
}

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

  if (auto brought = m_brought.find(row.reference()); brought != m_brought.end()) {
    Observed child = brought->second;
    auto adopting = adopt(index, resolved, rewritten, child);
    co_await std::move(adopting);
    co_return Done{"create", name};
  }
  bool refuses_twins = !resource.exists_on.empty();
  if (!resource.identity.empty() && !refuses_twins) {
    auto finding = find_by_identity(binding, row.region, resolved);
    std::optional<Observed> found = co_await std::move(finding);
    if (found) {
      auto adopting = adopt(index, resolved, rewritten, *found);
      co_return co_await std::move(adopting);
    }
  }

  std::string token = m_context.random.uuid();
  Row sent = given_inputs(binding, resolved);
  Call call{.effect = Effect::create,
            .binding = &binding,
            .region = row.region,
            .row_key = row.key,
            .cloud_id = {},
            .description = name,
            .token = token,
            .replaced = replaced,
            .columns = sent,
            .request = create_request(binding, resolved, token)};
  auto calling = journaled(std::move(call), resource.exists_on);
  Answered answered = co_await std::move(calling);
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
      conclude(answered.intent, Result::nothing, {}, {}, answered.refusal->facts().request_id,
               answered.refusal->what());
      m_context.store.mark(answered.intent);
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
  conclude(answered.intent, Result::created, entry.cloud_id, entry.attributes, answered.answer.request_id);
  supersede(row, entry, replaced);
  m_context.store.mark(answered.intent);
  auto finishing = finish_create(index, sent, rewritten, entry);
  std::vector<PlanRow> children = co_await std::move(finishing);
  co_return Done{"create", name, std::move(children)};
}

// Drops, without a delete, what base has for the same identity, the same row, or the object that the row stood for and
// that is gone. Only the first half of a replace leaves the old entry, without its row: it is still to be deleted.
void Effects::supersede(const DesiredRow& row, const Entry& created, const std::string& replaced) {
  if (!replaced.empty()) m_replaced_ids[{created.table, replaced}] = created.cloud_id;
  for (const Entry* other : m_base.of(created.table)) {
    ObjectKey key = key_of(*other);
    if (key == key_of(created) || !(supersedes(created, *other, m_identity) || row.object == key)) continue;
    m_replaced_ids[{key.table, key.cloud_id}] = created.cloud_id;
    if (key.cloud_id == replaced) {
      Entry stays = *other;
      stays.row_key.clear();
      m_context.store.put_entry(stays);
      m_base.put(std::move(stays));
    } else {
      m_context.store.drop_entry(*other);
      m_base.drop(key);
    }
  }
}

// What follows a create that succeeded: entry, waiter, outputs, and what AWS added by itself.
net::task<std::vector<PlanRow>> Effects::finish_create(std::size_t index, Row sent, Row rewritten, Entry entry) {
  DesiredRow& row = m_diff.rows[index];
  const Binding& binding = *row.binding;
  entry.is_protected = parent_is_protected(binding, entry.attributes, entry.region);
  m_context.store.put_entry(entry);
  m_base.put(entry);
  ObjectKey object = key_of(entry);
  row.object = object;
  net::Time settled = m_context.clock.now() + read_lag(m_context, *binding.resource);
  m_recent.touch(object, settled);
  if (!binding.resource->create.waiter.empty()) {
    Value input = waiter_input(binding, entry.cloud_id);
    auto waiting = aws::wait_until(m_context.caller, m_context.clock, binding.resource->service,
                                   binding.resource->create.waiter, call_region(m_context, entry.region), input);
    co_await std::move(waiting);
  }
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
    write_row(index, entry.attributes, rewritten);
  } else {
    write_row(index, entry.attributes, rewritten);
  }
  auto settling = settle_children(index, object);
  co_return co_await std::move(settling);
}

// Children that AWS adds by itself: kept for the rows that describe them, deleted where none does.
net::task<std::vector<PlanRow>> Effects::settle_children(std::size_t index, ObjectKey object) {
  RowReference parent = m_diff.rows[index].reference();
  std::vector<PlanRow> removed;
  for (const std::string& table : m_diff.rows[index].binding->resource->brings) {
    const Binding* binding = m_bindings.find(table);
    if (!binding) continue;
    Row of_parent;
    for (const BoundAttribute& attribute : binding->attributes)
      if (attribute.parent == parent.table) of_parent.set(attribute.column, object.cloud_id);
    net::Time until = m_recent.until(object);
    std::vector<Observed> children;
    while (true) {
      auto reading = read_matching(m_context.caller, *binding, call_region(m_context, object.region), of_parent,
                                   {object.cloud_id});
      children = co_await std::move(reading);
      if (!children.empty() || m_context.clock.now() >= until) break;
      auto nap = m_context.clock.sleep(std::chrono::milliseconds{250});
      co_await std::move(nap);
    }
    for (const Observed& child : children) {
      if (m_base.find({table, object.region, child.cloud_id})) continue;
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
      } else {
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
  m_recent.touch({binding.name(), child.region, child.cloud_id},
                 m_context.clock.now() + read_lag(m_context, *binding.resource));
  co_return PlanRow{"delete", binding.name(), std::nullopt, description};
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
    if (!attribute.is_input() || wanted.is_null() ||
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
    auto sending = send_updates(index, resolved, found.attributes, changed, object, true);
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
  for (const std::string& column : changed)
    entry.attributes.set(column, resolved.get(column));
  supersede(row, entry, {});
  m_context.store.put_entry(entry);
  m_base.put(entry);
  row.object = object;
  write_row(index, entry.attributes, rewritten);
  std::string what = "adopts existing " + cloud_name(binding, found.attributes, found.cloud_id);
  co_return Done{"update", name + " (" + what + ")"};
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
  std::vector<UpdateRequest> updates = update_requests(binding, target, actual, changed, object.cloud_id);
  for (std::size_t number = 0; number < updates.size(); ++number) {
    UpdateRequest& update = updates[number];
    Row sent = only(wanted, update.columns);
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
    m_recent.touch(object, m_context.clock.now() + read_lag(m_context, *binding.resource));
  }
}

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
             return same_value(*binding.attribute(column), resolved.get(column), seen->attributes.get(column));
           });
  };
  auto reading_back = read_settled(m_context, binding, object.region, object.cloud_id, as_sent, m_recent.until(object));
  observed = co_await std::move(reading_back);
  Entry& entry = *m_base.find(object);
  if (observed)
    for (const BoundAttribute& attribute : binding.attributes)
      if (!attribute.is_input()) entry.attributes.set(attribute.column, observed->attributes.get(attribute.column));
  entry.row_key = m_diff.rows[index].key;
  entry.table_oid = binding.table->oid;
  m_context.store.put_entry(entry);
  write_row(index, entry.attributes, rewritten);
  co_return Done{"update", name};
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

net::task<Effects::Done> Effects::remove(const Binding& binding, ObjectKey object) {
  Entry entry = *m_base.find(object);
  std::string description = cloud_name(binding, entry.attributes, entry.cloud_id);
  auto absent = [](const std::optional<Observed>& seen) { return !seen.has_value(); };
  auto present = [](const std::optional<Observed>& seen) { return seen.has_value(); };
  // Made lately and not to be seen: it may still appear. Otherwise what is read is what is there.
  bool was_touched = m_recent.until(object) > m_context.clock.now();
  Agrees enough = was_touched ? Agrees(present) : Agrees(absent);
  auto reading = read_settled(m_context, binding, object.region, object.cloud_id, enough,
                              was_touched ? m_recent.until(object) : net::Time());
  std::optional<Observed> observed = co_await std::move(reading);
  if (observed && (observed->is_protected || parent_is_protected(binding, observed->attributes, object.region)))
    throw Error(sqlstate::protected_object, "it is made by AWS for every account and stays", {},
                "SELECT iasql_sync() brings its row back.");
  if (observed) {
    net::Time patience = m_context.clock.now() + blocked_patience;
    std::chrono::milliseconds pause{1000};
    std::vector<std::string> tolerated = binding.resource->absent_on;
    tolerated.insert(tolerated.end(), binding.resource->blocked_on.begin(), binding.resource->blocked_on.end());
    while (true) {
      Call call{.effect = Effect::remove,
                .binding = &binding,
                .region = object.region,
                .row_key = entry.row_key,
                .cloud_id = object.cloud_id,
                .description = description,
                .token = {},
                .replaced = {},
                .columns = {},
                .request = remove_request(binding, observed->attributes, object.cloud_id)};
      auto calling = journaled(std::move(call), tolerated);
      Answered answered = co_await std::move(calling);
      if (!answered.refusal || contains(binding.resource->absent_on, answered.refusal->code())) {
        conclude(answered.intent, Result::removed, object.cloud_id, {}, answered.answer.request_id);
        m_context.store.mark(answered.intent);
        break;
      }
      conclude(answered.intent, Result::nothing, object.cloud_id, {}, answered.refusal->facts().request_id,
               answered.refusal->what());
      m_context.store.mark(answered.intent);
      if (m_context.clock.now() + pause >= patience) throw *answered.refusal;
      auto nap = m_context.clock.sleep(pause);
      co_await std::move(nap);
      pause = std::min(pause * 2, std::chrono::milliseconds{5000});
    }
    if (!binding.resource->remove.waiter.empty()) {
      Value input = waiter_input(binding, object.cloud_id);
      auto waiting = aws::wait_until(m_context.caller, m_context.clock, binding.resource->service,
                                     binding.resource->remove.waiter, call_region(m_context, object.region), input);
      co_await std::move(waiting);
    }
    m_recent.touch(object, m_context.clock.now() + read_lag(m_context, *binding.resource));
  }
  m_context.store.drop_entry(entry);
  m_base.drop(object);
  co_return Done{"delete", description};
}

net::task<std::vector<PlanRow>> Effects::refresh(std::size_t index, bool created) {
  const Binding& binding = *m_diff.rows[index].binding;
  ObjectKey object = *m_diff.rows[index].object;
  auto present = [](const std::optional<Observed>& seen) { return seen.has_value(); };
  auto reading = read_settled(m_context, binding, object.region, object.cloud_id, present, m_recent.until(object));
  std::optional<Observed> observed = co_await std::move(reading);
  Entry& entry = *m_base.find(object);
  entry.row_key = m_diff.rows[index].key;
  entry.table_oid = binding.table->oid;
  if (observed) { // else it is gone: the next sync says so
    for (const BoundAttribute& attribute : binding.attributes)
      if (!attribute.is_input() || entry.attributes.get(attribute.column).is_null())
        entry.attributes.set(attribute.column, observed->attributes.get(attribute.column));
    entry.is_protected = observed->is_protected || parent_is_protected(binding, entry.attributes, object.region);
  }
  m_context.store.put_entry(entry);
  if (!observed) co_return std::vector<PlanRow>();
  write_row(index, entry.attributes, {});
  if (!created) co_return std::vector<PlanRow>();
  auto settling = settle_children(index, object);
  co_return co_await std::move(settling);
}

// A part that the user left open gets the rows that AWS's defaults are.
void Effects::write_part(DesiredRow& row, const BoundAttribute& attribute, const Value& elements) {
  auto is_of_part = [&](const PartRow& part) { return part.attribute == &attribute; };
  if (!elements.is_array() || std::any_of(row.parts.begin(), row.parts.end(), is_of_part)) return;
  const Table& table = *attribute.part_table;
  for (const Value& element : elements.array()) {
    Row columns{{attribute.part->owner, key_value(table, attribute.part->owner, row.key)}};
    bool complete = true;
    for (const BoundAttribute& member : attribute.members) {
      const Value& value = element.is_object() ? element[member.column] : element;
      if (member.parent.empty() || value.is_null()) {
        columns.set(member.column, value);
        continue;
      }
      const Entry* parent = m_base.find(member.parent, row.region, value.text());
      complete = complete && parent && !parent->row_key.empty();
      if (complete) columns.set(member.column, key_value(table, member.column, parent->row_key));
    }
    if (!complete) continue; // its row comes with the next sync
    std::string key = m_context.store.insert_row(table, columns, {});
    row.parts.push_back({&attribute, std::move(key), std::move(columns)});
  }
}

// Writes what AWS filled in: outputs, defaults in inputs that the row left open, and references that had to follow a
// replaced object.
void Effects::write_row(std::size_t index, const Row& known, const Row& rewritten) {
  DesiredRow& row = m_diff.rows[index];
  Row columns = rewritten;
  for (const BoundAttribute& attribute : row.binding->attributes) {
    if (attribute.part) write_part(row, attribute, known.get(attribute.column));
    if (attribute.part || !attribute.parent.empty()) continue; // local ids are the user's
    const Value &now = row.columns.get(attribute.column), &there = known.get(attribute.column);
    bool fill = attribute.is_input() ? now.is_null() && !there.is_null() : !same_value(attribute, now, there);
    if (fill) columns.set(attribute.column, there);
  }
  if (columns.empty()) return;
  m_context.store.update_row(*row.binding->table, row.key, columns);
  for (const auto& [column, value] : columns)
    row.columns.set(column, value);
}

} // namespace iasql::engine
