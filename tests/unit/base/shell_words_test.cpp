#include "base/shell_words.hpp"

#include <gtest/gtest.h>

namespace iasql {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AreWhatAShellSplits) {
  const std::pair<const char*, Words> cases[] = {
      {"", {}},
      {" \t\n", {}},
      {"a", {"a"}},
      {" a  b\tc ", {"a", "b", "c"}},
      {"'a b' \"c d\"", {"a b", "c d"}},
      {"a'b'\"c\"d", {"abcd"}},
      {"'' \"\" x", {"", "", "x"}},
      {R"(a\ b \'c\" \\)", {"a b", "'c\"", "\\"}},
      {R"('a\b')", {"a\\b"}},
      {R"("a\b \" \\ ' $x")", {"a\\b \" \\ ' $x"}},
      {"a;b|c $(d) `e` *", {"a;b|c", "$(d)", "`e`", "*"}},
      {"a # b", {"a", "#", "b"}},
  };
  for (const auto& [text, words] : cases)
    EXPECT_EQ(shell_words(text), words) << text;
}

TEST(ShellWords, ThereAreNoneWhereAQuoteDoesNotEnd) {
  for (const char* text : {"'", "\"", "a 'b", "a \"b", "\"a\\\"", "a\\"})
    EXPECT_FALSE(shell_words(text)) << text;
}

} // namespace
} // namespace iasql
