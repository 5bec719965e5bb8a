// A remove: reads the object again, refuses what AWS made for the account, and has patience while something still uses
// it.

#include "aws/paginate.hpp"
#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// How long a remove is tried again while AWS says that something still uses the object, and while AWS itself is about
// to take away what does: a load balancer's interfaces stay for minutes.
constexpr std::chrono::seconds blocked_patience{20};
constexpr std::chrono::minutes passing_patience{10};

} // namespace

net::task<Effects::Done> Effects::remove(const Binding& binding, ObjectKey object) {
  const Entry* known = m_base.find(object);
  if (!known) throw Error(sqlstate::internal_error, object.table + " " + object.cloud_id + " is not known any more");
  Entry entry = *known;
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
    auto asking_first = refuse_held(binding, object);
    co_await std::move(asking_first);
    auto preparing = prepare_remove(binding, entry, *observed, description);
    co_await std::move(preparing);
    net::Time start = m_context.clock.now();
    std::chrono::milliseconds pause{1000};
    std::vector<std::string> tolerated = binding.resource->absent_on;
    tolerated.insert(tolerated.end(), binding.resource->blocked_on.begin(), binding.resource->blocked_on.end());
    while (true) {
      Row attributes = observed->attributes;
      for (const BoundAttribute& attribute : binding.attributes)
        if (attribute.for_remove) attributes.set(attribute.column, entry.attributes.get(attribute.column));
      Call call{.effect = Effect::remove,
                .binding = &binding,
                .region = object.region,
                .row_key = entry.row_key,
                .cloud_id = object.cloud_id,
                .description = description,
                .token = {},
                .replaced = {},
                .columns = {},
                .request = remove_request(binding, attributes, object.cloud_id, m_context.random.uuid(),
                                          surroundings(binding, attributes, object.region))};
      auto calling = journaled(std::move(call), tolerated);
      Answered answered = co_await std::move(calling);
      if (!answered.refusal || answered.refusal->is_one_of(binding.resource->absent_on)) {
        conclude(answered.intent, Result::removed, object.cloud_id, {}, answered.answer.request_id);
        m_context.store.mark(answered.intent);
        break;
      }
      conclude_refused(answered, object.cloud_id);
      auto asking = ask_blockers(binding, object);
      Blocked blocked = co_await std::move(asking);
      net::Time patience = start + (blocked.passing ? passing_patience : blocked_patience);
      if (m_context.clock.now() + pause >= patience) {
        aws::CallError::Facts facts = answered.refusal->facts();
        if (!blocked.reason.empty()) facts.message += " (" + blocked.reason + ")";
        throw aws::CallError(facts, answered.refusal->hint());
      }
      auto nap = m_context.clock.sleep(pause);
      co_await std::move(nap);
      pause = std::min(pause * 2, std::chrono::milliseconds{5000});
    }
    auto waiting = wait_for(binding, binding.resource->remove, object);
    co_await std::move(waiting);
    m_recent.touch(object, m_context.clock.now(), m_context.clock.now() + read_lag(m_context, *binding.resource));
  }
  m_context.store.drop_entry(entry);
  m_base.drop(object);
  co_return Done{"delete", description};
}

// Ends memberships and drains, each as an update of its own: what is done by then stays known if the remove fails.
net::task<void> Effects::prepare_remove(const Binding& binding, Entry entry, Observed observed,
                                        std::string description) {
  ObjectKey object = key_of(entry);
  for (Preparation& preparation : preparations(binding, observed.attributes, object.cloud_id)) {
    Row columns = preparation.columns;
    Call call{.effect = Effect::update,
              .binding = &binding,
              .region = object.region,
              .row_key = entry.row_key,
              .cloud_id = object.cloud_id,
              .description = description,
              .token = {},
              .replaced = {},
              .columns = columns,
              .request = std::move(preparation.request)};
    auto calling = journaled(std::move(call), binding.resource->absent_on);
    Answered answered = co_await std::move(calling);
    if (answered.refusal) { // gone already
      conclude_refused(answered, object.cloud_id);
      continue;
    }
    conclude(answered.intent, Result::updated, object.cloud_id, columns, answered.answer.request_id);
    for (const auto& [column, value] : columns)
      entry.attributes.set(column, value);
    m_context.store.put_entry(entry);
    m_base.put(entry);
    m_context.store.mark(answered.intent);
  }
}

net::task<void> Effects::refuse_held(const Binding& binding, ObjectKey object) {
  const Resource& resource = *binding.resource;
  std::string held;
  for (const Holders& holders : resource.holders) {
    aws::Call call{.service = resource.service,
                   .operation = holders.operation,
                   .region = call_region(m_context, binding, object.region)};
    call.input.set_path(resource.id, object.cloud_id);
    try {
      auto reading = aws::read_all(m_context.caller, std::move(call), holders.names);
      const Array names = co_await std::move(reading);
      for (const Value& name : names)
        held += (held.empty() ? "" : ", ") + holders.kind + " \"" + name.text() + "\"";
    } catch (const aws::CallError& error) {
      if (!error.is_one_of(resource.absent_on)) throw;
    }
  }
  if (held.empty()) co_return;
  std::string hint;
  for (const auto& [code, advice] : resource.hints)
    if (std::ranges::find(resource.blocked_on, code) != resource.blocked_on.end()) hint = advice;
  throw Error(sqlstate::change_failed, "it is held by " + held, "Nothing of it was changed", hint);
}

net::task<Effects::Blocked> Effects::ask_blockers(const Binding& binding, ObjectKey object) {
  Blocked blocked;
  if (!binding.resource->blockers) co_return blocked;
  const Blockers& blockers = *binding.resource->blockers;
  Object filter{{"Name", blockers.filter}, {"Values", Array{object.cloud_id}}};
  aws::Call call{.service = binding.resource->service,
                 .operation = blockers.operation,
                 .region = call_region(m_context, binding, object.region)};
  call.input.set_path("Filters", Array{std::move(filter)});
  Array found;
  try {
    auto reading = aws::read_all(m_context.caller, std::move(call), blockers.items);
    found = co_await std::move(reading);
  } catch (const aws::CallError& error) {
    blocked.reason = "what holds it cannot be listed: " + std::string(error.what());
    co_return blocked; // the remove's own refusal is what the reader needs
  }
  blocked.passing = !found.empty();
  for (const Value& item : found) {
    blocked.reason += (blocked.reason.empty() ? "it is held by " : ", ") + item[blockers.id].text();
    if (const std::string text = item[blockers.description].text(); !text.empty())
      blocked.reason += " \"" + text + "\"";
    blocked.passing = blocked.passing && item[blockers.passing] == Value(true);
  }
  co_return blocked;
}

} // namespace iasql::engine
