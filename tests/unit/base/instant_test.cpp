#include "base/instant.hpp"

#include <gtest/gtest.h>

#include <string>

namespace iasql {

TEST(Instant, ATextThatIsTakenAsItIsIsWhatWouldBeWritten) {
  const std::string base = "2026-11-22T08:09:59Z";
  EXPECT_TRUE(is_instant_text(base));
  EXPECT_TRUE(is_instant_text("0000-01-01T00:00:00Z"));
  EXPECT_TRUE(is_instant_text("9999-12-28T23:59:59Z"));
  int taken = 0;
  auto check = [&](const std::string& text) {
    if (!is_instant_text(text)) return;
    const auto read = instant(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(instant_text(*read), text);
    ++taken;
  };
  for (std::size_t at = 0; at < base.size(); ++at) {
    check(base.substr(0, at));
    for (int first = 0; first < 256; ++first) {
      std::string text = base;
      text[at] = static_cast<char>(first);
      check(text);
      for (const char second : {'0', '9', '/', ':', '-', ' ', '\0', '\xff'}) {
        if (at + 1 < base.size()) text[at + 1] = second;
        check(text);
      }
    }
  }
  EXPECT_GT(taken, 100);
  for (const char* other : {"2026-02-30T08:00:00Z", "2026-00-01T08:00:00Z", "2026-01-00T08:00:00Z",
                            "2026-13-01T08:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T08:60:00Z",
                            "2026-01-01T08:00:60Z", "2026-01-01t08:00:00Z", "2026-01-01T08:00:00z", ""})
    EXPECT_FALSE(is_instant_text(other)) << other;
}

TEST(Instant, IsWrittenWithItsFraction) {
  EXPECT_EQ(instant_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(instant_text(500'000), "1970-01-01T00:00:00.500Z");
  EXPECT_EQ(instant_text(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(instant_text(-1), "1969-12-31T23:59:59.999999Z");
}

} // namespace iasql
