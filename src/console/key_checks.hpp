#pragma once

// Whether AWS still takes the keys of the connected accounts. Nobody who looks at the list waits for AWS: he is told
// what it said last, and where that is some time ago it is asked again in the background.

#include "console/clock.hpp"
#include "hosting/hosting.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace iasql::console {

enum class KeyState {
  unknown, // nobody has asked yet
  accepted,
  refused,    // AWS has answered, and does not take it
  unanswered, // AWS could not be asked
};

struct KeyReport {
  KeyState state = KeyState::unknown;
  std::string words; // AWS's, or ours, where the key was not accepted
  bool is_being_asked = false;
};

// What the error of a call says about the key that was used.
KeyReport judge(const hosting::DatabaseError& error);

class KeyChecks {
public:
  static constexpr std::chrono::seconds good_for{20};

  // A session in the database in which one call to AWS is made. Throws DatabaseError.
  using Connect = std::function<hosting::Database(const hosting::HostedDatabase&)>;
  KeyChecks(Connect connect, Clock clock);
  ~KeyChecks(); // cancels what is under way, and waits

  // Does not wait.
  KeyReport look(const hosting::HostedDatabase& database);
  // A database that is no more, or has another key.
  void forget(const std::string& database);

private:
  struct Entry {
    KeyReport report;
    std::optional<TimePoint> asked;
  };
  void work(const std::stop_token& stop);
  KeyReport ask(const hosting::HostedDatabase& database);

  const Connect m_connect;
  const Clock m_clock;
  std::mutex m_mutex;
  std::condition_variable_any m_more;
  std::map<std::string, Entry> m_entries;
  std::deque<hosting::HostedDatabase> m_waiting;
  std::set<hosting::Database*> m_sessions;
  bool m_is_ending = false;
  std::vector<std::jthread> m_threads; // the last member: they use the others
};

} // namespace iasql::console
