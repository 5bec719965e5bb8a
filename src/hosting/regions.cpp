#include "hosting/regions.hpp"

#include "aws/endpoint_url.hpp"
#include "aws/partition.hpp"
#include "base/names.hpp"
#include "hosting/failure.hpp"

#include <algorithm>

namespace iasql::hosting {

namespace {

bool is_place(std::string_view region) {
  return region.back() >= '0' && region.back() <= '9';
}

} // namespace

std::vector<RegionsOfPartition> regions_by_partition() {
  std::vector<RegionsOfPartition> result;
  for (const auto& partition : aws::partitions()) {
    RegionsOfPartition regions{.partition = std::string(partition.id), .regions = {}};
    for (const auto& region : partition.regions)
      if (is_place(region)) regions.regions.emplace_back(region);
    if (!regions.regions.empty()) result.push_back(std::move(regions));
  }
  return result;
}

void require_region(const std::string& region) {
  if (region.empty()) throw Failure("which region?", "Give one such as --region eu-west-2.", Reason::usage);
  std::vector<std::string> names;
  for (auto& partition : regions_by_partition())
    for (auto& name : partition.regions) {
      if (name == region) return;
      names.push_back(std::move(name));
    }
  const auto meant = nearest(region, names);
  throw Failure(aws::printable_message(region) + " is no AWS region",
                meant.empty() ? "One is called eu-west-2, for example." : "Did you mean " + meant + "?", Reason::usage);
}

void require_regions(const std::string& home, const std::vector<std::string>& further) {
  require_region(home);
  for (auto region = further.begin(); region != further.end(); ++region) {
    require_region(*region);
    if (*region == home || std::find(further.begin(), region, *region) != region)
      throw Failure("region " + *region + " is named twice", {}, Reason::usage);
    if (aws::find_partition(*region) != aws::find_partition(home))
      throw Failure("regions " + home + " and " + *region + " are of different partitions of AWS",
                    "An account is in one of them.", Reason::usage);
  }
}

} // namespace iasql::hosting
