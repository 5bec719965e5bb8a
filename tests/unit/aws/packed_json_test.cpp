#include "aws/packed_json.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

TEST(PackedJson, GivesBackWhatWasPacked) {
  for (const char* json : {"null", "true", "false", "\"\"", "\"text\"", "12", "-9223372036854775808", "1.5", "[]", "{}",
                           "[[],[[]],{}]", R"({"b":1,"a":[true,false,null,"x",{"b":1}],"":"","é":{"b":1,"a":"é"}})"}) {
    PackedWords words = pack_json(read_json(json));
    PackedJson document(words);
    EXPECT_EQ(write_json(document.root().value()), json);
  }
}

TEST(PackedJson, IsReadWhereItLies) {
  PackedWords words = pack_json(read_json(R"({"name":"ec2","list":["a",2.5,true],"none":null,"name2":"ec2"})"));
  PackedJson document(words);
  auto root = document.root();
  ASSERT_TRUE(root.is_object());
  EXPECT_EQ(root.size(), 4u);
  EXPECT_EQ(root["name"].text(), "ec2");
  EXPECT_EQ(root["name"].text_number(), root["name2"].text_number());
  EXPECT_EQ(root.member(1).first.text(), "list");
  EXPECT_EQ(root["list"].element(0).text(), "a");
  EXPECT_EQ(root["list"].element(1).number(), 2.5);
  EXPECT_TRUE(root["list"].element(2).is_true());
  EXPECT_TRUE(root["none"].is_null());
  EXPECT_TRUE(root["missing"]["deeper"].is_null());
  EXPECT_EQ(root["list"].text(), "");
  EXPECT_EQ(root["name"].number(), std::nullopt);
  EXPECT_EQ(root["name"].size(), 0u);
  EXPECT_TRUE(PackedJson::Node().is_null());
}

TEST(PackedJson, EqualPartsAreThereOnce) {
  std::string once = R"({"shape":"String","locationName":"item"})";
  PackedWords one = pack_json(read_json("[" + once + "]"));
  PackedWords three = pack_json(read_json("[" + once + "," + once + "," + once + "]"));
  EXPECT_EQ(three.size(), one.size() + 2);
}

// Whatever a word is turned into, reading ends in a value or an error. (Sanitizers watch what is read.)
TEST(PackedJson, DamageIsAnErrorAndNeverReadBeyond) {
  const PackedWords good = pack_json(read_json(R"({"a":[1,"x",{"b":"y"}],"c":{"b":"y"}})"));
  int errors = 0;
  for (std::size_t place = 0; place < good.size(); ++place)
    for (std::uint32_t damage : {0u, 7u, 0xffffffffu, 0x7ffffff3u, 1u << 20}) {
      PackedWords words = good;
      if (words[place] == damage) continue;
      words[place] = damage;
      try {
        PackedJson document(words);
        for (std::uint32_t i = 0; i < document.root().size() && i < 8; ++i) {
          auto [name, value] = document.root().member(i);
          (void)name.text();
          (void)value["b"].text();
          for (std::uint32_t k = 0; k < value.size() && k < 8 && value.is_array(); ++k)
            (void)value.element(k).number();
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.sqlstate(), sqlstate::invalid_document);
        ++errors;
      }
    }
  EXPECT_GT(errors, 20);
  EXPECT_THROW(PackedJson({}), Error);
  EXPECT_THROW(PackedJson(std::span(good).first(good.size() - 1)), Error);
}

} // namespace
} // namespace iasql::aws
