#pragma once

// What is in AWS now: every object of the given tables in the enabled regions, or an error. Never a part of it.

#include "engine/state.hpp"

#include <map>
#include <string>
#include <vector>

namespace iasql::engine {

// By table.
using Readings = std::map<std::string, std::vector<Observed>, std::less<>>;

// Reads the tables of `bindings` that `wanted` names. Parents' ids come from the readings themselves, or from `base`
// for tables that are not read. What the journal did lately and a listing contradicts is read again until the service's
// read lag has passed. Throws Error (read_failed) with AWS's words; nothing is returned then.
net::task<Readings> read_cloud(Context& context, const Bindings& bindings, const Base& base, const Records& records,
                               std::vector<Region> regions, std::set<std::string> wanted);

// AWS's regions, for aws_regions: the connected one is the default and enabled, where `known` does not say otherwise.
net::task<std::vector<Region>> read_regions(Context& context, std::vector<Region> known);

} // namespace iasql::engine
