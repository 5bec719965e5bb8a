#pragma once

// Read lag: for an object that the journal created, changed or removed lately, a reading that contradicts the journal
// counts only after the service's read lag. A reading that agrees counts at once.

#include "engine/engine.hpp"
#include "engine/fold.hpp"
#include "engine/read.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace iasql::engine {

net::Time::duration read_lag(const Context& context, const Resource& resource);

// Until when a contradicting reading of an object does not count.
class Recent {
public:
  void touch(const ObjectKey& object, net::Time done, net::Time until);
  // The epoch where nothing was done lately.
  net::Time until(const ObjectKey& object) const;
  // When the last of it was done; the epoch where nothing was.
  net::Time done(const ObjectKey& object) const;

private:
  struct Times {
    net::Time done, until;
  };
  std::map<ObjectKey, Times> m_times;
};

Recent recent_effects(const Context& context, const Bindings& bindings, const Records& records);

// Where calls for a region's objects go: global resources are read and written at home, or in the default region.
std::string call_region(Context& context, const Binding& binding, const std::string& region);

// Reads one object again and again until `agrees` with what was read, or until `until`; returns the last reading.
using Agrees = std::function<bool(const std::optional<Observed>&)>;
net::task<std::optional<Observed>> read_settled(Context& context, const Binding& binding, std::string region,
                                                std::string cloud_id, Agrees agrees, net::Time until);

} // namespace iasql::engine
