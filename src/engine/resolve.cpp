#include "engine/resolve.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

struct Resolution {
  Result result = Result::nothing;
  std::string cloud_id;
  Row columns;
};

// An object is ours only by the hidden tag: one found by identity alone may be adopted by a row, later.
net::task<Resolution> look_up_create(Context& context, const Binding& binding, Intent intent, ParentIds parents) {
  auto reading = read_by_intent(context.caller, binding, call_region(context, binding, intent.region), intent.token,
                                std::move(parents));
  std::vector<Observed> found = co_await std::move(reading);
  if (found.empty()) co_return Resolution{};
  Resolution created{Result::created, found.front().cloud_id, intent.columns};
  for (const auto& [column, value] : found.front().attributes)
    if (!created.columns.find(column) && !binding.attribute(column)->part) created.columns.set(column, value);
  co_return created;
}

// An update counts as made exactly when the sent columns have the sent values, and says nothing of others.
net::task<Resolution> look_up_update(Context& context, const Binding& binding, Intent intent) {
  auto reading = read_one(context.caller, binding, call_region(context, binding, intent.region), intent.cloud_id);
  std::optional<Observed> found = co_await std::move(reading);
  bool made = found && std::all_of(intent.columns.begin(), intent.columns.end(), [&](const Object::Member& sent) {
                const BoundAttribute* attribute = binding.attribute(sent.first);
                return attribute && same_value(*attribute, sent.second, found->attributes.get(sent.first));
              });
  if (!made) co_return Resolution{Result::nothing, intent.cloud_id, {}};
  co_return Resolution{Result::updated, intent.cloud_id, intent.columns};
}

net::task<Resolution> look_up_remove(Context& context, const Binding& binding, Intent intent) {
  auto reading = read_one(context.caller, binding, call_region(context, binding, intent.region), intent.cloud_id);
  std::optional<Observed> found = co_await std::move(reading);
  co_return Resolution{found ? Result::nothing : Result::removed, intent.cloud_id, {}};
}

net::task<void> find_out(Context& context, const Binding& binding, Intent intent, ParentIds parents) {
  const Resource& resource = *binding.resource;
  // "It happened" counts at once. "Nothing happened" counts only when the request can no longer arrive and an effect of
  // it would be readable: a request that lands later than that verdict would be known to nobody.
  net::Time until = intent.time + read_lag(context, resource) + context.settings.in_doubt_wait;
  if (until > context.clock.now())
    context.report.notice("finding out what became of an earlier operation: " + intent.operation + " of " +
                          intent.table + " " + intent.description);
  std::chrono::milliseconds pause{250};
  Resolution resolution;
  while (true) {
    net::Time asked = context.clock.now();
    auto looking = intent.effect == Effect::create   ? look_up_create(context, binding, intent, parents)
                   : intent.effect == Effect::update ? look_up_update(context, binding, intent)
                                                     : look_up_remove(context, binding, intent);
    resolution = co_await std::move(looking);
    if (resolution.result != Result::nothing || asked >= until) break;
    auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - asked);
    auto nap = context.clock.sleep(std::min(pause, rest));
    co_await std::move(nap);
    pause = std::min(pause * 2, std::chrono::milliseconds{2000});
  }
  context.journal.conclude({.intent = intent.id,
                            .time = context.clock.now(),
                            .result = resolution.result,
                            .cloud_id = resolution.cloud_id,
                            .columns = resolution.columns,
                            .request_id = {},
                            .error = resolution.result == Result::nothing ? "looked up later: it had no effect" : ""});
}

// A look-up that fails leaves its intent in doubt and the others to be resolved.
net::task<void> resolve_one(Context& context, const Binding& binding, Intent intent, ParentIds parents) {
  std::string what = intent.operation + " of " + intent.table + " " + intent.description;
  try {
    auto finding = find_out(context, binding, std::move(intent), std::move(parents));
    co_await std::move(finding);
  } catch (const Error& error) {
    if (error.sqlstate() == sqlstate::no_worker) throw;
    context.report.warning("could not find out what became of an earlier " + what + ": " + error.what(),
                           error.detail());
  }
}

} // namespace

net::task<void> resolve_in_doubt(Context& context, const Bindings& bindings, const Base& base,
                                 std::vector<Intent> in_doubt, std::set<std::string> enabled) {
  net::TaskGroup group;
  for (const Intent& intent : in_doubt) {
    const Binding* binding = bindings.find(intent.table);
    // Left in doubt until its module is installed again, or its region enabled.
    if (!binding || !binding->stands_for_objects() || !enabled.contains(intent.region)) continue;
    ParentIds parents;
    for (const Entry* parent : base.of(binding->resource->read.for_each))
      if (parent->region == intent.region || parent->region == "global") parents.push_back(parent->cloud_id);
    if (group.size() >= static_cast<std::size_t>(context.settings.parallelism)) co_await group.any();
    group.spawn(resolve_one(context, *binding, intent, std::move(parents)));
  }
  auto rest = group.all();
  co_await std::move(rest);
}

} // namespace iasql::engine
