#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace iasql {

namespace {

std::string again(std::string_view text) {
  return write_json(read_json(text));
}

} // namespace

TEST(Json, IsWrittenAsItWasRead) {
  for (const char* text : {R"({"a":[1,-2.5,true,false,null,"é\n"],"b":{"c":{}},"d":[]})", "[]", "\"x\"", "null",
                           "9223372036854775807", "[[[]],{}]"})
    EXPECT_EQ(again(text), text);
  EXPECT_EQ(again(" { \"a\" : \"\\u00e9\\ud83d\\ude00\" } "), "{\"a\":\"é\xF0\x9F\x98\x80\"}");
}

TEST(Json, NumbersAreIntegersWhereTheyCanBe) {
  EXPECT_TRUE(read_json("9223372036854775807").is_integer());
  EXPECT_EQ(read_json("-9223372036854775808").integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read_json("9223372036854775808").number(), 9223372036854775808.0);
  EXPECT_EQ(read_json("0e308").number(), 0.0);
  EXPECT_EQ(read_json("1e-400").number(), 0.0);
  EXPECT_EQ(read_json("-1.5e3").number(), -1500.0);
  EXPECT_EQ(read_json("0.1").number(), 0.1);
  EXPECT_EQ(read_json("5e-324").number(), 5e-324);
}

TEST(Json, HostileTextsAreErrors) {
  using namespace std::string_view_literals;
  for (std::string_view text :
       {""sv, "{}\0"sv, "{}\0x"sv, "\"\0\""sv, "\"\xFF\""sv, "\"\xED\xA0\x80\""sv, R"("\ud800")"sv, R"("\udc00")"sv,
        "{} {}"sv, "[1,]"sv, "1e999"sv, "-1e99999"sv, "01"sv, "1."sv, "NaN"sv, "{\"a\"}"sv, "\"a"sv, "tru"sv})
    EXPECT_THROW(read_json(text), Error) << text;
  std::string deep(200, '[');
  EXPECT_THROW(read_json(deep + std::string(200, ']')), Error);
  EXPECT_NO_THROW(read_json(std::string(128, '[') + std::string(128, ']')));
}

TEST(Object, OfTwinsTheLastIsLeft) {
  for (int others : {0, 30}) {
    Object object;
    object.add("a", 1);
    for (int i = 0; i < others; ++i)
      object.add("other" + std::to_string(i), i);
    object.add("b", 2);
    object.add("a", 3);
    object.drop_twins();
    EXPECT_EQ(object.size(), static_cast<std::size_t>(others) + 2);
    EXPECT_EQ(object.get("a"), Value(3));
    EXPECT_EQ(object.get("b"), Value(2));
  }
}

} // namespace iasql
