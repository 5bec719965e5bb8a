#include "engine/settle.hpp"

#include <algorithm>

namespace iasql::engine {

net::Time::duration read_lag(const Context& context, const Resource& resource) {
  return context.settings.read_lag.value_or(resource.read_lag);
}

void Recent::touch(const ObjectKey& object, net::Time done, net::Time until) {
  Times& known = m_times[object];
  known = {std::max(known.done, done), std::max(known.until, until)};
}

net::Time Recent::until(const ObjectKey& object) const {
  auto found = m_times.find(object);
  return found == m_times.end() ? net::Time() : found->second.until;
}

net::Time Recent::done(const ObjectKey& object) const {
  auto found = m_times.find(object);
  return found == m_times.end() ? net::Time() : found->second.done;
}

Recent recent_effects(const Context& context, const Bindings& bindings, const Records& records) {
  Recent recent;
  std::map<IntentId, const Intent*> intents;
  for (const Intent& intent : records.intents)
    intents.emplace(intent.id, &intent);
  for (const Outcome& outcome : records.outcomes) {
    auto intent = intents.find(outcome.intent);
    if (intent == intents.end() || outcome.cloud_id.empty()) continue;
    const Binding* binding = bindings.find(intent->second->table);
    if (!binding || !binding->stands_for_objects()) continue;
    recent.touch({intent->second->table, intent->second->region, outcome.cloud_id}, outcome.time,
                 outcome.time + read_lag(context, *binding->resource));
  }
  return recent;
}

std::string call_region(Context& context, const Binding& binding, const std::string& region) {
  if (region != "global") return region;
  if (!binding.resource->home_region.empty()) return binding.resource->home_region;
  for (const Region& known : context.store.regions())
    if (known.is_default) return known.name;
  return context.store.account().get("region").text();
}

net::task<std::optional<Observed>> read_settled(Context& context, const Binding& binding, std::string region,
                                                std::string cloud_id, Agrees agrees, net::Time until) {
  std::string where = call_region(context, binding, region);
  std::chrono::milliseconds pause{250};
  while (true) {
    auto reading = read_one(context.caller, binding, where, cloud_id);
    std::optional<Observed> observed = co_await std::move(reading);
    net::Time now = context.clock.now();
    if (now >= until || agrees(observed)) co_return observed;
    auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    auto nap = context.clock.sleep(std::min(pause, rest));
    co_await std::move(nap);
    pause = std::min(pause * 2, std::chrono::milliseconds{2000});
  }
}

} // namespace iasql::engine
