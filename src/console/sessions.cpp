#include "console/sessions.hpp"

#include "console/token.hpp"

namespace iasql::console {

bool Sessions::is_over(const Kept& kept) const {
  const auto now = m_clock();
  return now - kept.used >= longest_pause || now - kept.begun >= longest_life;
}

void Sessions::make_room(const std::string& user) {
  std::erase_if(m_sessions, [&](const auto& entry) { return is_over(entry.second); });
  std::size_t count = 0;
  auto oldest = m_sessions.end();
  for (auto entry = m_sessions.begin(); entry != m_sessions.end(); ++entry) {
    if (entry->second.session.user != user) continue;
    ++count;
    if (oldest == m_sessions.end() || entry->second.used < oldest->second.used) oldest = entry;
  }
  if (count >= most_of_one_user) m_sessions.erase(oldest);
}

std::string Sessions::begin(const std::string& user, const std::string& password_hash) {
  const std::lock_guard lock(m_mutex);
  make_room(user);
  auto token = random_token();
  const auto now = m_clock();
  m_sessions[digest(token)] = {
      .session = {.user = user, .password_hash = password_hash, .csrf_token = random_token()},
      .begun = now,
      .used = now,
  };
  return token;
}

std::optional<Session> Sessions::find(const std::string& token, Use use) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_sessions.find(digest(token));
  if (found == m_sessions.end()) return std::nullopt;
  if (is_over(found->second)) {
    m_sessions.erase(found);
    return std::nullopt;
  }
  if (use == Use::by_person) found->second.used = m_clock();
  return found->second.session;
}

void Sessions::end(const std::string& token) {
  const std::lock_guard lock(m_mutex);
  m_sessions.erase(digest(token));
}

} // namespace iasql::console
