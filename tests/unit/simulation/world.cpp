// What can happen in a world, and what happens then; what must hold is in invariants.cpp.

#include "simulation/world.hpp"

#include "base/json.hpp"
#include "simulation/actor.hpp"

#include <algorithm>

namespace iasql::simulation {

namespace {

const char* name_of(Step step) {
  switch (step) {
  case Step::begin:
    return "BEGIN";
  case Step::begin_repeatable:
    return "BEGIN REPEATABLE READ";
  case Step::insert:
    return "INSERT row 1";
  case Step::update:
    return "UPDATE row 1 SET b = 2";
  case Step::remove:
    return "DELETE row 1";
  case Step::savepoint:
    return "SAVEPOINT";
  case Step::rollback_to:
    return "ROLLBACK TO SAVEPOINT";
  case Step::apply:
    return "apply";
  case Step::sync:
    return "sync";
  case Step::commit:
    return "COMMIT";
  case Step::rollback:
    return "ROLLBACK";
  }
  return "";
}

Row first_row(const ThingKind& kind) {
  Row row{{"id", 1}, {"a", 1}, {"b", 1}, {"size", nullptr}, {"region", simulated_region}};
  if (kind.named) row.set("name", "one");
  for (const engine::Table& table : thing_tables())
    if (table.name == kind.table)
      for (const engine::Column& column : table.columns)
        if (!row.find(column.name)) row.set(column.name, nullptr);
  return row;
}

const ThingKind& kind_of(const std::string& table) {
  const auto& kinds = thing_kinds();
  return *std::find_if(kinds.begin(), kinds.end(), [&](const ThingKind& kind) { return kind.table == table; });
}

} // namespace

World::World(const Scene& scene)
    : m_scene(scene), m_budget(scene.budget), m_cloud(thing_handlers()),
      m_database([](const engine::Module&) { return thing_tables(); }), m_kind(kind_of(scene.table)) {
  m_database.install(thing_modules()[0]);
  m_database.rules = scene.rules;
  if (m_kind.named) m_database.unique_columns = {{m_kind.table, "name"}};
  if (scene.start != Scene::Start::nothing)
    m_database.edit([&](State& state) {
      state.rows[m_kind.table]["1"] = {first_row(m_kind), 0};
      if (scene.start == Scene::Start::row) state.asks = {"1.a", "1.b"};
    });
  if (scene.start == Scene::Start::both) {
    outside("Create" + m_kind.noun, Object{{"A", 1}, {"B", 1}});
    const CloudObject& object = m_cloud.objects.front();
    m_database.edit([&](State& state) {
      Row& row = state.rows[m_kind.table]["1"].columns;
      row.set("size", 1);
      if (!m_kind.name_is_id) row.set("thing_id", object.id);
      if (m_kind.taggable) row.set("tags", Object());
      Row attributes = row;
      attributes.erase("id");
      attributes.erase("region");
      engine::Entry entry{.table = m_kind.table,
                          .region = simulated_region,
                          .cloud_id = object.id,
                          .table_oid = state.catalogue.table(m_kind.table).oid,
                          .row_key = "1",
                          .attributes = attributes};
      state.registry[{entry.region, entry.table, entry.cloud_id}] = entry;
    });
  }
  m_cloud.read_lag = scene.read_lag;
  m_clock.advance(std::chrono::hours(1));
  add_actor("A");
  add_actor("B");
  m_actors[0]->program = scene.programs[0];
  m_actors[1]->program = scene.programs[1];
}

World::~World() = default;

void World::add_actor(const std::string& name) {
  engine::Settings settings = m_scene.settings;
  if (!settings.read_lag) settings.read_lag = m_scene.read_lag;
  auto& actor = *m_actors.emplace_back(std::make_unique<Actor>(name, m_database, m_cloud, m_clock, m_random, settings));
  actor.door.stepwise = true;
  actor.door.before_effect = [this, &actor](const aws::Call& call) { before_effect(actor, call); };
  actor.door.after_effect = [this, &actor](const aws::Call& call) { after_effect(actor, call); };
  actor.door.intent = [this, &actor](const aws::Call& call) { return intent_of(actor, call); };
}

std::vector<std::string> World::events() {
  std::vector<std::string> labels;
  for (const Event& event : possible())
    labels.push_back(event.label);
  return labels;
}

void World::happen(std::size_t index) {
  std::vector<Event> events = possible();
  events.at(index).happen();
}

std::vector<World::Event> World::possible() {
  std::vector<Event> events;
  for (auto& actor : m_actors)
    add_actor_events(*actor, events);
  if (m_clock.next_waking())
    events.push_back({"time passes for those who sleep", [this] { let_time_pass(); }});
  else if (!m_cloud.settled(m_clock.now()))
    events.push_back({"the read lag passes", [this] { m_clock.advance(m_scene.read_lag); }});
  for (std::size_t index = 0; index < m_cloud.late.size(); ++index)
    events.push_back({"the late " + m_cloud.late[index].call.operation + " arrives",
                      [this, index] { m_cloud.land(index, m_clock.now()); }});
  bool sessions_go_on = !events.empty() || !m_scene.free();
  if (m_budget.crashes &&
      std::any_of(m_actors.begin(), m_actors.end(), [](const auto& actor) { return actor->session.in_transaction(); }))
    events.push_back({"the server crashes", [this] {
                        --m_budget.crashes;
                        for (auto& actor : m_actors)
                          kill(*actor);
                      }});
  if (m_budget.outsiders && sessions_go_on) add_outside_events(events);
  if (events.empty() || std::all_of(events.begin(), events.end(), [](const Event& event) {
        return event.label.starts_with("somebody") || event.label.starts_with("the server");
      }))
    for (auto& actor : m_actors)
      if (actor->blocked || (!actor->program.empty() && actor->session.in_transaction() && !actor->running))
        events.push_back({actor->name + ": deadlock detected", [this, &actor = *actor] { fail(actor); }});
  return events;
}

void World::add_actor_events(Actor& actor, std::vector<Event>& events) {
  if (actor.running) {
    for (CloudDoor::Gate* gate : actor.door.waiting()) {
      const bool sending = gate->phase == CloudDoor::Gate::Phase::send;
      auto goes_on = [&](const std::string& how, Fault fault) {
        std::string label = actor.name + ": " + gate->call.operation + " " + how;
        events.push_back({label, [this, &actor, gate, fault, label] {
                            if (fault != Fault::none) --m_budget.faults;
                            actor.history += label + gate->seen + "\n";
                            actor.door.resume(*gate, fault);
                            settle(actor);
                          }});
      };
      goes_on(sending ? "is carried out" : "is answered", Fault::none);
      if (sending && m_budget.faults > 0) {
        goes_on("is carried out, the answer is lost", Fault::lost_answer);
        goes_on("never arrives", Fault::dropped);
        goes_on("is late", Fault::late);
      }
    }
  } else if (actor.blocked) {
    bool free_now = actor.session.could_lock_all() && actor.session.could_lock_writer();
    if (free_now) events.push_back({actor.name + ": waits no longer", [this, &actor] { start(actor); }});
  } else if (m_scene.free()) {
    add_free_steps(actor, events);
  } else if (!actor.program.empty() && !step_is_blocked(actor, actor.program.front())) {
    Step step = actor.program.front();
    events.push_back({actor.name + ": " + name_of(step), [this, &actor, step] {
                        actor.program.erase(actor.program.begin());
                        take(actor, step);
                      }});
  }
  if (m_budget.kills && actor.session.in_transaction())
    events.push_back({actor.name + ": terminated", [this, &actor] {
                        --m_budget.kills;
                        kill(actor);
                      }});
}

void World::add_free_steps(Actor& actor, std::vector<Event>& events) {
  auto offer = [&](Step step, int* budget) {
    if ((budget && *budget <= 0) || step_is_blocked(actor, step)) return;
    events.push_back({actor.name + ": " + name_of(step), [this, &actor, step, budget] {
                        if (budget) --*budget;
                        take(actor, step);
                      }});
  };
  if (!actor.session.in_transaction()) {
    offer(Step::begin, &m_budget.begins);
    offer(Step::begin_repeatable, &m_budget.begins);
    return;
  }
  offer(Step::commit, nullptr);
  offer(Step::rollback, nullptr);
  if (!actor.session.repeatable_read()) actor.session.statement();
  const Version* row = actor.session.view().row(m_kind.table, "1");
  if (!row) offer(Step::insert, &m_budget.changes);
  if (row && row->columns.get("b") != Value(2)) offer(Step::update, &m_budget.changes);
  if (row) offer(Step::remove, &m_budget.changes);
  if (!actor.session.has_savepoint()) offer(Step::savepoint, &m_budget.savepoints);
  if (actor.session.wrote_since_savepoint()) offer(Step::rollback_to, nullptr);
  offer(Step::apply, &m_budget.applies);
  offer(Step::sync, &m_budget.syncs);
}

void World::add_outside_events(std::vector<Event>& events) {
  auto offer = [&](const std::string& label, std::function<void()> what) {
    events.push_back({"somebody else " + label, [this, what = std::move(what)] {
                        --m_budget.outsiders;
                        what();
                      }});
  };
  auto objects = m_cloud.existing();
  bool theirs = std::any_of(objects.begin(), objects.end(), [](const CloudObject* o) { return o->maker.empty(); });
  if (!theirs && !(m_kind.named && !objects.empty()))
    offer("creates an object", [this] { outside("Create" + m_kind.noun, Object{{"A", 9}, {"B", 9}}); });
  for (const CloudObject* object : objects) {
    if (object->readable_from > m_clock.now()) continue;
    if (object->properties.get("A") != Value(9))
      offer("sets a = 9 on " + object->id, [this, id = object->id] {
        outside("Update" + m_kind.noun + (m_kind.split_update ? "A" : ""), Object{{"ThingId", id}, {"A", 9}});
      });
    offer("deletes " + object->id, [this, id = object->id] {
      outside("Delete" + m_kind.noun, Object{{"ThingId", id}});
      m_gone.insert(id);
      std::erase_if(m_cloud.objects, [&](const CloudObject& o) { return o.id == id && o.deleted; });
    });
  }
}

void World::outside(const std::string& operation, Object input) {
  if (m_kind.named && operation.starts_with("Create")) input.set("Name", "one");
  aws::Call call{.service = "things", .operation = operation, .region = simulated_region, .input = std::move(input)};
  auto lag = std::exchange(m_cloud.read_lag, std::chrono::milliseconds(0));
  m_cloud.carry_out(call, m_clock.now(), "", 0);
  m_cloud.read_lag = lag;
}

// -- steps

bool World::step_is_blocked(Actor& actor, Step step) {
  if (step == Step::insert || step == Step::update || step == Step::remove)
    return !actor.session.could_lock_row(m_kind.table, "1") ||
           (m_kind.named && !actor.session.could_lock_row(m_kind.table, "name = one"));
  return false;
}

void World::take(Actor& actor, Step step) {
  MemorySession& session = actor.session;
  using Isolation = MemorySession::Isolation;
  switch (step) {
  case Step::begin:
    session.begin(Isolation::read_committed);
    break;
  case Step::begin_repeatable:
    session.begin(Isolation::repeatable_read);
    break;
  case Step::savepoint:
    session.savepoint();
    break;
  case Step::rollback_to:
    if (session.has_savepoint()) session.rollback_to();
    break;
  case Step::commit:
    session.commit();
    break;
  case Step::rollback:
    session.rollback();
    break;
  case Step::insert:
  case Step::update:
  case Step::remove:
    session.statement();
    try {
      change_row(actor, step);
    } catch (const Error&) {
      fail(actor);
    }
    break;
  case Step::apply:
  case Step::sync:
    actor.verb = step;
    start(actor);
    break;
  }
}

void World::change_row(Actor& actor, Step step) {
  MemorySession& session = actor.session;
  const engine::Table table = session.catalogue().table(m_kind.table);
  const Version* row = session.view().row(table.name, "1");
  if (step == Step::insert) {
    session.insert_row(table, first_row(m_kind), "1");
    session.ask("1.a");
    session.ask("1.b");
  } else if (!row) {
    return;
  } else if (step == Step::update) {
    session.update_row(table, "1", {{"b", 2}});
    session.ask("1.b");
  } else {
    auto known = base(actor);
    session.delete_row(table, "1");
    for (const auto& [cloud_id, object] : known)
      if (object.row == "1") session.ask("delete " + cloud_id);
    session.forget_ask("1.a");
    session.forget_ask("1.b");
  }
}

void World::start(Actor& actor) {
  actor.blocked = false;
  actor.session.statement();
  actor.history = "started\n";
  actor.running = actor.verb == Step::apply ? engine::apply(actor.context) : engine::sync(actor.context);
  actor.running->start();
  settle(actor);
}

// The statement may have ended, by success, by an error, or because it has to wait for another session.
void World::settle(Actor& actor) {
  if (!actor.running || !actor.running->done()) return;
  auto running = std::exchange(actor.running, std::nullopt);
  try {
    running->result();
    if (actor.verb == Step::sync) actor.session.forget_asks();
  } catch (const WouldBlock&) {
    actor.session.undo_statement();
    actor.blocked = true;
  } catch (const Error& error) {
    actor.last_error = error.what();
    fail(actor);
  }
}

void World::fail(Actor& actor) {
  actor.running.reset();
  actor.blocked = false;
  actor.session.fail();
  if (actor.session.in_transaction()) return;
  // What is left of the transaction's statements would only be refused.
  while (!actor.program.empty()) {
    Step skipped = actor.program.front();
    actor.program.erase(actor.program.begin());
    if (skipped == Step::commit || skipped == Step::rollback) break;
  }
}

void World::kill(Actor& actor) {
  actor.running.reset();
  actor.blocked = false;
  actor.program.clear();
  if (actor.session.in_transaction()) actor.session.rollback();
}

void World::let_time_pass() {
  auto what_waits = [this] {
    std::size_t gates = 0;
    for (auto& actor : m_actors)
      gates += actor->door.waiting().size() + (actor->running && actor->running->done() ? 1 : 0);
    return gates;
  };
  const std::size_t before = what_waits();
  for (auto next = m_clock.next_waking(); next && what_waits() == before; next = m_clock.next_waking()) {
    m_cloud.land_due(*next);
    m_clock.advance_to(*next);
  }
  for (auto& actor : m_actors)
    if (actor->running) {
      actor->history += "time passed\n";
      settle(*actor);
    }
}

} // namespace iasql::simulation
