#include "engine/execute.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

std::string object_name(const Base& base, const Change& change) {
  const Entry* entry = base.find(*change.object);
  return entry ? cloud_name(*change.binding, entry->attributes, entry->cloud_id) : change.object->cloud_id;
}

} // namespace

std::string name_of(const Diff& diff, const Base& base, const Bindings& bindings, const Change& change) {
  if (change.action == Action::remove) return object_name(base, change);
  return name_of(diff, base, bindings, diff.rows[*change.row]);
}

bool concerns(const Intent& intent, const Diff& diff, const Change& change) {
  if (intent.table != change.binding->name()) return false;
  if (change.object && !intent.cloud_id.empty())
    return change.object->cloud_id == intent.cloud_id && change.object->region == intent.region;
  return change.row && intent.effect == Effect::create && intent.table_oid == change.binding->table->oid &&
         diff.rows[*change.row].key == intent.row_key;
}

namespace {

std::string elapsed_text(net::Time::duration elapsed) {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  if (seconds < 1) return {};
  return " after " + (seconds < 60 ? "" : std::to_string(seconds / 60) + "m") + std::to_string(seconds % 60) + "s";
}

class Execution {
public:
  Execution(Context& context, const Bindings& bindings, Effects& effects, Diff& diff, const Base& base,
            std::vector<Step> steps, std::vector<Intent> in_doubt)
      : m_context(context), m_diff(diff), m_effects(effects), m_steps(std::move(steps)),
        m_in_doubt(std::move(in_doubt)), m_states(m_steps.size(), State::waiting) {
    for (const Change& change : m_diff.changes) {
      m_names.push_back(name_of(diff, base, bindings, change));
      m_object_names.push_back(change.object ? object_name(base, change) : std::string());
    }
  }

  net::task<Executed> run() {
    net::TaskGroup group;
    while (true) {
      while (group.size() < static_cast<std::size_t>(m_context.settings.parallelism)) {
        auto step = next();
        if (!step) break;
        m_states[*step] = State::running;
        group.spawn(run_step(*step));
      }
      if (group.size() == 0) break;
      co_await group.any();
    }
    for (std::size_t step = 0; step < m_steps.size(); ++step)
      if (m_states[step] == State::waiting && m_steps[step].kind != Step::Kind::gate) not_tried(step);
    // In the order in which they were started: which of two answers came first says nothing to a reader.
    for (auto& [started, rows] : m_done)
      std::move(rows.begin(), rows.end(), std::back_inserter(m_result.rows));
    co_return std::move(m_result);
  }

private:
  enum class State { waiting, running, succeeded, failed };

  // The first step whose turn has come.
  std::optional<std::size_t> next() {
    for (std::size_t step = m_first_waiting; step < m_steps.size(); ++step) {
      if (m_states[step] != State::waiting) {
        if (step == m_first_waiting) ++m_first_waiting;
        continue;
      }
      if (m_steps[step].kind == Step::Kind::gate) {
        if (all_after(step, [&](std::size_t earlier) { return settled(earlier); })) m_states[step] = State::succeeded;
        continue;
      }
      if (all_after(step, [&](std::size_t earlier) { return m_states[earlier] == State::succeeded; })) return step;
    }
    return std::nullopt;
  }

  template <typename Predicate>
  bool all_after(std::size_t step, Predicate holds) const {
    return std::all_of(m_steps[step].after.begin(), m_steps[step].after.end(), holds);
  }

  // Tried, or never to be tried because something before it failed.
  bool settled(std::size_t step) const {
    if (m_states[step] == State::succeeded || m_states[step] == State::failed) return true;
    return m_states[step] == State::waiting &&
           std::any_of(m_steps[step].after.begin(), m_steps[step].after.end(),
                       [&](std::size_t earlier) { return m_states[earlier] == State::failed || is_stuck(earlier); });
  }
  bool is_stuck(std::size_t step) const { return m_states[step] == State::waiting && settled(step); }

  net::task<void> run_step(std::size_t index) {
    const Step& step = m_steps[index];
    const Change& change = m_diff.changes[step.change];
    const std::string& table = change.binding->name();
    std::string name = m_names[step.change];
    try {
      std::size_t place = m_started++;
      net::Time start = m_context.clock.now();
      refuse_in_doubt(change);
      const std::string what = earlier_revision(step, change) + table + " " + name_in(step, change);
      announce(step, change, what);
      auto doing = perform(step, change);
      Effects::Done done = co_await std::move(doing);
      m_context.report.notice(done.action + "d " + what + elapsed_text(m_context.clock.now() - start));
      record(index, change, done, m_done[place]);
      m_states[index] = State::succeeded;
    } catch (const Error& error) {
      if (error.sqlstate() == sqlstate::no_worker) throw;
      m_states[index] = State::failed;
      fail(change, name, error);
    }
  }

  net::task<Effects::Done> perform(const Step& step, const Change& change) {
    if (step.kind == Step::Kind::remove) return m_effects.remove(*change.binding, *change.object);
    if (change.action == Action::update) return m_effects.update(change);
    return m_effects.create(*change.row, change.object ? change.object->cloud_id : std::string());
  }

  void refuse_in_doubt(const Change& change) const {
    for (const Intent& intent : m_in_doubt)
      if (concerns(intent, m_diff, change))
        throw Error(sqlstate::in_doubt, "what became of an earlier " + intent.operation + " is not known", {},
                    "The next iasql_apply() or iasql_sync() tries to find out again.");
  }

  void announce(const Step& step, const Change& change, const std::string& what) {
    bool removes = step.kind == Step::Kind::remove;
    if (removes && change.binding->resource->loses_data)
      m_context.report.warning("deleting " + what + " destroys the data it holds");
    m_context.report.notice((removes ? "deleting " : is_update(change) ? "updating " : "creating ") + what);
  }

  static bool is_update(const Change& change) { return change.action == Action::update || change.is_revision(); }

  // What a removing half removes is the row's former object, which had another name where that is what changed.
  const std::string& name_in(const Step& step, const Change& change) const {
    return step.kind == Step::Kind::remove && !change.is_revision() ? m_object_names[step.change]
                                                                    : m_names[step.change];
  }

  // A revision has the name of the one before.
  static std::string earlier_revision(const Step& step, const Change& change) {
    return step.kind == Step::Kind::remove && change.is_revision() ? "the earlier revision of " : "";
  }

  // A replace is listed once, when its second half is done; a revision is an update as soon as it is there.
  void record(std::size_t index, const Change& change, const Effects::Done& done, std::vector<PlanRow>& rows) {
    std::optional<std::int64_t> id = change.row ? m_diff.rows[*change.row].id() : std::nullopt;
    if (change.is_revision()) {
      if (m_steps[index].kind == Step::Kind::write)
        rows.push_back({"update", change.binding->name(), id, m_names[m_steps[index].change]});
    } else if (change.action == Action::replace) {
      bool other_half_done = std::any_of(m_steps.begin(), m_steps.end(), [&](const Step& step) {
        std::size_t other = static_cast<std::size_t>(&step - m_steps.data());
        return other != index && step.change == m_steps[index].change && step.kind != Step::Kind::gate &&
               m_states[other] == State::succeeded;
      });
      if (other_half_done) rows.push_back({"replace", change.binding->name(), id, m_names[m_steps[index].change]});
    } else {
      rows.push_back({done.action, change.binding->name(), id, done.description});
    }
    rows.insert(rows.end(), done.children.begin(), done.children.end());
  }

  void fail(const Change& change, const std::string& name, const Error& error) {
    std::string row = change.row ? " (row " + m_diff.rows[*change.row].key + ")" : "";
    std::string what = change.action == Action::remove    ? "delete"
                       : is_update(change)                ? "update"
                       : change.action == Action::replace ? "replace"
                                                          : "create";
    auto* call = dynamic_cast<const aws::CallError*>(&error);
    bool in_doubt = call && call->facts().effect == aws::CallError::Effect::unknown;
    std::string state = in_doubt ? std::string(sqlstate::in_doubt)
                        : call   ? std::string(sqlstate::change_failed)
                                 : error.sqlstate();
    std::string hint = error.hint();
    for (const auto& [code, advice] : change.binding->resource->hints)
      if (call && call->code() == code) hint = advice;
    if (in_doubt)
      hint =
          "Whether AWS did it is not known: the next iasql_apply() or iasql_sync() finds out before it does anything.";
    m_result.failures.push_back({state,
                                 change.binding->name() + " " + name + row + ": " + what + " failed: " + error.what(),
                                 error.detail(), hint});
  }

  void not_tried(std::size_t step) {
    const Change& change = m_diff.changes[m_steps[step].change];
    m_result.not_tried.push_back(change.binding->name() + " " + m_names[m_steps[step].change]);
  }

  Context& m_context;
  Diff& m_diff;
  Effects& m_effects;
  std::vector<Step> m_steps;
  std::vector<Intent> m_in_doubt;
  std::vector<State> m_states;
  std::vector<std::string> m_names;        // of the changes, before anything was done
  std::vector<std::string> m_object_names; // of what they change, replace or remove
  std::size_t m_first_waiting = 0, m_started = 0;
  std::map<std::size_t, std::vector<PlanRow>> m_done; // by the order in which the steps were started
  Executed m_result;
};

} // namespace

net::task<Executed> execute(Context& context, const Bindings& bindings, Effects& effects, Diff& diff, const Base& base,
                            std::vector<Step> steps, std::vector<Intent> in_doubt) {
  Execution execution(context, bindings, effects, diff, base, std::move(steps), std::move(in_doubt));
  auto running = execution.run();
  co_return co_await std::move(running);
}

} // namespace iasql::engine
