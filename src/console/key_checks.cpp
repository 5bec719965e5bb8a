#include "console/key_checks.hpp"

#include "base/error.hpp"

namespace iasql::console {

namespace {

constexpr int threads = 3; // one account whose endpoint does not answer does not hold up the others

} // namespace

KeyReport judge(const hosting::DatabaseError& error) {
  const std::string words = error.what();
  // The extension's DETAIL has the status of AWS's answer; one of 500 and more says nothing about the key.
  const bool is_refusal = error.sqlstate() == sqlstate::not_connected ||
                          (error.sqlstate() == sqlstate::read_failed && words.find("HTTP status 4") != words.npos);
  return {.state = is_refusal ? KeyState::refused : KeyState::unanswered, .words = words, .is_being_asked = false};
}

KeyChecks::KeyChecks(Connect connect, Clock clock) : m_connect(std::move(connect)), m_clock(std::move(clock)) {
  for (int i = 0; i < threads; ++i)
    m_threads.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

KeyChecks::~KeyChecks() {
  const std::lock_guard lock(m_mutex);
  m_is_ending = true;
  for (auto* session : m_sessions)
    session->cancel();
  for (auto& thread : m_threads)
    thread.request_stop();
}

KeyReport KeyChecks::look(const hosting::HostedDatabase& database) {
  const std::lock_guard lock(m_mutex);
  auto& entry = m_entries[database.name];
  const bool is_old = !entry.asked || m_clock() - *entry.asked >= good_for;
  if (is_old && !entry.report.is_being_asked) {
    entry.report.is_being_asked = true;
    m_waiting.push_back(database);
    m_more.notify_one();
  }
  return entry.report;
}

void KeyChecks::forget(const std::string& database) {
  const std::lock_guard lock(m_mutex);
  m_entries.erase(database);
}

void KeyChecks::work(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(m_mutex);
    if (!m_more.wait(lock, stop, [this] { return !m_waiting.empty(); }) || stop.stop_requested()) return;
    const auto database = std::move(m_waiting.front());
    m_waiting.pop_front();
    lock.unlock();
    auto report = ask(database);
    lock.lock();
    const auto entry = m_entries.find(database.name);
    if (entry != m_entries.end()) entry->second = {.report = std::move(report), .asked = m_clock()};
  }
}

KeyReport KeyChecks::ask(const hosting::HostedDatabase& database) {
  try {
    auto session = m_connect(database);
    {
      const std::lock_guard lock(m_mutex);
      if (m_is_ending) return {};
      m_sessions.insert(&session);
    }
    KeyReport report{.state = KeyState::accepted, .words = {}, .is_being_asked = false};
    try {
      session.query("SET statement_timeout = '20s'");
      session.query("SELECT iasql.aws('sts', 'GetCallerIdentity')");
    } catch (const hosting::DatabaseError& error) {
      report = judge(error);
    }
    const std::lock_guard lock(m_mutex);
    m_sessions.erase(&session);
    return report;
  } catch (const hosting::DatabaseError&) {
    // What libpq says of a connection names sockets and users.
    return {.state = KeyState::unanswered, .words = "PostgreSQL does not answer", .is_being_asked = false};
  } catch (const std::exception& error) {
    return {.state = KeyState::unanswered, .words = error.what(), .is_being_asked = false};
  }
}

} // namespace iasql::console
