#include "engine/readings.hpp"

#include "aws/paginate.hpp"
#include "aws/partition.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

struct Reader {
  Context& context;
  const Base& base;
  const std::vector<Region>& regions;
  Readings readings;

  net::task<void> read_region(const Binding& binding, std::string region, ParentIds parents) {
    try {
      auto reading = read_all(context.caller, binding, call_region(context, binding, region), std::move(parents),
                              context.settings.parallelism);
      std::vector<Observed> objects = co_await std::move(reading);
      std::vector<Observed>& all = readings[binding.name()];
      std::move(objects.begin(), objects.end(), std::back_inserter(all));
    } catch (const aws::CallError& error) {
      throw Error(sqlstate::read_failed, "could not read " + binding.name() + " from AWS: " + error.what(),
                  error.detail(), error.hint());
    }
  }

  // AWS's partitions know nothing of each other's accounts: of a service that is in one only, an account of another has
  // no objects, and its key is refused there.
  bool is_in_partition(const Binding& binding) const {
    const std::string& home = binding.resource->home_region;
    const aws::Partition* own = aws::find_partition(context.store.account().get("region").text());
    return home.empty() || !own || own == aws::find_partition(home);
  }

  ParentIds parent_ids(const Binding& binding, const std::string& region, const std::set<std::string>& wanted) const {
    const std::string& table = binding.resource->read.for_each;
    ParentIds ids;
    if (table.empty()) return ids;
    if (wanted.contains(table)) {
      if (auto read = readings.find(table); read != readings.end())
        for (const Observed& parent : read->second)
          if (parent.region == region || parent.region == "global") ids.push_back(parent.cloud_id);
    } else {
      for (const Entry* parent : base.of(table))
        if (parent->region == region || parent->region == "global") ids.push_back(parent->cloud_id);
    }
    return ids;
  }

  // `nested`: the tables that are read for each object of another one, after that one.
  net::task<void> read_tables(const Bindings& bindings, const std::set<std::string>& wanted, bool nested) {
    net::TaskGroup group;
    for (const Binding& binding : bindings.in_order()) {
      if (!binding.stands_for_objects() || !wanted.contains(binding.name()) ||
          binding.resource->read.for_each.empty() == nested)
        continue;
      readings.try_emplace(binding.name());
      std::vector<std::string> where;
      if (binding.resource->global && is_in_partition(binding)) where.emplace_back("global");
      for (const Region& region : regions)
        if (region.is_enabled && !binding.resource->global) where.push_back(region.name);
      for (const std::string& region : where) {
        while (group.size() >= static_cast<std::size_t>(context.settings.parallelism))
          co_await group.any();
        group.spawn(read_region(binding, region, parent_ids(binding, region, wanted)));
      }
    }
    auto rest = group.all();
    co_await std::move(rest);
  }

  // Lists have the newest revision alone. Where that is one that base knows, the others that base knows are no
  // predecessors of it that somebody replaced, but objects of their own.
  net::task<void> read_other_revisions(const Binding& binding) {
    const std::string& column = binding.resource->revision_of;
    if (column.empty()) co_return;
    const std::vector<Observed> listed = readings[binding.name()];
    const auto is_listed = [&](const Entry& entry) {
      return std::any_of(listed.begin(), listed.end(), [&](const Observed& seen) {
        return seen.cloud_id == entry.cloud_id && seen.region == entry.region;
      });
    };
    const std::vector<const Entry*> known = base.of(binding.name());
    for (const Entry* entry : known) {
      const bool has_newer = std::any_of(known.begin(), known.end(), [&](const Entry* other) {
        return other->region == entry->region && is_listed(*other) &&
               other->attributes.get(column) == entry->attributes.get(column);
      });
      if (!has_newer || is_listed(*entry)) continue;
      auto reading = read_one(context.caller, binding, call_region(context, binding, entry->region), entry->cloud_id);
      if (std::optional<Observed> observed = co_await std::move(reading))
        readings[binding.name()].push_back(std::move(*observed));
    }
  }

  // What columns of other tables name, where the list left it out.
  net::task<void> read_also(const Bindings& bindings, const std::set<std::string>& wanted) {
    for (const Binding& binding : bindings.in_order()) {
      if (!binding.stands_for_objects() || !wanted.contains(binding.name())) continue;
      std::map<std::string, std::set<std::string>> missing; // by region
      for (const auto& [table, column] : binding.resource->read.also) {
        auto note = [&, column = &column](const std::string& region, const Row& attributes) {
          const std::string id = attributes.get(*column).text();
          const std::vector<Observed>& known = readings[binding.name()];
          if (!id.empty() && std::none_of(known.begin(), known.end(), [&](const Observed& seen) {
                return seen.cloud_id == id && seen.region == region;
              }))
            missing[region].insert(id);
        };
        if (auto read = readings.find(table); read != readings.end())
          for (const Observed& object : read->second)
            note(object.region, object.attributes);
        else
          for (const Entry* entry : base.of(table))
            note(entry->region, entry->attributes);
      }
      auto staying = read_other_revisions(binding);
      co_await std::move(staying);
      for (const auto& [region, ids] : missing) {
        auto reading = read_named(context.caller, binding, call_region(context, binding, region),
                                  std::vector<std::string>(ids.begin(), ids.end()));
        std::vector<Observed> objects = co_await std::move(reading);
        std::move(objects.begin(), objects.end(), std::back_inserter(readings[binding.name()]));
      }
    }
  }

  // A listing that contradicts what the journal did lately: the object itself is asked until it agrees or the lag is
  // over.
  net::task<void> settle(const Bindings& bindings, const Records& records) {
    std::map<IntentId, const Intent*> intents;
    for (const Intent& intent : records.intents)
      intents.emplace(intent.id, &intent);
    std::map<ObjectKey, const Outcome*> last;
    for (const Outcome& outcome : records.outcomes)
      if (auto intent = intents.find(outcome.intent); intent != intents.end() && outcome.result != Result::nothing)
        last[{intent->second->table, intent->second->region, outcome.cloud_id}] = &outcome;
    for (const auto& [object, outcome] : last) {
      auto table = readings.find(object.table);
      if (table == readings.end()) continue;
      const Binding& binding = bindings.of(object.table);
      net::Time until = outcome->time + read_lag(context, *binding.resource);
      if (until <= context.clock.now()) continue;
      std::vector<Observed>& objects = table->second;
      auto found = std::find_if(objects.begin(), objects.end(), [&](const Observed& seen) {
        return seen.cloud_id == object.cloud_id && seen.region == object.region;
      });
      Agrees agrees = [&binding, outcome = outcome](const std::optional<Observed>& seen) {
        if (outcome->result == Result::removed) return !seen.has_value();
        return seen && (outcome->result == Result::created ||
                        std::all_of(outcome->columns.begin(), outcome->columns.end(), [&](const Object::Member& sent) {
                          const BoundAttribute* attribute = binding.attribute(sent.first);
                          return !attribute || same_value(*attribute, sent.second, seen->attributes.get(sent.first));
                        }));
      };
      if (agrees(found == objects.end() ? std::nullopt : std::optional(*found))) continue;
      auto reading = read_settled(context, binding, object.region, object.cloud_id, agrees, until);
      std::optional<Observed> observed = co_await std::move(reading);
      if (found != objects.end()) objects.erase(found);
      if (observed) objects.push_back(std::move(*observed));
    }
  }
};

} // namespace

net::task<Readings> read_cloud(Context& context, const Bindings& bindings, const Base& base, const Records& records,
                               std::vector<Region> regions, std::set<std::string> wanted) {
  Reader reader{context, base, regions, {}};
  auto flat = reader.read_tables(bindings, wanted, false);
  co_await std::move(flat);
  auto nested = reader.read_tables(bindings, wanted, true);
  co_await std::move(nested);
  auto also = reader.read_also(bindings, wanted);
  co_await std::move(also);
  auto settling = reader.settle(bindings, records);
  co_await std::move(settling);
  co_return std::move(reader.readings);
}

net::task<std::vector<Region>> read_regions(Context& context, std::vector<Region> known) {
  std::string connected = context.store.account().get("region").text();
  Value input = Object();
  input.set_path("AllRegions", true);
  aws::Call call{.service = "ec2", .operation = "DescribeRegions", .region = connected, .input = std::move(input)};
  auto reading = aws::read_all(context.caller, std::move(call), "Regions");
  Array listed = co_await std::move(reading);
  std::vector<Region> regions;
  for (const Value& item : listed) {
    Region region{.name = item["RegionName"].text(), .is_default = false, .is_enabled = false};
    auto before = std::find_if(known.begin(), known.end(), [&](const Region& one) { return one.name == region.name; });
    if (before != known.end())
      region = *before;
    else
      region.is_default = region.is_enabled = region.name == connected && known.empty();
    regions.push_back(std::move(region));
  }
  if (std::none_of(regions.begin(), regions.end(), [&](const Region& region) { return region.name == connected; }))
    throw Error(sqlstate::read_failed, "AWS does not list the connected region " + connected);
  std::sort(regions.begin(), regions.end(),
            [](const Region& left, const Region& right) { return left.name < right.name; });
  co_return regions;
}

} // namespace iasql::engine
