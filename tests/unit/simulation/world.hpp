#pragma once

// Two sessions of one database before one cloud, and everything that can happen next. The scene says what the sessions
// want to do and what may go wrong; a run of the world is a list of choices among the events that are possible, so that
// it can be tried again exactly. Invariants are looked at after every event.

#include "engine/engine.hpp"
#include "simulation/memory_database.hpp"
#include "simulation/things.hpp"

#include <array>
#include <memory>
#include <random>
#include <stdexcept>

namespace iasql::simulation {

enum class Step {
  begin,
  begin_repeatable, // REPEATABLE READ, with its snapshot taken
  insert,           // row 1, with a = b = 1
  update,           // row 1: b = 2
  remove,           // row 1
  savepoint,
  rollback_to,
  apply,
  sync,
  commit,
  rollback,
};

// How often something may happen in a run.
struct Budget {
  int faults = 0;  // answers lost, requests dropped or late
  int kills = 0;   // a session is terminated
  int crashes = 0; // the server is
  int outsiders = 0;
  // Only where sessions have no program: begins, row changes, savepoints, applies, syncs.
  int begins = 0, changes = 0, savepoints = 0, applies = 0, syncs = 0;
};

struct Scene {
  enum class Start {
    nothing,
    row,  // row 1, not applied yet
    both, // row 1 and its object, made by somebody else and imported
  };
  std::string table = "named"; // one of things.hpp
  Start start = Start::nothing;
  std::array<std::vector<Step>, 2> programs; // both empty: the sessions do what the budget allows
  Budget budget;
  std::chrono::seconds read_lag{0}; // the cloud's, and what the engine takes it for
  StoreRules rules;
  engine::Settings settings;

  bool free() const { return programs[0].empty() && programs[1].empty(); }
};

// An invariant does not hold.
class Violation : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

class World {
public:
  explicit World(const Scene& scene);
  ~World();
  World(const World&) = delete;

  // What can happen now. The order is the same whenever the same events have happened.
  std::vector<std::string> events();
  // Lets the event of that index happen. Throws Violation.
  void happen(std::size_t index);
  // Looks at the invariants that are about states. Throws Violation.
  void check();
  // Two worlds of the same fingerprint have the same future.
  std::string fingerprint();

private:
  struct Actor; // actor.hpp
  struct Event {
    std::string label;
    std::function<void()> happen;
  };

  void add_actor(const std::string& name);
  std::vector<Event> possible();
  void add_actor_events(Actor& actor, std::vector<Event>& events);
  void add_free_steps(Actor& actor, std::vector<Event>& events);
  void add_outside_events(std::vector<Event>& events);
  void take(Actor& actor, Step step);
  bool step_is_blocked(Actor& actor, Step step);
  void change_row(Actor& actor, Step step);
  void start(Actor& actor);
  void settle(Actor& actor);
  void fail(Actor& actor);
  void kill(Actor& actor);
  void let_time_pass();
  void outside(const std::string& operation, Object input);

  void before_effect(Actor& actor, const aws::Call& call);
  void after_effect(Actor& actor, const aws::Call& call);
  std::int64_t intent_of(Actor& actor, const aws::Call& call);
  const engine::Intent* intent(std::int64_t id) const;
  std::string row_of(const CloudObject& object) const;

  void check_orphans();
  void check_plan(Actor& actor);
  void check_convergence();
  void converges(Step verb);

  // Base as a transaction sees it: a second reading of journal.md, to judge the engine's by.
  struct Known {
    std::string row;
    Row columns;
  };
  std::map<std::string, Known> base(const Actor& actor) const;

  const Scene& m_scene;
  Budget m_budget;
  VirtualClock m_clock;
  SeededRandom m_random{1};
  Cloud m_cloud;
  MemoryDatabase m_database;
  const ThingKind& m_kind;
  std::vector<std::unique_ptr<Actor>> m_actors;
  std::set<std::string> m_gone; // objects that somebody else has deleted
};

// -- trying

struct Trial {
  std::string violation; // "" where none was found
  std::vector<std::size_t> choices;
  std::vector<std::string> trace;
  std::size_t runs = 0, states = 0;
  bool complete = true; // every order of events was tried

  explicit operator bool() const { return violation.empty(); }
  std::string text() const; // the violation, its choices and its trace
};

// Tries every order of events, at most `most_runs` runs.
Trial explore(const Scene& scene, std::size_t most_runs);
// Random runs of at most `length` events.
Trial walk(const Scene& scene, std::size_t runs, std::size_t length, std::uint64_t seed);
Trial replay(const Scene& scene, const std::vector<std::size_t>& choices);

} // namespace iasql::simulation
