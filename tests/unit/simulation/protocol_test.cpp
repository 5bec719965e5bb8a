// The rules of journal.md, with the real engine: two sessions, every order of events, faults of the network and the
// server, other users of the account. Each test has the scenes in which a sentence matters and finds no violation;
// where the sentence holds because of the store, it is also switched off to see that a violation is then found.
//
// A violation is printed with its choices; replay(scene, {choices}) goes through them again.

#include "simulation/world.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace iasql::simulation {
namespace {

using enum Step;
using Start = Scene::Start;
using Program = std::vector<Step>;

const std::vector<std::string> all_kinds = {"named", "branded", "tokened", "hidden"};

// Runs for each scene: enough for every order in all but the widest. IASQL_SIMULATION_SCALE multiplies them, for a
// night.
std::size_t scaled(std::size_t runs) {
  const char* scale = std::getenv("IASQL_SIMULATION_SCALE");
  return scale ? runs * std::strtoul(scale, nullptr, 10) : runs;
}
constexpr std::size_t most_runs = 70;

Scene scene_of(const std::string& table, Start start, Program a, Program b, Budget budget = {}) {
  Scene scene;
  scene.table = table;
  scene.start = start;
  scene.programs = {std::move(a), std::move(b)};
  scene.budget = budget;
  return scene;
}

void expect_holds(const Scene& scene, std::size_t runs = most_runs) {
  Trial trial = explore(scene, scaled(runs));
  EXPECT_TRUE(trial) << scene.table << ": " << trial.text();
  testing::Test::RecordProperty(scene.table, trial.text());
}

void expect_found(const Scene& scene, const std::string& what, std::size_t runs = most_runs) {
  Trial trial = explore(scene, scaled(runs));
  ASSERT_FALSE(trial) << scene.table << ": nothing found in " << trial.text();
  EXPECT_NE(trial.violation.find(what), std::string::npos) << trial.text();
  Trial again = replay(scene, trial.choices);
  EXPECT_EQ(again.violation, trial.violation);
}

// What each kind of object is put through.
class EveryKind : public testing::TestWithParam<std::string> {
protected:
  void holds(Start start, Program a, Program b, Budget budget = {}, std::chrono::seconds lag = {}) {
    Scene scene = scene_of(GetParam(), start, std::move(a), std::move(b), budget);
    scene.read_lag = lag;
    expect_holds(scene);
  }
};
INSTANTIATE_TEST_SUITE_P(Protocol, EveryKind, testing::ValuesIn(all_kinds),
                         [](const auto& info) { return info.param; });

TEST_P(EveryKind, TwoWritersOneRollsBack) {
  holds(Start::row, {begin, apply, rollback}, {begin, apply, commit});
}

TEST_P(EveryKind, TwoWritersFromNothing) {
  holds(Start::nothing, {begin, insert, apply, commit}, {begin, insert, apply, commit});
}

TEST_P(EveryKind, AWriterWithAStaleSnapshot) {
  holds(Start::row, {begin, apply, commit}, {begin_repeatable, apply, commit});
  holds(Start::row, {begin, apply, rollback}, {begin_repeatable, apply, commit});
}

TEST_P(EveryKind, AStaleSnapshotDeletesNothingThatANewerRowWants) {
  holds(Start::nothing, {begin, insert, commit},
        {begin_repeatable, savepoint, insert, apply, rollback_to, apply, commit});
}

TEST_P(EveryKind, SavepointsKeepTheWritersLock) {
  holds(Start::row, {begin, savepoint, apply, rollback_to, apply, commit}, {begin, apply, commit});
}

TEST_P(EveryKind, ARolledBackUpdateIsRemembered) {
  holds(Start::both, {begin, update, apply, rollback}, {begin, apply, commit});
}

TEST_P(EveryKind, ARolledBackDeleteIsRemembered) {
  holds(Start::both, {begin, remove, apply, rollback}, {begin, apply, commit});
}

TEST_P(EveryKind, FaultsWhileCreating) {
  holds(Start::row, {begin, apply, commit}, {begin, apply, commit}, {.faults = 1});
}

TEST_P(EveryKind, FaultsAndTheRowIsGone) {
  holds(Start::row, {begin, apply, commit}, {begin, remove, apply, commit}, {.faults = 1});
  holds(Start::row, {begin, apply, commit}, {begin, remove, sync, commit}, {.faults = 1});
}

TEST_P(EveryKind, FaultsWhileUpdating) {
  holds(Start::both, {begin, update, apply, commit}, {begin, apply, commit}, {.faults = 1});
  holds(Start::both, {begin, update, apply, commit}, {begin, sync, commit}, {.faults = 1, .outsiders = 1});
}

TEST_P(EveryKind, FaultsWhileDeleting) {
  holds(Start::both, {begin, remove, apply, commit}, {begin, apply, commit}, {.faults = 1});
}

TEST_P(EveryKind, KilledAndCrashed) {
  holds(Start::row, {begin, apply, commit}, {begin, apply, commit}, {.kills = 1});
  holds(Start::row, {begin, apply, commit}, {begin, apply, commit}, {.crashes = 1});
  holds(Start::both, {begin, update, apply, commit}, {begin, sync, commit}, {.kills = 1});
}

TEST_P(EveryKind, ASyncRolledBack) {
  holds(Start::nothing, {begin, sync, rollback}, {begin, insert, apply, commit}, {.outsiders = 1});
  holds(Start::both, {begin, sync, update, apply, rollback}, {begin, apply, commit}, {.outsiders = 1});
}

TEST_P(EveryKind, ASyncThenAnUpdateRolledBack) {
  holds(Start::nothing, {begin, sync, update, apply, rollback}, {begin, apply, commit}, {.outsiders = 1});
}

TEST_P(EveryKind, OthersMeddle) {
  holds(Start::both, {begin, update, apply, commit}, {begin, apply, commit}, {.outsiders = 2});
  holds(Start::row, {begin, apply, commit}, {begin, remove, apply, commit}, {.outsiders = 1});
}

TEST_P(EveryKind, ReadLag) {
  holds(Start::row, {begin, apply, commit}, {begin, apply, commit}, {.faults = 1}, std::chrono::seconds(10));
  holds(Start::row, {begin, apply, commit}, {begin, sync, commit}, {.faults = 1}, std::chrono::seconds(10));
  holds(Start::both, {begin, remove, apply, commit}, {begin, sync, commit}, {}, std::chrono::seconds(10));
}

TEST_P(EveryKind, RandomWalks) {
  Scene scene = scene_of(GetParam(), Start::row, {}, {},
                         {.faults = 2,
                          .kills = 1,
                          .crashes = 1,
                          .outsiders = 2,
                          .begins = 8,
                          .changes = 6,
                          .savepoints = 2,
                          .applies = 5,
                          .syncs = 2});
  Trial trial = walk(scene, scaled(12), 80, 1);
  EXPECT_TRUE(trial) << GetParam() << ": " << trial.text();
}

// -- sentences that the store keeps, switched off

TEST(Mutation, LockDoesNotSurviveRollbackTo) {
  Scene scene =
      scene_of("hidden", Start::row, {begin, savepoint, apply, rollback_to, apply, commit}, {begin, apply, commit});
  scene.rules.lock_survives_rollback_to = false;
  expect_found(scene, "I", 2000);
}

TEST(Mutation, NoGuardAgainstUnseenRecords) {
  Scene scene = scene_of("hidden", Start::row, {begin, apply, rollback}, {begin_repeatable, apply, commit});
  expect_holds(scene);
  scene.rules.rr_guard = false;
  expect_found(scene, "I1");
}

TEST(Mutation, DeletesByAStaleSnapshot) {
  Scene scene = scene_of("hidden", Start::nothing, {begin, insert, commit},
                         {begin_repeatable, savepoint, insert, apply, rollback_to, apply, commit});
  scene.rules.latest_rows_are_latest = false;
  expect_found(scene, "I3");
}

TEST(Mutation, MarksByTheLatestSnapshot) {
  Scene scene =
      scene_of("hidden", Start::row, {begin, apply, rollback, begin, apply, commit}, {begin_repeatable, commit});
  expect_holds(scene);
  scene.rules.marks_by_snapshot = false;
  expect_found(scene, "I5");
}

TEST(Mutation, FinishedByTheLatestSnapshot) {
  Scene scene = scene_of("hidden", Start::nothing, {begin, insert, apply, commit}, {begin_repeatable, commit});
  expect_holds(scene);
  scene.rules.finished_by_snapshot = false;
  expect_found(scene, "I5");
}

// -- sentences that the engine keeps by waiting, switched off by its settings

TEST(Mutation, NoWaitForLateRequests) {
  Scene scene = scene_of("hidden", Start::row, {begin, apply, commit}, {begin, apply, commit}, {.faults = 1});
  scene.settings.in_doubt_wait = std::chrono::seconds(0);
  expect_found(scene, "I");
}

TEST(Mutation, NoReadLag) {
  Scene scene = scene_of("hidden", Start::row, {begin, apply, commit}, {begin, sync, commit});
  scene.read_lag = std::chrono::seconds(10);
  expect_holds(scene);
  scene.settings.read_lag = std::chrono::seconds(0);
  expect_found(scene, "I");
}

} // namespace
} // namespace iasql::simulation
