#pragma once

// The regions that an account can be connected in: those that AWS had when this program was built. A region that is
// younger is enabled afterwards, in the database's table aws_regions, which AWS itself fills.

#include <string>
#include <vector>

namespace iasql::hosting {

struct RegionsOfPartition {
  std::string partition; // "aws", "aws-cn", …
  std::vector<std::string> regions;
};

// All of them, without names that are no place ("aws-global"). The partition of most accounts comes first.
std::vector<RegionsOfPartition> regions_by_partition();

// Throws Failure (usage) for what is no region, naming the nearest.
void require_region(const std::string& region);

// The same for each of them; a region that is there twice, or is of another partition than the home region, is refused:
// an account is in one partition.
void require_regions(const std::string& home, const std::vector<std::string>& further);

} // namespace iasql::hosting
