// What must hold in every state (I1 no two objects of ours for one row, I2 none of ours unknown to registry and
// journal, I3 nothing deleted, overwritten or made that nobody asked for, I5 no plan shows a delete or create only
// because it does not see a row or entry yet, I6 one writer) and in every quiet one (I4: one apply, or a sync,
// converges).

#include "base/json.hpp"
#include "simulation/actor.hpp"

#include <algorithm>
#include <functional>

namespace iasql::simulation {

using engine::Effect;
using engine::Intent;
using engine::Outcome;
using engine::Result;

namespace {

const Outcome* outcome_of(const engine::Records& records, IntentId intent) {
  auto found = std::find_if(records.outcomes.begin(), records.outcomes.end(),
                            [&](const Outcome& outcome) { return outcome.intent == intent; });
  return found == records.outcomes.end() ? nullptr : &*found;
}

std::string column_of(const std::string& member) {
  return member == "A" ? "a" : "b";
}

} // namespace

const Intent* World::intent(std::int64_t id) const {
  const auto& intents = m_database.journal().intents;
  return id >= 1 && id <= static_cast<std::int64_t>(intents.size()) ? &intents[static_cast<std::size_t>(id - 1)]
                                                                    : nullptr;
}

std::int64_t World::intent_of(Actor& actor, const aws::Call& call) {
  const auto& records = m_database.journal();
  for (auto found = records.intents.rbegin(); found != records.intents.rend(); ++found)
    if (found->transaction == actor.session.transaction_if_any() && found->operation == call.operation &&
        !outcome_of(records, found->id))
      return found->id;
  throw Violation("I2 " + call.operation + " is sent without an intent");
}

// The row that an object of ours was made for.
std::string World::row_of(const CloudObject& object) const {
  const Intent* made = intent(object.intent);
  return made ? made->row_key : "";
}

std::map<std::string, World::Known> World::base(const Actor& actor) const {
  const State& view = actor.session.view();
  std::map<std::string, Known> base;
  for (const auto& [key, entry] : view.registry)
    base[entry.cloud_id] = {entry.row_key, entry.attributes};
  const auto& finished =
      actor.session.repeatable_read() ? actor.session.snapshot().finished : m_database.committed().finished;
  for (const Outcome& outcome : m_database.journal().outcomes) {
    const Intent& made = *intent(outcome.intent);
    if (view.marks.contains(made.id) ||
        !(made.transaction == actor.session.transaction_if_any() || finished.contains(made.transaction)))
      continue;
    if (outcome.result == Result::created) {
      std::erase_if(base, [&](const auto& known) { return known.second.row == made.row_key; });
      base[outcome.cloud_id] = {made.row_key, made.columns};
    } else if (outcome.result == Result::removed) {
      base.erase(outcome.cloud_id);
    }
  }
  return base;
}

// -- when something is done to the cloud

void World::before_effect(Actor& actor, const aws::Call& call) {
  for (auto& other : m_actors)
    if (other.get() != &actor && other->running && other->session.writing())
      throw Violation("I6 " + call.operation + " while " + other->name + " writes too");
  CloudObject* object = m_cloud.find(m_kind.table, call.input["ThingId"].text(), call.region);
  if (!object) return;
  const State& view = actor.session.view();
  if (call.operation.starts_with("Update")) {
    auto entry = view.registry.find({call.region, m_kind.table, object->id});
    if (entry == view.registry.end()) return; // an adoption
    for (const char* member : {"A", "B"})
      if (const Value& value = call.input[member]; !value.is_null() && object->meddled.contains(member) &&
                                                   value != object->properties.get(member) &&
                                                   !view.asks.contains(entry->second.row_key + "." + column_of(member)))
        throw Violation("I3 overwrote " + column_of(member) + " of " + object->id +
                        ": somebody else's value, nobody asked");
  }
  if (call.operation.starts_with("Delete")) {
    if (object->maker.empty() && !view.asks.contains("delete " + object->id))
      throw Violation("I3 deleted " + object->id + ", made by somebody else, nobody asked");
    const std::string row = row_of(*object);
    bool another = m_cloud.find_if([&](const CloudObject& o) {
      return &o != object && o.type == object->type && !o.maker.empty() && row_of(o) == row;
    });
    if (!object->maker.empty() && !another && actor.session.when_planned().row(m_kind.table, row))
      throw Violation("I3 deletes " + object->id + " though row " + row + " is there");
  }
}

void World::after_effect(Actor& actor, const aws::Call& call) {
  for (const char* member : {"A", "B"})
    if (!call.input[member].is_null()) actor.session.forget_ask("1." + column_of(member));
  auto objects = m_cloud.existing();
  for (std::size_t i = 0; i < objects.size(); ++i)
    for (std::size_t j = i + 1; j < objects.size(); ++j)
      if (!objects[i]->maker.empty() && !objects[j]->maker.empty() && row_of(*objects[i]) == row_of(*objects[j]))
        throw Violation("I1 two objects of ours, " + objects[i]->id + " and " + objects[j]->id + ", for row " +
                        row_of(*objects[i]));
}

// -- in every state

void World::check() {
  check_orphans();
  bool quiet = true;
  for (auto& actor : m_actors) {
    const bool idle = !actor->session.in_transaction();
    quiet = quiet && idle;
    if (actor->running || actor->blocked || (idle && actor != m_actors.front())) continue;
    check_plan(*actor);
  }
  if (quiet) check_convergence();
}

void World::check_orphans() {
  const auto& records = m_database.journal();
  const State& committed = m_database.committed();
  std::set<std::string> known;
  for (const auto& [key, entry] : committed.registry)
    known.insert(entry.cloud_id);
  for (auto& actor : m_actors)
    if (actor->session.in_transaction())
      for (const auto& [key, entry] : actor->session.view().registry)
        known.insert(entry.cloud_id);
  for (const Outcome& outcome : records.outcomes)
    if (!committed.marks.contains(outcome.intent)) known.insert(outcome.cloud_id);
  for (const CloudObject* object : m_cloud.existing())
    if (!object->maker.empty() && !known.contains(object->id) && outcome_of(records, object->intent))
      throw Violation("I2 " + object->id + " is an orphan");
}

void World::check_plan(Actor& actor) {
  MemorySession& session = actor.session;
  const bool idle = !session.in_transaction();
  if (idle) session.begin();
  session.statement();
  const bool had_transaction = session.has_transaction();
  auto plan = engine::plan_apply(actor.context);
  if (session.has_transaction() != had_transaction) throw Violation("a plan has taken a transaction id");

  const auto& records = m_database.journal();
  const State& view = session.view();
  const auto& finished = session.repeatable_read() ? session.snapshot().finished : m_database.committed().finished;
  for (const engine::PlanRow& row : plan) {
    for (const Outcome& outcome : records.outcomes) {
      if (outcome.result != Result::created) continue;
      const Intent& made = *intent(outcome.intent);
      if (made.transaction == session.transaction_if_any()) continue;
      const std::string& key = made.row_key;
      if (row.action == "delete" && row.description == outcome.cloud_id &&
          !view.registry.contains({made.region, made.table, outcome.cloud_id})) {
        const Actor* maker = nullptr;
        for (auto& other : m_actors)
          if (other->session.transaction_if_any() == made.transaction) maker = other.get();
        const bool there = maker ? maker->session.latest().row(m_kind.table, key) != nullptr
                                 : m_database.committed().row(m_kind.table, key) != nullptr;
        const bool own_delete = !view.row(m_kind.table, key) && session.snapshot().row(m_kind.table, key);
        if (there && !own_delete && !view.row(m_kind.table, key))
          throw Violation("I5 plan of " + actor.name + ": delete of " + outcome.cloud_id +
                          ", whose row is only not visible yet");
      }
      if (row.action == "create" && row.id && std::to_string(*row.id) == key) {
        const CloudObject* object = m_cloud.find(m_kind.table, outcome.cloud_id, made.region);
        if (!object || object->maker.empty() || object->intent != made.id) continue;
        const bool removed = std::any_of(records.outcomes.begin(), records.outcomes.end(), [&](const Outcome& other) {
          return other.result == Result::removed && other.cloud_id == outcome.cloud_id;
        });
        const bool dropped = session.snapshot().registry.contains({made.region, made.table, outcome.cloud_id}) &&
                             !view.registry.contains({made.region, made.table, outcome.cloud_id});
        if (finished.contains(made.transaction) ? !removed && !dropped : true)
          throw Violation("I5 plan of " + actor.name + ": create of row " + key + ", whose object " + outcome.cloud_id +
                          " exists");
      }
    }
  }
  if (idle) session.rollback();
}

// -- in every quiet state

void World::check_convergence() {
  converges(Step::apply);
  converges(Step::sync);
}

void World::converges(Step verb) {
  const std::string what = verb == Step::apply ? "apply" : "sync";
  VirtualClock clock;
  clock.advance_to(m_clock.now());
  Cloud cloud = m_cloud;
  while (!cloud.late.empty())
    cloud.land(0, clock.now());
  clock.advance(std::chrono::hours(1));
  MemoryDatabase database = m_database;
  SeededRandom random(2);
  engine::Settings settings = m_scene.settings;
  if (!settings.read_lag) settings.read_lag = m_scene.read_lag;
  Actor last("the last", database, cloud, clock, random, settings);
  last.session.begin();
  last.session.statement();
  try {
    auto work = verb == Step::apply ? engine::apply(last.context) : engine::sync(last.context);
    run(clock, std::move(work));
  } catch (const Error& error) {
    throw Violation("I4 the final " + what + " fails: " + error.what());
  }
  last.session.commit();
  clock.advance(std::chrono::hours(1));
  last.session.begin();
  auto plan = engine::plan_apply(last.context);
  last.session.rollback();
  if (!plan.empty())
    throw Violation("I4 the plan is not empty after the final " + what + ": " + plan[0].action + " " +
                    plan[0].description);
  const State& state = database.committed();
  std::size_t entries = 0;
  for (const auto& [key, entry] : state.registry) {
    ++entries;
    const Version* row = state.row(m_kind.table, entry.row_key);
    if (!row) throw Violation("I4 after the final " + what + " " + entry.cloud_id + " has an entry and no row");
    const CloudObject* object = cloud.find(m_kind.table, entry.cloud_id, entry.region);
    if (!object) {
      if (verb == Step::sync || !m_gone.contains(entry.cloud_id))
        throw Violation("I4 after the final " + what + " row " + entry.row_key + " has no object");
      continue;
    }
    for (const char* member : {"A", "B"}) {
      const Value &wanted = row->columns.get(column_of(member)), &actual = object->properties.get(member);
      const bool drifted = verb == Step::apply && object->meddled.contains(member);
      if (wanted != actual && !drifted && !(verb == Step::apply && actual == Value(9)))
        throw Violation("I4 after the final " + what + " " + column_of(member) + " of row " + entry.row_key + " is " +
                        wanted.text() + ", of " + object->id + " " + actual.text());
    }
  }
  auto rows = state.rows.find(m_kind.table);
  if (rows != state.rows.end() && rows->second.size() != entries)
    throw Violation("I4 after the final " + what + " there are " + std::to_string(rows->second.size()) + " rows and " +
                    std::to_string(entries) + " entries");
  if (verb == Step::sync && cloud.existing().size() != entries)
    throw Violation("I4 after the final sync an object has no entry");
}

// -- telling worlds apart

namespace {

std::string text_of(const State& state) {
  std::string text;
  for (const auto& [table, rows] : state.rows)
    for (const auto& [key, version] : rows)
      text += "row " + key + write_json(version.columns) + std::to_string(version.writer) + "\n";
  for (const auto& [key, entry] : state.registry)
    text += "entry " + entry.cloud_id + entry.row_key + write_json(entry.attributes) + "\n";
  for (IntentId mark : state.marks)
    text += "mark " + std::to_string(mark) + "\n";
  for (TransactionId transaction : state.finished)
    text += "finished " + std::to_string(transaction) + "\n";
  for (const std::string& ask : state.asks)
    text += "ask " + ask + "\n";
  return text + "epoch " + std::to_string(state.epoch) + "\n";
}

} // namespace

std::string World::fingerprint() {
  std::string text = text_of(m_database.committed());
  for (const Intent& intent : m_database.journal().intents)
    text += "intent " + std::to_string(intent.transaction) + intent.operation + intent.row_key + intent.cloud_id +
            write_json(intent.columns) + intent.token + "\n";
  for (const Outcome& outcome : m_database.journal().outcomes)
    text += "outcome " + std::to_string(outcome.intent) + std::to_string(static_cast<int>(outcome.result)) +
            outcome.cloud_id + write_json(outcome.columns) +
            (outcome.time + m_scene.read_lag > m_clock.now() ? " lately\n" : "\n");
  for (const CloudObject& object : m_cloud.objects) {
    text += "object " + object.id + write_json(object.properties) + object.maker + std::to_string(object.intent);
    for (const std::string& member : object.meddled)
      text += " " + member;
    text += object.readable_from > m_clock.now() ? " fresh" : object.deleted ? " dying\n" : "\n";
  }
  for (const Cloud::Late& late : m_cloud.late)
    text += "late " + late.call.operation + std::to_string(late.intent) + "\n";
  for (auto& actor : m_actors) {
    text += actor->name + " " + std::to_string(actor->program.size()) + (actor->blocked ? " blocked" : "") +
            (actor->session.is_writer() ? " writer" : "") + "\n";
    if (actor->session.in_transaction()) {
      text += std::to_string(actor->session.transaction_if_any()) + text_of(actor->session.view());
      text += actor->session.has_savepoint() ? "savepoint\n" : "";
      if (actor->session.repeatable_read()) text += "snapshot\n" + text_of(actor->session.snapshot());
    }
    if (actor->running) text += actor->history;
  }
  const Budget& b = m_budget;
  for (int left : {b.faults, b.kills, b.crashes, b.outsiders, b.begins, b.changes, b.savepoints, b.applies, b.syncs})
    text += std::to_string(left) + " ";
  return text;
}

} // namespace iasql::simulation
