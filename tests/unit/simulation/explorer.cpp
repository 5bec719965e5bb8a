// Tries runs of a world. Nothing of a running coroutine can be copied, so every run starts anew and repeats the choices
// that lead to where it wants to go; a state whose fingerprint has been seen is not gone through again.

#include "simulation/world.hpp"

#include <unordered_set>

namespace iasql::simulation {

namespace {

struct Run {
  World world;
  Trial& trial;

  Run(const Scene& scene, Trial& trial) : world(scene), trial(trial) {
    trial.choices.clear();
    trial.trace.clear();
    ++trial.runs;
  }

  // Returns false where an invariant is violated.
  bool go(std::size_t choice, const std::string& label) {
    trial.choices.push_back(choice);
    trial.trace.push_back(label);
    return holds([&] { world.happen(choice); });
  }
  bool check() {
    return holds([&] { world.check(); });
  }

private:
  template <typename What>
  bool holds(What what) {
    try {
      what();
      return true;
    } catch (const Violation& violation) {
      trial.violation = violation.what();
      return false;
    }
  }
};

} // namespace

std::string Trial::text() const {
  if (violation.empty())
    return std::to_string(runs) + " runs, " + std::to_string(states) + " states" + (complete ? "" : ", cut");
  std::string text = violation + "\nchoices:";
  for (std::size_t choice : choices)
    text += " " + std::to_string(choice);
  for (const std::string& label : trace)
    text += "\n  " + label;
  return text;
}

Trial explore(const Scene& scene, std::size_t most_runs) {
  Trial trial;
  std::unordered_set<std::string> seen;
  std::vector<std::size_t> path, widths; // the choices of this run, and how many there were
  while (true) {
    if (trial.runs == most_runs) {
      trial.complete = false;
      break;
    }
    Run run(scene, trial);
    for (std::size_t at = 0;; ++at) {
      auto events = run.world.events();
      if (events.empty()) break;
      const bool replaying = at + 1 < path.size();
      if (at == path.size()) {
        path.push_back(0);
        widths.push_back(events.size());
      }
      if (!run.go(path[at], events[path[at]])) return trial;
      if (replaying) continue;
      if (!seen.insert(run.world.fingerprint()).second) break;
      if (!run.check()) return trial;
    }
    while (!path.empty() && path.back() + 1 == widths.back()) {
      path.pop_back();
      widths.pop_back();
    }
    if (path.empty()) break;
    ++path.back();
  }
  trial.states = seen.size();
  return trial;
}

Trial walk(const Scene& scene, std::size_t runs, std::size_t length, std::uint64_t seed) {
  Trial trial;
  std::mt19937_64 random(seed);
  std::unordered_set<std::string> seen;
  while (trial.runs < runs) {
    Run run(scene, trial);
    for (std::size_t at = 0; at < length; ++at) {
      auto events = run.world.events();
      if (events.empty()) break;
      std::size_t choice = random() % events.size();
      if (!run.go(choice, events[choice])) return trial;
      if (seen.insert(run.world.fingerprint()).second && !run.check()) return trial;
    }
  }
  trial.states = seen.size();
  trial.complete = false;
  return trial;
}

Trial replay(const Scene& scene, const std::vector<std::size_t>& choices) {
  Trial trial;
  Run run(scene, trial);
  for (std::size_t choice : choices)
    if (!run.go(choice, run.world.events().at(choice)) || !run.check()) break;
  return trial;
}

} // namespace iasql::simulation
