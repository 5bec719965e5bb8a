#include "engine/plan_columns.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

constexpr const char* secret = "(secret)";
constexpr const char* is_new = " (new)";

// The value without what the service model calls sensitive at any depth.
Value without_secrets(const aws::Shape* shape, const Value& value) {
  if (!shape || value.is_null()) return value;
  if (shape->sensitive) return secret;
  if (value.is_array()) {
    Array elements;
    for (const Value& element : value.array())
      elements.push_back(without_secrets(shape->element.shape, element));
    return elements;
  }
  if (!value.is_object()) return value;
  Object members;
  for (const auto& [name, part] : value.object()) {
    const aws::Member* member = shape->type == aws::ShapeType::map ? &shape->value : shape->member(name);
    members.add(name, without_secrets(member ? member->shape : nullptr, part));
  }
  return members;
}

// The rows of a part without secrets, and without the columns that say nothing.
Value part_rows(const BoundAttribute& part, const Value& value) {
  if (!value.is_array()) return Array();
  Array rows;
  for (const Value& element : value.array()) {
    if (!element.is_object()) {
      rows.push_back(element);
      continue;
    }
    Object row;
    for (const BoundAttribute& member : part.members)
      if (const Value& column = element[member.column]; is_given(column))
        row.add(member.column, without_secrets(member.shape, column));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

class Columns {
public:
  Columns(const Bindings& bindings, const Base& base, const Diff& diff, const Change& change)
      : m_bindings(bindings), m_base(base), m_diff(diff), m_change(change),
        m_row(change.row ? &diff.rows[*change.row] : nullptr),
        m_entry(change.object ? base.find(*change.object) : nullptr) {}

  Object run() const {
    Object changes;
    if (m_change.action == Action::create || m_change.action == Action::remove) add_region(changes);
    for (const BoundAttribute& attribute : m_change.binding->attributes)
      if (is_shown(attribute)) changes.add(attribute.column, change_of(attribute));
    return changes;
  }

private:
  bool is_shown(const BoundAttribute& attribute) const {
    switch (m_change.action) {
    case Action::create:
      if (attribute.part) return attribute.is_input() && has_rows(attribute);
      if (attribute.once) return given(attribute) == Value(true);
      return attribute.is_input() && is_given(given(attribute));
    case Action::update:
    case Action::replace:
      return m_change.columns.contains(attribute.column);
    case Action::remove:
      return attribute.identity && m_entry && is_given(m_entry->attributes.get(attribute.column));
    }
    return false;
  }

  const Value& given(const BoundAttribute& attribute) const { return m_row->columns.get(attribute.column); }

  bool has_rows(const BoundAttribute& attribute) const {
    return std::any_of(m_row->parts.begin(), m_row->parts.end(),
                       [&](const PartRow& part) { return part.attribute == &attribute; });
  }

  void add_region(Object& changes) const {
    if (m_change.binding->resource->global) return;
    bool creates = m_change.action == Action::create;
    changes.add("region", Object{{"from", creates ? Value() : Value(m_change.region)},
                                 {"to", creates ? Value(m_change.region) : Value()}});
  }

  Object change_of(const BoundAttribute& attribute) const {
    Value from = m_entry ? known(attribute) : Value();
    Value to = m_row ? wanted(attribute) : Value();
    if (!attribute.parent.empty() && from == to && m_entry && m_row) tell_apart(attribute, from, to);
    return {{"from", std::move(from)}, {"to", std::move(to)}};
  }

  Value known(const BoundAttribute& attribute) const {
    const Value& value = m_entry->attributes.get(attribute.column);
    if (attribute.part) return part_rows(attribute, with_names(attribute, value));
    if (!attribute.parent.empty()) return name_of_object(attribute, value);
    if (attribute.shape && attribute.shape->sensitive) return secret;
    return without_secrets(attribute.shape, shown_value(attribute, value, m_change.region, m_base));
  }

  Value wanted(const BoundAttribute& attribute) const {
    if (attribute.part) return part_rows(attribute, wanted_rows(attribute));
    const Value& value = given(attribute);
    if (!attribute.parent.empty())
      return value.is_null() ? Value() : name_of_row(attribute.column, {attribute.parent, value.text()});
    const Value* derived = m_row->rewritten.find(attribute.column);
    return following(attribute, without_secrets(attribute.shape, derived ? *derived : value));
  }

  // As AWS has them, so that only what differs does; as the table has them while AWS knows nothing to point at.
  Value wanted_rows(const BoundAttribute& part) const {
    if (!m_row->pending.contains(part.column)) return with_names(part, m_row->resolved.get(part.column));
    Array rows;
    for (const PartRow& row : m_row->parts) {
      if (row.attribute != &part) continue;
      Row columns = row.columns;
      for (const BoundAttribute& member : part.members)
        if (const Value& key = row.columns.get(member.column); !member.parent.empty() && !key.is_null())
          columns.set(member.column, name_of_row(part.column, {member.parent, key.text()}));
      rows.push_back(part.part->element.empty() ? Value(std::move(columns)) : columns.get(part.part->element));
    }
    return rows;
  }

  // -- names

  Value name_of_object(const BoundAttribute& key, const Value& id) const {
    const Entry* entry = id.is_null() ? nullptr : m_base.find_by(key.parent, key.points_by, m_change.region, id);
    return entry ? Value(name_of(m_base, m_bindings, *entry)) : id;
  }

  Value name_of_row(const std::string& column, const RowReference& reference) const {
    const DesiredRow* row = m_diff.row(reference);
    if (!row) return reference.key;
    return name_of(m_diff, m_base, m_bindings, *row) + (is_replaced(column, *row) ? is_new : "");
  }

  bool is_replaced(const std::string& column, const DesiredRow& target) const {
    auto [first, last] = m_row->pending.equal_range(column);
    return target.object &&
           std::any_of(first, last, [&](const auto& pending) { return pending.second == target.reference(); });
  }

  // A part's value with the names of what its elements point at.
  Value with_names(const BoundAttribute& part, const Value& value) const {
    if (!value.is_array()) return value;
    Array elements;
    for (Value element : value.array()) {
      if (element.is_object()) keep_one_spelling(part, element.object());
      for (const BoundAttribute& member : part.members) {
        if (member.parent.empty()) continue;
        if (!element.is_object())
          element = name_of_object(member, element);
        else if (Value* id = element.object().find(member.column))
          *id = name_of_object(member, *id);
      }
      elements.push_back(std::move(element));
    }
    return elements;
  }

  // Columns of which AWS has one member: the foreign key whose object is known, else the column that is none.
  void keep_one_spelling(const BoundAttribute& part, Row& row) const {
    std::string kept;
    for (const std::string& column : part.part->one_of) {
      auto member = std::find_if(part.members.begin(), part.members.end(),
                                 [&](const BoundAttribute& each) { return each.column == column; });
      if (member == part.members.end() || !is_given(row.get(column))) continue;
      bool is_known = !member->parent.empty() &&
                      m_base.find_by(member->parent, member->points_by, m_change.region, row.get(column));
      if (is_known || (kept.empty() && member->parent.empty())) kept = column;
    }
    if (kept.empty()) return;
    for (const std::string& column : part.part->one_of)
      if (column != kept) row.erase(column);
  }

  // A text that names what the plan replaces will name what comes after it.
  Value following(const BoundAttribute& attribute, Value value) const {
    if (value.is_array()) {
      for (Value& element : value.array())
        element = following(attribute, element);
      return value;
    }
    auto [first, last] = m_row->pending.equal_range(attribute.column);
    for (auto pending = first; pending != last; ++pending)
      if (const DesiredRow* target = m_diff.row(pending->second);
          target && target->object && value == Value(target->object->cloud_id))
        return name_of_row(attribute.column, pending->second);
    return value;
  }

  void tell_apart(const BoundAttribute& attribute, Value& from, Value& to) const {
    const DesiredRow* target = m_diff.row({attribute.parent, given(attribute).text()});
    from = from.text() + " (" + m_entry->attributes.get(attribute.column).text() + ")";
    to = to.text() + (target && target->object ? " (" + target->object->cloud_id + ")" : is_new);
  }

  const Bindings& m_bindings;
  const Base& m_base;
  const Diff& m_diff;
  const Change& m_change;
  const DesiredRow* m_row;
  const Entry* m_entry;
};

std::string in_words(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t index = 0; index < names.size(); ++index)
    text += (index == 0 ? "" : index + 1 == names.size() ? " and " : ", ") + names[index];
  return text;
}

} // namespace

Object column_changes(const Bindings& bindings, const Base& base, const Diff& diff, const Change& change) {
  return Columns(bindings, base, diff, change).run();
}

std::string reason_to_replace(const Base& base, const Diff& diff, const Change& change) {
  if (change.action != Action::replace) return {};
  const std::vector<std::string>& one_of = change.binding->resource->one_of;
  const Row& known = base.find(*change.object)->attributes;
  const DesiredRow& row = diff.rows[*change.row];
  std::vector<std::string> fixed, exclusive, pointing;
  for (const BoundAttribute& attribute : change.binding->attributes) {
    const std::string& column = attribute.column;
    if (!change.columns.contains(column)) continue;
    bool excludes = std::find(one_of.begin(), one_of.end(), column) != one_of.end();
    if (attribute.role == Role::create_only)
      fixed.push_back(column);
    else if (excludes && is_given(row.columns.get(column)) && !is_given(known.get(column)))
      exclusive.push_back(column);
    else if (row.pending.contains(column))
      pointing.push_back(column);
  }
  if (!fixed.empty())
    return in_words(fixed) + " cannot be changed in place" + (change.is_revision() ? ": AWS keeps a new revision" : "");
  if (!exclusive.empty()) return in_words(exclusive) + " cannot take another column's place";
  return in_words(pointing) + (pointing.size() == 1 ? " points" : " point") + " at what is replaced";
}

} // namespace iasql::engine
