#pragma once

// Calls that take minutes, each in a thread and a session of its own: the page asks how they are getting on.

#include "console/tenant_sessions.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace iasql::console {

enum class RunState { running, done, failed };

struct RunError {
  std::string message, hint, sqlstate;
};

// What a page is told of a run.
struct RunReport {
  std::int64_t number = 0;  // tells a run from the one before
  std::string kind;         // "apply", "sync", …
  std::int64_t backend = 0; // its session's process, as iasql.progress names it
  RunState state = RunState::running;
  std::string result; // JSON
  RunError error;
};

class Runs {
public:
  ~Runs(); // cancels what runs, and waits

  // The work gets a session; what it returns is the result. Throws BadRequest where one runs in that database already.
  using Work = std::function<std::string(hosting::Database&)>;
  RunReport start(const std::string& database, const std::string& kind, std::shared_ptr<hosting::Database> session,
                  Work work);
  // The latest of that database; number 0 where there was none.
  RunReport latest(const std::string& database);
  // Asks what runs to stop; PostgreSQL then says so in its error.
  void cancel(const std::string& database);
  // Waits until nothing runs in that database, and forgets its runs.
  void forget(const std::string& database);

private:
  struct Run {
    RunReport report;
    std::shared_ptr<hosting::Database> session;
    std::jthread thread;
  };
  std::mutex m_mutex;
  std::int64_t m_last_number = 0;
  std::map<std::string, std::shared_ptr<Run>> m_runs;
};

} // namespace iasql::console
