#include "engine/order.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace iasql::engine {

namespace {

class Ordering {
public:
  Ordering(const Diff& diff, const Bindings& bindings, const Base& base) : m_diff(diff), m_base(base) {
    for (const Binding& binding : bindings.in_order())
      m_rank.emplace(&binding, m_rank.size());
  }

  std::vector<Step> run() {
    make_steps();
    for (std::size_t change = 0; change < m_diff.changes.size(); ++change)
      connect(change);
    separate_creates_from_removes();
    return sorted();
  }

private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  struct Halves {
    std::size_t write = none, remove = none;
  };

  void make_steps() {
    m_halves.resize(m_diff.changes.size());
    for (std::size_t index = 0; index < m_diff.changes.size(); ++index) {
      const Change& change = m_diff.changes[index];
      if (change.action != Action::remove) {
        m_halves[index].write = add({.change = index, .kind = Step::Kind::write, .after = {}});
        m_write_of_row.emplace(m_diff.rows[*change.row].reference(), m_halves[index].write);
      }
      if (change.action == Action::remove || change.action == Action::replace) {
        m_halves[index].remove = add({.change = index, .kind = Step::Kind::remove, .after = {}});
        m_remove_of_object.emplace(*change.object, m_halves[index].remove);
      }
    }
  }

  std::size_t add(Step step) {
    m_steps.push_back(std::move(step));
    return m_steps.size() - 1;
  }

  void wait(std::size_t later, std::size_t earlier) {
    auto& after = m_steps[later].after;
    if (later != earlier && std::find(after.begin(), after.end(), earlier) == after.end()) after.push_back(earlier);
  }

  void connect(std::size_t index) {
    const Change& change = m_diff.changes[index];
    if (change.action == Action::replace) {
      if (change.binding->resource->identity.empty())
        wait(m_halves[index].remove, m_halves[index].write);
      else
        wait(m_halves[index].write, m_halves[index].remove);
    }
    if (change.row) wait_for_parents(index, m_diff.rows[*change.row]);
    if (change.action == Action::remove) stay_until_moved(index, *m_base.find(*change.object));
    if (change.row) wait_for_derived(index, m_diff.rows[*change.row]);
    if (change.object) release_parents(index, *m_base.find(*change.object));
    for (const After& after : change.binding->resource->after)
      follow(index, after);
  }

  // What the row points at is written before the row is.
  void wait_for_parents(std::size_t index, const DesiredRow& row) {
    for (const auto& [column, parent] : row.pending)
      wait_for_row(index, parent);
    for (const BoundAttribute& attribute : change_attributes(index))
      if (!attribute.parent.empty() && !row.columns.get(attribute.column).is_null())
        wait_for_row(index, {attribute.parent, row.columns.get(attribute.column).text()});
    for (const PartRow& part : row.parts)
      for (const BoundAttribute& member : part.attribute->members)
        if (!member.parent.empty() && !part.columns.get(member.column).is_null())
          wait_for_row(index, {member.parent, part.columns.get(member.column).text()});
  }

  // A row that moved to another region: what it left behind goes once the row has its object there.
  void stay_until_moved(std::size_t index, const Entry& entry) {
    const Binding& binding = *m_diff.changes[index].binding;
    const DesiredRow* row = m_diff.row({entry.table, entry.row_key});
    auto write = m_write_of_row.find({entry.table, entry.row_key});
    if (row && row->region != entry.region && entry.table_oid == binding.table->oid && write != m_write_of_row.end())
      wait(m_halves[index].remove, write->second);
  }

  // What a column that is left open will be made of is there before.
  void wait_for_derived(std::size_t index, const DesiredRow& row) {
    for (const Derived& derived : row.binding->resource->derived) {
      if (is_given(row.resolved.get(derived.column)) && !row.rewritten.find(derived.column)) continue;
      for (const DesiredRow& other : m_diff.rows)
        if (other.binding->name() == derived.table && other.region == row.region)
          wait_for_row(index, other.reference());
    }
  }

  // What the spec's `after` asks for: written after those rows, removed before their objects.
  void follow(std::size_t index, const After& after) {
    const Change& change = m_diff.changes[index];
    const Value wanted = change.row ? m_diff.rows[*change.row].columns.get(after.column) : Value();
    const Value known = change.object ? m_base.find(*change.object)->attributes.get(after.column) : Value();
    for (const DesiredRow& row : m_diff.rows)
      if (row.binding->name() == after.table && !wanted.is_null() && row.columns.get(after.their_column) == wanted &&
          m_halves[index].write != none)
        wait_for_row(index, row.reference());
    if (m_halves[index].remove == none || known.is_null()) return;
    for (const Entry* entry : m_base.of(after.table)) {
      auto removed = m_remove_of_object.find(key_of(*entry));
      if (removed != m_remove_of_object.end() && entry->attributes.get(after.their_column) == known)
        wait(removed->second, m_halves[index].remove);
    }
  }

  const std::vector<BoundAttribute>& change_attributes(std::size_t index) const {
    return m_diff.changes[index].binding->attributes;
  }

  void wait_for_row(std::size_t index, const RowReference& parent) {
    auto found = m_write_of_row.find(parent);
    if (found != m_write_of_row.end()) wait(m_halves[index].write, found->second);
  }

  // What the object points at is removed only after the object itself is gone or points elsewhere.
  void release_parents(std::size_t index, const Entry& entry) {
    const Change& change = m_diff.changes[index];
    for (const BoundAttribute& attribute : change.binding->attributes) {
      std::size_t release = m_halves[index].remove;
      if (release == none && change.columns.contains(attribute.column)) release = m_halves[index].write;
      if (release == none) continue;
      for (const Entry* parent :
           named_objects(attribute, entry.attributes.get(attribute.column), entry.region, m_base)) {
        auto removed = m_remove_of_object.find(key_of(*parent));
        if (removed != m_remove_of_object.end()) wait(removed->second, release);
      }
    }
  }

  void separate_creates_from_removes() {
    std::map<std::pair<const Binding*, std::string>, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>>
        groups;
    for (std::size_t index = 0; index < m_diff.changes.size(); ++index) {
      const Change& change = m_diff.changes[index];
      auto& [creates, removes] = groups[{change.binding, change.region}];
      if (change.action == Action::create) creates.push_back(m_halves[index].write);
      if (change.action == Action::remove) removes.push_back(m_halves[index].remove);
    }
    for (auto& [group, members] : groups) {
      auto& [creates, removes] = members;
      if (creates.empty() || removes.empty() || any_reaches(creates, removes)) continue;
      std::size_t gate = add({.change = m_steps[creates.front()].change, .kind = Step::Kind::gate, .after = removes});
      for (std::size_t create : creates)
        wait(create, gate);
    }
  }

  // Whether some step of `later` already waits, over any number of others, for one of `earlier`.
  bool any_reaches(const std::vector<std::size_t>& earlier, const std::vector<std::size_t>& later) const {
    std::vector<bool> seen(m_steps.size()), wanted(m_steps.size());
    for (std::size_t step : earlier)
      wanted[step] = true;
    std::vector<std::size_t> open = later;
    while (!open.empty()) {
      std::size_t step = open.back();
      open.pop_back();
      if (seen[step]) continue;
      seen[step] = true;
      if (wanted[step]) return true;
      open.insert(open.end(), m_steps[step].after.begin(), m_steps[step].after.end());
    }
    return false;
  }

  // Smaller goes first.
  auto priority(std::size_t step) const {
    const Change& change = m_diff.changes[m_steps[step].change];
    bool removes = m_steps[step].kind == Step::Kind::remove;
    long rank = static_cast<long>(m_rank.at(change.binding));
    std::string key = change.row ? m_diff.rows[*change.row].key : change.object->cloud_id;
    return std::tuple(removes, removes ? -rank : rank, key.size(), key, step);
  }

  std::vector<Step> sorted() {
    using Ready = std::pair<decltype(priority(0)), std::size_t>;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    std::vector<std::size_t> missing(m_steps.size()), place(m_steps.size(), none);
    std::vector<std::vector<std::size_t>> followers(m_steps.size());
    for (std::size_t step = 0; step < m_steps.size(); ++step) {
      missing[step] = m_steps[step].after.size();
      for (std::size_t earlier : m_steps[step].after)
        followers[earlier].push_back(step);
      if (missing[step] == 0) ready.emplace(priority(step), step);
    }
    std::vector<Step> result;
    while (!ready.empty()) {
      std::size_t step = ready.top().second;
      ready.pop();
      place[step] = result.size();
      result.push_back(m_steps[step]);
      for (std::size_t follower : followers[step])
        if (--missing[follower] == 0) ready.emplace(priority(follower), follower);
    }
    if (result.size() < m_steps.size()) throw_cycle(place);
    for (Step& step : result)
      for (std::size_t& earlier : step.after)
        earlier = place[earlier];
    return result;
  }

  [[noreturn]] void throw_cycle(const std::vector<std::size_t>& place) const {
    std::string names;
    for (std::size_t step = 0; step < m_steps.size(); ++step) {
      if (place[step] != none) continue;
      if (m_steps[step].kind == Step::Kind::gate) continue;
      const Change& change = m_diff.changes[m_steps[step].change];
      names += (names.empty() ? "" : ", ") + change.binding->name() + " " +
               (change.row ? m_diff.rows[*change.row].key : change.object->cloud_id);
    }
    throw Error(sqlstate::dependency_cycle, "changes wait for each other: " + names, {},
                "Apply them in two steps: first without the reference that closes the circle, then with it.");
  }

  const Diff& m_diff;
  const Base& m_base;
  std::map<const Binding*, std::size_t> m_rank;
  std::vector<Step> m_steps;
  std::vector<Halves> m_halves;
  std::map<RowReference, std::size_t> m_write_of_row;
  std::map<ObjectKey, std::size_t> m_remove_of_object;
};

} // namespace

std::vector<Step> order(const Diff& diff, const Bindings& bindings, const Base& base) {
  return Ordering(diff, bindings, base).run();
}

} // namespace iasql::engine
