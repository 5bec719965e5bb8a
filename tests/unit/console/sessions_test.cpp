#include "console/fake_clock.hpp"
#include "console/sessions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace iasql::console {
namespace {

using namespace std::chrono_literals;
constexpr auto by_person = Sessions::Use::by_person;

TEST(Sessions, KnowWhoBegan) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto token = sessions.begin("anna", "hash");
  const auto session = sessions.find(token, by_person);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user, "anna");
  EXPECT_EQ(session->password_hash, "hash");
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(session->csrf_token.size(), 64U);
  EXPECT_NE(session->csrf_token, token);
}

TEST(Sessions, HaveTokensOfTheirOwn) {
  FakeClock time;
  Sessions sessions(time.clock());
  std::set<std::string> tokens;
  for (int i = 0; i < 10; ++i)
    tokens.insert(sessions.begin("anna", "hash"));
  EXPECT_EQ(tokens.size(), 10U);
}

TEST(Sessions, AreFoundByNothingElse) {
  FakeClock time;
  Sessions sessions(time.clock());
  auto token = sessions.begin("anna", "hash");
  token.back() = token.back() == '0' ? '1' : '0';
  EXPECT_FALSE(sessions.find(token, by_person));
  EXPECT_FALSE(sessions.find("", by_person));
}

TEST(Sessions, EndAfterAPause) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto token = sessions.begin("anna", "hash");
  time.pass(29min);
  EXPECT_TRUE(sessions.find(token, by_person));
  time.pass(29min);
  EXPECT_TRUE(sessions.find(token, by_person));
  time.pass(30min);
  EXPECT_FALSE(sessions.find(token, by_person));
}

TEST(Sessions, AreNotKeptByAPageAlone) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto token = sessions.begin("anna", "hash");
  time.pass(29min);
  EXPECT_TRUE(sessions.find(token, Sessions::Use::by_page));
  time.pass(1min);
  EXPECT_FALSE(sessions.find(token, Sessions::Use::by_page));
}

TEST(Sessions, EndAfterTwelveHoursHoweverUsed) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto token = sessions.begin("anna", "hash");
  for (int i = 0; i < 35; ++i) {
    time.pass(20min);
    ASSERT_TRUE(sessions.find(token, by_person));
  }
  time.pass(20min);
  EXPECT_FALSE(sessions.find(token, by_person));
}

TEST(Sessions, EndWhenTold) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto anna = sessions.begin("anna", "hash"), annas_other = sessions.begin("anna", "hash");
  sessions.end(anna);
  EXPECT_FALSE(sessions.find(anna, by_person));
  EXPECT_TRUE(sessions.find(annas_other, by_person));
}

TEST(Sessions, OfOneUserAreBounded) {
  FakeClock time;
  Sessions sessions(time.clock());
  const auto bens = sessions.begin("ben", "hash");
  const auto first = sessions.begin("anna", "hash");
  std::string last;
  for (std::size_t i = 0; i < Sessions::most_of_one_user; ++i) {
    time.pass(1s);
    last = sessions.begin("anna", "hash");
  }
  EXPECT_FALSE(sessions.find(first, by_person));
  EXPECT_TRUE(sessions.find(last, by_person));
  EXPECT_TRUE(sessions.find(bens, by_person));
}

} // namespace
} // namespace iasql::console
