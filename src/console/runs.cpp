#include "console/runs.hpp"

#include "console/router.hpp"

namespace iasql::console {

RunReport Runs::start(const std::string& database, const std::string& kind, std::shared_ptr<hosting::Database> session,
                      Work work) {
  const auto backend = std::stoll(*session->query("SELECT pg_backend_pid()").at(0)[0]);
  const std::lock_guard lock(m_mutex);
  auto& latest = m_runs[database];
  if (latest && latest->report.state == RunState::running)
    throw BadRequest("there is a " + latest->report.kind + " running in this database");
  latest = std::make_shared<Run>();
  latest->report = {.number = ++m_last_number,
                    .kind = kind,
                    .backend = backend,
                    .state = RunState::running,
                    .result = {},
                    .error = {}};
  latest->session = std::move(session);
  // The thread ends before the run does: the run joins it.
  latest->thread = std::jthread([this, run = latest.get(), work = std::move(work)] {
    RunReport report = run->report;
    try {
      report.result = work(*run->session);
      report.state = RunState::done;
    } catch (const hosting::DatabaseError& error) {
      report.state = RunState::failed;
      report.error = {.message = error.what(), .hint = {}, .sqlstate = error.sqlstate()};
    } catch (const std::exception& error) {
      report.state = RunState::failed;
      report.error = {.message = error.what(), .hint = {}, .sqlstate = {}};
    }
    const std::lock_guard end(m_mutex);
    run->report = std::move(report);
    run->session.reset();
  });
  return latest->report;
}

RunReport Runs::latest(const std::string& database) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_runs.find(database);
  return found == m_runs.end() || !found->second ? RunReport() : found->second->report;
}

void Runs::cancel(const std::string& database) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_runs.find(database);
  if (found != m_runs.end() && found->second && found->second->session) found->second->session->cancel();
}

void Runs::forget(const std::string& database) {
  cancel(database);
  std::shared_ptr<Run> run;
  {
    const std::lock_guard lock(m_mutex);
    const auto found = m_runs.find(database);
    if (found == m_runs.end()) return;
    run = std::move(found->second);
    m_runs.erase(found);
  }
}

Runs::~Runs() {
  decltype(m_runs) runs;
  {
    const std::lock_guard lock(m_mutex);
    for (const auto& [database, run] : m_runs)
      if (run && run->session) run->session->cancel();
    runs = std::move(m_runs);
  }
}

} // namespace iasql::console
