#include "console/lines.hpp"
#include "hosting/failure.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace iasql::console {
namespace {

TEST(LinesTest, a_question_is_answered_on_a_line_of_its_own) {
  auto [asking, answering] = Switchboard::make();
  std::jthread other([&answering] {
    while (auto line = answering.accept())
      line->send(Object{{"heard", line->receive()["said"]}});
  });
  std::vector<std::jthread> askers;
  for (int i = 0; i < 8; ++i)
    askers.emplace_back([&asking, i] {
      auto line = asking.open();
      line.send(Object{{"said", i}});
      EXPECT_EQ(line.receive()["heard"], Value(i));
    });
  askers.clear();
  asking.hang_up();
}

TEST(LinesTest, a_long_document_arrives_whole) {
  auto [asking, answering] = Switchboard::make();
  const std::string text(3'000'000, 'x');
  std::jthread other([&answering] {
    auto line = answering.accept();
    line->send(line->receive());
  });
  auto line = asking.open();
  line.send(Object{{"text", text}});
  EXPECT_EQ(line.receive()["text"], Value(text));
}

TEST(LinesTest, a_document_that_is_too_long_is_refused) {
  auto [asking, answering] = Switchboard::make();
  EXPECT_THROW(asking.open().send(Value(std::string(20'000'000, 'x'))), hosting::Failure);
}

TEST(LinesTest, whoever_waits_learns_that_the_other_one_is_gone) {
  auto [asking, answering] = Switchboard::make();
  auto line = asking.open();
  answering.accept(); // and drops the line
  EXPECT_THROW(line.receive(), hosting::Failure);
  answering.close_here();
  asking.wait_for_the_end();
  EXPECT_THROW(asking.open(), hosting::Failure);
}

TEST(LinesTest, every_thread_that_waits_is_told_of_the_end) {
  auto [asking, answering] = Switchboard::make();
  std::vector<std::jthread> waiting;
  for (int i = 0; i < 4; ++i)
    waiting.emplace_back([&answering] { EXPECT_FALSE(answering.accept()); });
  asking.close_here();
}

} // namespace
} // namespace iasql::console
