#include "base/json.hpp"
#include "base/tree.hpp"

#include <gtest/gtest.h>

namespace iasql {

namespace {

// {"name": "a", "list": ["b", {"c": 1}]}, its texts in the tree's document or its memory.
Value value_of_tree() {
  auto tree = std::make_shared<Tree>("ab");
  const std::string_view document = tree->document;
  Object& root = tree->root.make_object();
  root.add_in(tree->memory, Text::permanent("name")) = Text::foreign(document.substr(0, 1));
  Array& list = root.add_in(tree->memory, tree->text("list")).make_array();
  list.emplace_back_in(tree->memory) = tree->kept(std::string("b"));
  list.emplace_back_in(tree->memory).make_object().add_in(tree->memory, Text::permanent("c")) = 1;
  return std::shared_ptr<const Tree>(std::move(tree));
}

const char* const json = R"({"name":"a","list":["b",{"c":1}]})";

} // namespace

TEST(Tree, LooksLikeAnyValue) {
  const Value value = value_of_tree();
  EXPECT_TRUE(value.is_object());
  EXPECT_EQ(write_json(value), json);
  EXPECT_EQ(value, read_json(json));
  EXPECT_EQ(read_json(json), value);
  EXPECT_EQ(value["list"].array()[1]["c"], Value(1));
}

TEST(Tree, WhatIsTakenOutOfItStays) {
  Value list, name, whole;
  {
    const Value value = value_of_tree();
    list = value["list"];
    name = value["name"];
    whole = value;
  }
  EXPECT_EQ(write_json(list), R"(["b",{"c":1}])");
  EXPECT_EQ(name, Value("a"));
  EXPECT_EQ(write_json(whole), json);
}

TEST(Tree, IsAnOrdinaryValueBeforeItChanges) {
  Value value = value_of_tree();
  const Value before = value;
  value.object().set("name", "another");
  value.object().find("list")->array().push_back(2);
  value.object().find("list")->array().erase_if([](const Value& element) { return element == Value("b"); });
  value.set_path("more.deep", Array{1, "x"});
  EXPECT_EQ(write_json(value), R"({"name":"another","list":[{"c":1},2],"more":{"deep":[1,"x"]}})");
  EXPECT_EQ(write_json(before), json);
}

TEST(Tree, MovesAndIsReplaced) {
  Value value = value_of_tree();
  Value moved = std::move(value);
  EXPECT_EQ(write_json(moved), json);
  moved = moved["list"]; // a part of what is replaced
  EXPECT_EQ(write_json(moved), R"(["b",{"c":1}])");
  moved = std::move(moved.array()[1]);
  EXPECT_EQ(write_json(moved), R"({"c":1})");
}

} // namespace iasql
