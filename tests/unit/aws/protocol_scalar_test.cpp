#include "aws/protocol/scalar.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

Shape shape_of(ShapeType type) {
  Shape shape;
  shape.name = "Shape";
  shape.type = type;
  return shape;
}

std::string normal(std::string_view text) {
  auto found = parse_timestamp(text);
  return found ? format_timestamp(*found, "iso8601") : "nothing";
}

} // namespace

TEST(Timestamp, ReadsTheThreeForms) {
  EXPECT_EQ(normal("2019-12-16T22:48:18-01:00"), "2019-12-16T23:48:18Z");
  EXPECT_EQ(normal("2019-12-16T22:48:18.5Z"), "2019-12-16T22:48:18.500Z");
  EXPECT_EQ(normal("2019-12-16T22:48:18.123456+0000"), "2019-12-16T22:48:18.123Z");
  EXPECT_EQ(normal("Sun, 02 Jan 2000 20:34:56 GMT"), "2000-01-02T20:34:56Z");
  EXPECT_EQ(normal("946845296"), "2000-01-02T20:34:56Z");
  EXPECT_EQ(normal("946845296.789"), "2000-01-02T20:34:56.789Z");
  EXPECT_EQ(normal("-1.5"), "1969-12-31T23:59:58.500Z");
  EXPECT_EQ(normal("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
}

TEST(Timestamp, RefusesTheRest) {
  for (const char* text :
       {"", "yesterday", "2019-13-01T00:00:00Z", "2019-02-29T00:00:00Z", "2019-01-01T24:00:00Z", "2019-01-01T00:00:00",
        "2019-01-01", "2019-01-01T00:00:00.Z", "1e300", "nan", "inf", "2019-01-01T00:00:00Zx",
        "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z", "Sun, 02 Foo 2000 20:34:56 GMT"})
    EXPECT_EQ(normal(text), "nothing") << text;
}

TEST(Timestamp, WritesTheThreeForms) {
  Timestamp timestamp = *parse_timestamp("2000-01-02T20:34:56.789Z");
  EXPECT_EQ(format_timestamp(timestamp, "unixTimestamp"), "946845296.789");
  EXPECT_EQ(format_timestamp(timestamp, "rfc822"), "Sun, 02 Jan 2000 20:34:56 GMT");
  EXPECT_EQ(format_timestamp(*parse_timestamp("-1.5"), "unixTimestamp"), "-1.500");
}

TEST(Scalar, ComesFromText) {
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::integer), " 12 "), Value(12));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::long_integer), "9223372036854775807"),
            Value(std::int64_t{9223372036854775807}));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::floating), "1.5"), Value(1.5));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::floating), "-Infinity"), Value("-Infinity"));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::boolean), "true"), Value(true));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::string), " a "), Value(" a "));
  EXPECT_EQ(scalar_from_text(shape_of(ShapeType::blob), "YQ=="), Value("YQ=="));
}

TEST(Scalar, OfAnotherTypeIsAnError) {
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::integer), "twelve"), Error);
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::integer), "1.5"), Error);
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::integer), "99999999999999999999"), Error);
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::floating), "nan"), Error);
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::boolean), "yes"), Error);
  EXPECT_THROW(scalar_from_text(shape_of(ShapeType::blob), "a"), Error);
  EXPECT_THROW(scalar_from_json(shape_of(ShapeType::boolean), Value(1)), Error);
  EXPECT_THROW(scalar_from_json(shape_of(ShapeType::integer), Value(1e300)), Error);
}

TEST(Scalar, ASensitiveOneIsNotShown) {
  Shape shape = shape_of(ShapeType::integer);
  shape.sensitive = true;
  try {
    scalar_from_text(shape, "hunter2");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos);
  }
}

TEST(Scalar, AMessageShowsWholeCharacters) {
  try {
    scalar_from_text(shape_of(ShapeType::integer), std::string(59, 'a') + "\xC3\xA9");
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).ends_with("\"" + std::string(59, 'a') + "\"")) << error.what();
  }
}

TEST(Utf8, AnExcerptIsUtf8) {
  EXPECT_EQ(excerpt("abc"), "abc");
  EXPECT_EQ(excerpt("abc", 2), "ab");
  EXPECT_EQ(excerpt("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
  EXPECT_EQ(excerpt("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(excerpt("a\xFF\xE2\x82\xAC", 5), "a????");
  EXPECT_EQ(excerpt("\x80\x80\x80", 2), "");
  EXPECT_EQ(excerpt("", 0), "");
}

TEST(Utf8, KnowsWhatIsNotAllowed) {
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* text : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\x80", "\xC3"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8, IsLookedForInAllOfALongText) {
  for (std::size_t size : {127, 128, 129, 400})
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      EXPECT_TRUE(is_utf8(text));
      text[at] = '\xC3';
      EXPECT_FALSE(is_utf8(text)) << size << " " << at;
      EXPECT_TRUE(is_utf8(text.insert(at + 1, "\xA9"))) << size << " " << at;
    }
}

} // namespace iasql::aws
