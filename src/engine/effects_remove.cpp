// A remove: reads the object again, refuses what AWS made for the account, and has patience while something still uses
// it.

#include "engine/effects.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

// How long a remove is tried again while AWS says that something still uses the object.
constexpr std::chrono::seconds blocked_patience{20};

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

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

} // namespace iasql::engine
