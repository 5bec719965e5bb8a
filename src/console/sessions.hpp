#pragma once

// Who is logged in. Sessions are in memory alone: a restart ends them all.

#include "console/clock.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace iasql::console {

struct Session {
  std::string user;
  std::string password_hash; // of the password that it was begun with: with another one, it is over
  std::string csrf_token;    // every request that changes something brings it in a header
};

class Sessions {
public:
  static constexpr std::chrono::minutes longest_pause{30};
  static constexpr std::chrono::hours longest_life{12};
  static constexpr std::size_t most_of_one_user = 20;

  explicit Sessions(Clock clock) : m_clock(std::move(clock)) {}

  // A new session; its token, for the cookie, is told nowhere else. Where the user has too many, the one that was not
  // used for longest ends.
  std::string begin(const std::string& user, const std::string& password_hash);

  // Whether asking shows that somebody is there: a page that looks after a running apply by itself does not.
  enum class Use { by_person, by_page };
  // The session of a cookie; nothing where it never was, has ended or is too old.
  std::optional<Session> find(const std::string& token, Use use);

  void end(const std::string& token);

private:
  struct Kept {
    Session session;
    TimePoint begun, used;
  };
  bool is_over(const Kept& kept) const;
  void make_room(const std::string& user);

  const Clock m_clock;
  std::mutex m_mutex;
  std::map<std::string, Kept> m_sessions; // by the token's digest
};

} // namespace iasql::console
