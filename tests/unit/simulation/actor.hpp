#pragma once

// A session of the world: its transaction, its way to the cloud and the statement that runs in it.

#include "simulation/world.hpp"

namespace iasql::simulation {

class Silence : public engine::Report {
public:
  void notice(const std::string&, const std::string&) override {}
  void warning(const std::string&, const std::string&) override {}
};

struct World::Actor {
  std::string name;
  MemorySession session;
  CloudDoor door;
  Silence report;
  engine::Context context;
  std::vector<Step> program; // what is left of it
  Step verb = Step::apply;   // of the statement that runs
  std::optional<net::task<std::vector<engine::PlanRow>>> running;
  bool blocked = false; // the statement waits for another session and will be started again
  std::string history;  // what the running statement has met since it was started
  std::string last_error;

  Actor(std::string name, MemoryDatabase& database, Cloud& cloud, VirtualClock& clock, SeededRandom& random,
        engine::Settings settings)
      : name(name), session(database), door(cloud, clock, name),
        context{session, session, door, clock, random, report, thing_modules(), settings} {}
  ~Actor() { running.reset(); }
};

} // namespace iasql::simulation
