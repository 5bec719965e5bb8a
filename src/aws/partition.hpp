#pragma once

// The partitions of AWS: groups of regions with DNS suffixes of their own. The table is botocore's partitions.json,
// turned into C++ at build time by tools/partition_table.py.

#include <span>
#include <string_view>

namespace iasql::aws {

struct Partition {
  std::string_view id;                     // "aws-cn"
  std::string_view dns_suffix;             // "amazonaws.com.cn"
  std::string_view dual_stack_dns_suffix;  // "api.amazonwebservices.com.cn"
  std::string_view implicit_global_region; // where global services are signed for, "cn-northwest-1"
  bool supports_fips, supports_dual_stack;
  std::span<const std::string_view> regions;         // sorted; those of no place too, "aws-cn-global"
  std::span<const std::string_view> region_prefixes; // of "<prefix>-<word>-<number>", the form of regions to come
};

// All of them; the first is the one of regions that belong to none.
std::span<const Partition> partitions();

// The partition that has the region, or may have it one day; nullptr where none can.
const Partition* find_partition(std::string_view region);

} // namespace iasql::aws
