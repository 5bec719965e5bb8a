#include "hosting/failure.hpp"
#include "hosting/regions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace iasql::hosting {
namespace {

std::string refusal(const std::string& home, const std::vector<std::string>& further = {}) {
  try {
    require_regions(home, further);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.reason(), Reason::usage);
    return std::string(failure.what()) + "; " + failure.hint();
  }
  return "";
}

TEST(RegionsTest, every_region_of_the_list_is_one) {
  const auto partitions = regions_by_partition();
  ASSERT_FALSE(partitions.empty());
  EXPECT_EQ(partitions.front().partition, "aws");
  for (const auto& partition : partitions) {
    EXPECT_TRUE(std::is_sorted(partition.regions.begin(), partition.regions.end()));
    for (const auto& region : partition.regions) {
      EXPECT_EQ(refusal(region), "");
      EXPECT_EQ(region.find("global"), std::string::npos);
    }
  }
}

TEST(RegionsTest, what_is_none_is_refused_with_the_nearest) {
  EXPECT_EQ(refusal("eu-wset-2"), "eu-wset-2 is no AWS region; Did you mean eu-west-2?");
  EXPECT_EQ(refusal("eu-west-9").find("eu-west-9 is no AWS region; Did you mean eu-west-"), 0u);
  EXPECT_EQ(refusal("nowhere"), "nowhere is no AWS region; One is called eu-west-2, for example.");
  EXPECT_EQ(refusal("aws-global").find("aws-global is no AWS region"), 0u);
  EXPECT_EQ(refusal("").find("which region?"), 0u);
  EXPECT_EQ(refusal("eu-west-2\n\x1b[31m").find('\x1b'), std::string::npos);
}

TEST(RegionsTest, further_regions_are_others_of_the_same_partition) {
  EXPECT_EQ(refusal("eu-west-2", {"us-east-1", "eu-west-1"}), "");
  EXPECT_EQ(refusal("cn-north-1", {"cn-northwest-1"}), "");
  EXPECT_EQ(refusal("eu-west-2", {"eu-west-2"}), "region eu-west-2 is named twice; ");
  EXPECT_EQ(refusal("eu-west-2", {"eu-west-1", "eu-west-1"}), "region eu-west-1 is named twice; ");
  EXPECT_EQ(refusal("eu-west-2", {"cn-north-1"}),
            "regions eu-west-2 and cn-north-1 are of different partitions of AWS; An account is in one of them.");
  EXPECT_EQ(refusal("eu-west-2", {"eu-wset-1"}), "eu-wset-1 is no AWS region; Did you mean eu-west-1?");
}

} // namespace
} // namespace iasql::hosting
