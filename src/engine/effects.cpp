// The steps that every effect is made of. Their order within each effect (effects_create.cpp and its neighbours) is
// journal.md's and must not be changed: an intent is durable before its call is sent, an outcome before anything else
// is done with the answer, and only then are entry, row and mark written in the caller's transaction, where they roll
// back with it.

#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// No attempt of a write begins later than this after its intent, so that what is in doubt can be bounded from there
// (Settings::in_doubt_wait is far longer).
constexpr std::chrono::seconds begin_within{10};

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
                    .region = call_region(m_context, *call.binding, call.region),
                    .input = std::move(call.request.input),
                    .repeat = repeats_safely ? aws::Repeat::freely : aws::Repeat::if_not_sent,
                    .begin_within = begin_within};
  try {
    auto calling = m_context.caller.call(std::move(request));
    answered.answer = co_await std::move(calling);
  } catch (const aws::CallError& error) {
    // A tolerated refusal says how things are, whatever became of earlier attempts; any other leaves them in doubt.
    if (!error.is_one_of(tolerated)) {
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

void Effects::conclude_refused(const Answered& answered, const std::string& cloud_id) {
  conclude(answered.intent, Result::nothing, cloud_id, {}, answered.refusal->facts().request_id,
           answered.refusal->what());
  m_context.store.mark(answered.intent);
}

Surroundings Effects::surroundings(const Binding& binding, const Row& resolved, const std::string& region) const {
  return {.region = call_region(m_context, binding, region),
          .parent = parent_attributes(binding, resolved, region, m_base)};
}

void Effects::derive(const DesiredRow& row, Row& resolved, Row& rewritten) const {
  for (const Derived& derived : row.binding->resource->derived) {
    const bool is_rewritten = row.rewritten.find(derived.column) != nullptr;
    if (is_given(resolved.get(derived.column)) && !is_rewritten) continue;
    const Value value = derived_value(*row.binding, derived, resolved, row.region, m_base);
    if (value.is_null()) {
      std::string columns;
      for (const auto& [theirs, ours] : derived.matching)
        columns += (columns.empty() ? "" : " and ") + ours;
      throw Error(sqlstate::missing_value, "no row of " + derived.table + " agrees with its " + columns, {},
                  "Give " + derived.column + " a value, or make such a " + derived.table + ".");
    }
    resolved.set(derived.column, value);
    if (is_rewritten) rewritten.set(derived.column, value);
  }
}

Row Effects::resolve(const DesiredRow& row, Row& rewritten) const {
  Row resolved = row.resolved;
  rewritten = row.rewritten;
  auto id_of = [&](const BoundAttribute& key, const RowReference& reference) -> Value {
    const DesiredRow* target = m_diff.row(reference);
    if (!target || !target->object)
      throw Error(sqlstate::unresolved_reference,
                  "it points at " + reference.table + " " + reference.key + ", which has no object in AWS yet");
    Value known = pointing_value(key, *m_base.find(*target->object));
    if (known.is_null())
      throw Error(sqlstate::unresolved_reference, "it points at " + reference.table + " " + reference.key +
                                                      ", of which " + key.points_by + " is not known yet");
    return known;
  };
  for (const BoundAttribute& attribute : row.binding->attributes)
    if (attribute.reference && !attribute.reference->alias.empty() &&
        resolved.get(attribute.column) == Value(attribute.reference->alias))
      throw Error(sqlstate::unresolved_reference, "region " + row.region + " has no " + attribute.reference->alias +
                                                      " " + attribute.reference->table +
                                                      " that this database knows of");
  for (const auto& [column, parent] : row.pending) {
    const BoundAttribute* attribute = row.binding->attribute(column);
    if (attribute->part) {
      resolved.set(column, part_value(*attribute, row.parts, id_of));
      continue;
    }
    if (!attribute->parent.empty()) {
      resolved.set(column, id_of(*attribute, parent));
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

net::task<std::vector<PlanRow>> Effects::refresh(std::size_t index, bool created) {
  const Binding& binding = *m_diff.rows[index].binding;
  ObjectKey object = *m_diff.rows[index].object;
  if (created) { // the apply that made it may not have seen it ready
    auto waiting = wait_for(binding, binding.resource->create, object);
    co_await std::move(waiting);
  }
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

net::task<void> Effects::wait_for(const Binding& binding, const Write& write, ObjectKey object) {
  if (write.waiter.empty()) co_return;
  Value input = waiter_input(binding, object.cloud_id);
  auto waiting = aws::wait_until(m_context.caller, m_context.clock, binding.resource->service, write.waiter,
                                 call_region(m_context, binding, object.region), input);
  co_await std::move(waiting);
}

// A part that the user left open gets the rows that AWS's defaults are.
void Effects::write_part(DesiredRow& row, const BoundAttribute& attribute, const Value& elements) {
  auto is_of_part = [&](const PartRow& part) { return part.attribute == &attribute; };
  if (!elements.is_array()) return;
  if (std::any_of(row.parts.begin(), row.parts.end(), is_of_part)) return fill_part(row, attribute, elements);
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
      const Entry* parent = m_base.find_by(member.parent, member.points_by, row.region, value);
      complete = complete && parent && !parent->row_key.empty();
      if (complete) columns.set(member.column, key_value(table, member.column, parent->row_key));
    }
    if (!complete) continue; // its row comes with the next sync
    if (table.column("region")) columns.set("region", row.region);
    std::string key = m_context.store.insert_row(table, columns, {});
    row.parts.push_back({&attribute, std::move(key), std::move(columns)});
  }
}

// What AWS filled in where the rows of a part left columns open.
void Effects::fill_part(DesiredRow& row, const BoundAttribute& attribute, const Value& elements) {
  const std::string& identity = attribute.part->identity;
  if (identity.empty()) return;
  const auto& one_of = attribute.part->one_of;
  for (PartRow& part : row.parts) {
    if (part.attribute != &attribute) continue;
    Row columns;
    const Value said =
        canonical_part_row(attribute, part.columns); // also by another column: the tag in an image's name
    for (const Value& element : elements.array()) {
      if (element[identity] != part.columns.get(identity)) continue;
      for (const BoundAttribute& member : attribute.members)
        if (member.parent.empty() && part.columns.get(member.column).is_null() && !is_given(said[member.column]) &&
            !element[member.column].is_null() && std::find(one_of.begin(), one_of.end(), member.column) == one_of.end())
          columns.set(member.column, element[member.column]);
    }
    if (columns.empty()) continue;
    m_context.store.update_row(*attribute.part_table, part.key, columns);
    for (const auto& [column, value] : columns)
      part.columns.set(column, value);
  }
}

// Writes what AWS filled in: outputs, defaults in inputs that the row left open, and references that had to follow a
// replaced object.
void Effects::write_row(std::size_t index, const Row& known, const Row& rewritten) {
  DesiredRow& row = m_diff.rows[index];
  Row columns = rewritten;
  for (const BoundAttribute& attribute : row.binding->attributes) {
    if (attribute.part) write_part(row, attribute, known.get(attribute.column));
    if (attribute.part) continue;
    const Value& now = row.columns.get(attribute.column);
    if (!attribute.parent.empty()) { // local ids are the user's, but for what AWS decided
      const Value& there = known.get(attribute.column);
      const Entry* parent = now.is_null() && !there.is_null()
                                ? m_base.find_by(attribute.parent, attribute.points_by, row.region, there)
                                : nullptr;
      if (parent && !parent->row_key.empty())
        columns.set(attribute.column, key_value(*row.binding->table, attribute.column, parent->row_key));
      continue;
    }
    if (attribute.is_secret() && is_given(now)) columns.set(attribute.column, Value());
    if (attribute.once && now == Value(true)) columns.set(attribute.column, false);
    if (!attribute.is_read()) continue;
    const Value there = shown_value(attribute, known.get(attribute.column), row.region, m_base);
    const bool has_alias = attribute.reference && !attribute.reference->alias.empty();
    const bool is_spelled_otherwise = has_alias && !there.is_null() && now != there;
    const bool is_open = !is_given(now) || (now.is_array() && !is_given(row.resolved.get(attribute.column)));
    bool fill = attribute.is_input() ? (is_open && !there.is_null()) || is_spelled_otherwise
                                     : !same_value(attribute, now, there);
    if (fill && !rewritten.find(attribute.column)) columns.set(attribute.column, there);
  }
  if (columns.empty()) return;
  m_context.store.update_row(*row.binding->table, row.key, columns);
  for (const auto& [column, value] : columns)
    row.columns.set(column, value);
}

} // namespace iasql::engine
