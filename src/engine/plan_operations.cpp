#include "engine/plan_operations.hpp"

#include "base/error.hpp"
#include "engine/marshal.hpp"

namespace iasql::engine {

namespace {

// Stands for a cloud id that is known only when apply gets there: which operation is called does not depend on it.
constexpr const char* id_to_come = "(known after apply)";

Row resolved_for_now(const DesiredRow& row) {
  Row resolved = row.resolved;
  for (const auto& [column, target] : row.pending)
    if (!row.binding->attribute(column)->parent.empty()) resolved.set(column, id_to_come);
  return resolved;
}

// What no create carries is sent by updates once the object is there.
std::set<std::string> columns_for_later(const Binding& binding, const Row& wanted) {
  std::set<std::string> columns;
  for (const BoundAttribute& attribute : binding.attributes)
    if (binding.is_sent_after_create(attribute) && is_given(wanted.get(attribute.column)))
      columns.insert(attribute.column);
  return columns;
}

class Requests {
public:
  Requests(const Base& base, const Diff& diff, const Change& change)
      : m_base(base), m_diff(diff), m_change(change), m_binding(*change.binding),
        m_row(change.row ? &diff.rows[*change.row] : nullptr),
        m_known(change.object ? base.find(*change.object)->attributes : Row()) {}

  std::vector<Request> of(Step::Kind half) const {
    if (half == Step::Kind::remove) return removes();
    const Row wanted = resolved_for_now(*m_row);
    return m_change.action == Action::update ? updates(wanted, m_known, m_change.columns, m_change.object->cloud_id)
                                             : creates(wanted);
  }

private:
  std::vector<Request> removes() const {
    std::vector<Request> requests;
    for (Preparation& preparation : preparations(m_binding, m_known, m_change.object->cloud_id))
      requests.push_back(std::move(preparation.request));
    requests.push_back(remove_request(m_binding, m_known, m_change.object->cloud_id, {}, surroundings(m_known)));
    return requests;
  }

  std::vector<Request> creates(const Row& wanted) const {
    std::vector<Request> requests{create_request(m_binding, wanted, {}, surroundings(wanted))};
    for (Request& request : updates(wanted, {}, columns_for_later(m_binding, wanted), id_to_come))
      requests.push_back(std::move(request));
    return requests;
  }

  std::vector<Request> updates(const Row& wanted, const Row& known, const std::set<std::string>& columns,
                               const std::string& cloud_id) const {
    Row target = known;
    for (const std::string& column : columns)
      target.set(column, wanted.get(column));
    std::vector<Request> requests;
    for (UpdateRequest& update : update_requests(m_binding, target, known, columns, cloud_id, surroundings(target)))
      requests.push_back(std::move(update.request));
    return requests;
  }

  Surroundings surroundings(const Row& resolved) const {
    return {.region = m_change.region, .parent = parents(resolved), .before = m_change.is_revision() ? m_known : Row()};
  }

  // What a row points at and has no object yet is as its own row says.
  ParentAttributes parents(const Row& resolved) const {
    return [this, known = parent_attributes(m_binding, resolved, m_change.region, m_base)](
               const std::string& column) -> const Row* {
      const Row* attributes = known(column);
      if (attributes || !m_row) return attributes;
      auto pending = m_row->pending.find(column);
      const DesiredRow* target = pending == m_row->pending.end() ? nullptr : m_diff.row(pending->second);
      return target ? &target->resolved : nullptr;
    };
  }

  const Base& m_base;
  const Diff& m_diff;
  const Change& m_change;
  const Binding& m_binding;
  const DesiredRow* m_row; // nullptr for a remove
  const Row m_known;       // empty for a create
};

} // namespace

std::vector<std::string> operations_of(const Base& base, const Diff& diff, const Change& change, Step::Kind half) {
  std::vector<std::string> operations;
  try {
    for (const Request& request : Requests(base, diff, change).of(half))
      operations.push_back(change.binding->resource->service + ":" + request.operation);
  } catch (const Error&) { // a plan shows what is wanted, whether or not it can be had
    operations.clear();
  }
  return operations;
}

} // namespace iasql::engine
