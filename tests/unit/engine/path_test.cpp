#include "base/json.hpp"
#include "engine/path.hpp"

#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

Value read(const char* text) {
  return read_json(text);
}

TEST(Path, LeadsThroughStructuresAndLists) {
  const Value object = read(R"({"a": {"b": 1}, "list": [{"x": "one", "y": 1}, {"x": "two"}], "empty": []})");
  EXPECT_EQ(value_at(object, "a.b"), Value(1));
  EXPECT_EQ(value_at(object, "list[0].x"), Value("one"));
  EXPECT_EQ(value_at(object, "list[].x"), Value(Array{"one", "two"}));
  EXPECT_EQ(value_at(object, "list[].y"), Value(Array{1}));
  EXPECT_EQ(value_at(object, "empty[].x"), Value(Array{}));
}

TEST(Path, IsNullWhereAStepIsMissing) {
  const Value object = read(R"({"a": {"b": 1}, "empty": []})");
  EXPECT_TRUE(value_at(object, "a.c.d").is_null());
  EXPECT_TRUE(value_at(object, "empty[0].x").is_null());
  EXPECT_TRUE(value_at(object, "none[].x").is_null());
}

TEST(Path, SetsMakeWhatIsOnTheWay) {
  Value input = Object();
  set_at(input, "actions[0].type", "forward");
  set_at(input, "actions[0].target", "tg");
  set_at(input, "network.subnets", Array{"s"});
  EXPECT_EQ(input, read(R"({"actions": [{"type": "forward", "target": "tg"}], "network": {"subnets": ["s"]}})"));
}

TEST(Path, KnowsItsFirstStepAndWhetherThereIsMore) {
  EXPECT_EQ(first_step("actions[0].type"), "actions");
  EXPECT_EQ(first_step("name"), "name");
  EXPECT_TRUE(is_nested("actions[0].type"));
  EXPECT_TRUE(is_nested("a.b"));
  EXPECT_FALSE(is_nested("name"));
}

} // namespace
} // namespace iasql::engine
