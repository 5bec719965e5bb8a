#include "console/rate_limit.hpp"

#include <algorithm>

namespace iasql::console {

void RateLimit::forget_old() {
  const auto now = m_clock();
  std::erase_if(m_keys, [&](const auto& entry) { return now - entry.second.back() >= window; });
  while (m_keys.size() >= most_keys)
    m_keys.erase(std::min_element(m_keys.begin(), m_keys.end(), [](const auto& left, const auto& right) {
      return left.second.back() < right.second.back();
    }));
}

std::chrono::seconds RateLimit::attempt(const std::string& key) {
  const std::lock_guard lock(m_mutex);
  const auto now = m_clock();
  if (m_keys.size() >= most_keys && !m_keys.contains(key)) forget_old();
  auto& times = m_keys[key];
  while (!times.empty() && now - times.front() >= window)
    times.pop_front();
  if (times.size() >= m_attempts) return std::chrono::ceil<std::chrono::seconds>(times.front() + window - now);
  times.push_back(now);
  return std::chrono::seconds(0);
}

void RateLimit::forgive(const std::string& key) {
  const std::lock_guard lock(m_mutex);
  m_keys.erase(key);
}

} // namespace iasql::console
