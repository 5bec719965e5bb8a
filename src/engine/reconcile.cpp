#include "engine/reconcile.hpp"

#include <algorithm>
#include <charconv>

namespace iasql::engine {

namespace {

class Reconciler {
public:
  Reconciler(const Bindings& bindings, const Base& base, const Diff& current, const Readings& readings)
      : m_bindings(bindings), m_base(base), m_current(current), m_readings(readings) {}

  Reconciliation run() {
    for (const DesiredRow& row : m_current.rows)
      if (row.object) m_row_of_object.emplace(*row.object, &row);
    for (const Binding& binding : m_bindings.in_order()) {
      if (!binding.stands_for_objects()) continue;
      auto read = m_readings.find(binding.name());
      if (read == m_readings.end())
        keep_table(binding);
      else
        take_table(binding, read->second);
    }
    std::reverse(m_removes.begin(), m_removes.end());
    std::move(m_removes.begin(), m_removes.end(), std::back_inserter(m_result.changes));
    return std::move(m_result);
  }

private:
  // A table that was not read: its rows and entries are only what others point at.
  void keep_table(const Binding& binding) {
    for (const Entry* entry : m_base.of(binding.name())) {
      m_after.put(*entry);
      if (auto row = m_row_of_object.find(key_of(*entry)); row != m_row_of_object.end())
        m_result.row_of.emplace(key_of(*entry), row->second->key);
    }
  }

  void take_table(const Binding& binding, const std::vector<Observed>& objects) {
    m_result.tables.insert(binding.name());
    std::set<std::string> used; // keys of the rows that stay or come back
    std::vector<const Observed*> homeless;
    for (const Observed& object : objects) {
      auto row = m_row_of_object.find(key(binding, object));
      if (row == m_row_of_object.end())
        homeless.push_back(&object);
      else if (take_object(binding, object, row->second, {}))
        used.insert(row->second->key);
    }
    std::vector<const DesiredRow*> free; // few, mostly, where there are many of either
    for (const DesiredRow& row : m_current.rows)
      if (row.binding == &binding && !used.contains(row.key)) free.push_back(&row);
    for (const Observed* object : homeless) {
      // A row that was not applied yet and describes this very object takes it over.
      const DesiredRow* row = row_of_identity(free, *object, used);
      std::string former = row ? std::string() : former_key(binding, *object);
      if (take_object(binding, *object, row, former)) used.insert(row ? row->key : former);
    }
    for (const DesiredRow* row : free)
      if (!used.contains(row->key)) remove_row(*row);
  }

  static ObjectKey key(const Binding& binding, const Observed& object) {
    return {binding.name(), object.region, object.cloud_id};
  }

  // A row without an entry that shows the object's id (it came out of a dump), or else its identity.
  const DesiredRow* row_of_identity(const std::vector<const DesiredRow*>& free, const Observed& object,
                                    const std::set<std::string>& used) const {
    const DesiredRow* found = nullptr;
    for (const DesiredRow* row : free) {
      if (row->region != object.region || used.contains(row->key)) continue;
      if (row->object && m_seen.contains(*row->object)) continue;
      if (!row->object && row->columns.get(row->binding->id_column).text() == object.cloud_id) return row;
      if (!found && has_identity(*row, object)) found = row;
    }
    return found;
  }

  bool has_identity(const DesiredRow& row, const Observed& object) const {
    const Resource& resource = *row.binding->resource;
    // A revision that somebody else made stands for what the row's own did, which is gone.
    const std::vector<std::string> identity =
        resource.revision_of.empty() ? resource.identity : std::vector<std::string>{resource.revision_of};
    return !identity.empty() && std::all_of(identity.begin(), identity.end(), [&](const std::string& column) {
      const BoundAttribute& attribute = *row.binding->attribute(column);
      const Value &wanted = row.columns.get(column), &there = object.attributes.get(column);
      if (!is_given(wanted)) return true;
      if (attribute.parent.empty()) return same_value(attribute, wanted, there);
      const Entry* parent = m_after.find_by(attribute.parent, attribute.points_by, object.region, there);
      auto known = parent ? m_result.row_of.find(key_of(*parent)) : m_result.row_of.end();
      return known != m_result.row_of.end() && known->second == wanted.text();
    });
  }

  // The key that the object's row had in this incarnation of the table, where no row has it now.
  std::string former_key(const Binding& binding, const Observed& object) const {
    const Entry* entry = m_base.find(key(binding, object));
    if (!entry || entry->table_oid != binding.table->oid || entry->row_key.empty() ||
        m_current.row({binding.name(), entry->row_key}))
      return {};
    return entry->row_key;
  }

  // Whether the object has a row afterwards.
  bool take_object(const Binding& binding, const Observed& object, const DesiredRow* row, const std::string& former) {
    RowChange change{.kind = row ? RowChange::Kind::update : RowChange::Kind::insert,
                     .binding = &binding,
                     .key = row ? row->key : former,
                     .columns = {},
                     .parents = {},
                     .object = key(binding, object),
                     .id = row ? row->id() : std::nullopt,
                     .description = cloud_name(binding, object.attributes, object.cloud_id)};
    if (row) m_result.row_of.emplace(*change.object, row->key);
    std::vector<RowChange> parts;
    for (const BoundAttribute& attribute : binding.attributes) {
      const Value there = shown_value(attribute, known_value(binding, attribute, object), object.region, m_after);
      if (attribute.part) {
        take_part(parts, attribute, there, row, *change.object);
      } else if (!attribute.parent.empty()) {
        if (!take_parent(change, attribute, there, row, object)) return false;
      } else if (!attribute.is_read() && !attribute.for_remove && !attribute.once) {
        if (row && is_given(row->columns.get(attribute.column)) && attribute.is_secret())
          change.columns.set(attribute.column, Value());
      } else if (!row ? !there.is_null() : !same_value(attribute, row->columns.get(attribute.column), there)) {
        change.columns.set(attribute.column, there);
      }
    }
    if (!binding.resource->global && (!row || row->region != object.region))
      change.columns.set("region", object.region);
    if (row && change.parents.empty() && parts.empty() && only_fluctuates(binding, change.columns))
      change.description.clear();
    m_seen.insert(*change.object);
    put_entry(binding, object, change.key);
    if (!row || !change.columns.empty() || !change.parents.empty() || !parts.empty())
      m_result.changes.push_back(std::move(change));
    std::move(parts.begin(), parts.end(), std::back_inserter(m_result.changes));
    return true;
  }

  static bool only_fluctuates(const Binding& binding, const Row& columns) {
    return std::all_of(columns.begin(), columns.end(), [&](const Object::Member& column) {
      const BoundAttribute* attribute = binding.attribute(column.first);
      return attribute && attribute->fluctuates;
    });
  }

  // What AWS says, and of what AWS never says what base does: what was asked for and not applied is discarded.
  Value known_value(const Binding& binding, const BoundAttribute& attribute, const Observed& object) const {
    if (attribute.once) return false;
    if (!attribute.for_remove) return object.attributes.get(attribute.column);
    const Entry* before = m_base.find(key(binding, object));
    return before && before->attributes.get(attribute.column) == Value(true);
  }

  // The rows of a part: those that are there are kept for the elements that they stand for.
  void take_part(std::vector<RowChange>& changes, const BoundAttribute& attribute, const Value& elements,
                 const DesiredRow* row, const ObjectKey& owner) {
    std::vector<const PartRow*> there;
    if (row)
      for (const PartRow& part : row->parts)
        if (part.attribute == &attribute) there.push_back(&part);
    const Binding& binding = m_bindings.of(attribute.column);
    for (const Value& element : elements.is_array() ? elements.array() : Array()) {
      RowChange change{.kind = RowChange::Kind::insert,
                       .binding = &binding,
                       .key = {},
                       .columns = {},
                       .parents = {{attribute.part->owner, owner}},
                       .object = std::nullopt,
                       .id = std::nullopt,
                       .description = {}};
      if (!take_element(change, attribute, element, owner.region)) continue;
      auto same = std::find_if(there.begin(), there.end(),
                               [&](const PartRow* part) { return stands_for(*part, attribute, change); });
      if (same == there.end()) {
        if (attribute.part_table->column("region")) change.columns.set("region", owner.region);
        changes.push_back(std::move(change));
        continue;
      }
      const PartRow& kept = **same;
      there.erase(same);
      if (says_the_same(*row, attribute, element)) continue;
      change.kind = RowChange::Kind::update;
      change.key = kept.key;
      for (const BoundAttribute& member : attribute.members)
        if (same_value(member, kept.columns.get(member.column), change.columns.get(member.column)))
          change.columns.erase(member.column);
      std::erase_if(change.parents, [&](const auto& parent) {
        auto known = m_result.row_of.find(parent.second);
        return known != m_result.row_of.end() && known->second == kept.columns.get(parent.first).text();
      });
      if (!change.columns.empty() || !change.parents.empty()) changes.push_back(std::move(change));
    }
    for (const PartRow* part : there)
      changes.push_back({.kind = RowChange::Kind::remove,
                         .binding = &binding,
                         .key = part->key,
                         .columns = {},
                         .parents = {},
                         .object = std::nullopt,
                         .id = std::nullopt,
                         .description = {}});
  }

  // Whether a row of the part already says, in its own spelling, what the element does.
  static bool says_the_same(const DesiredRow& owner, const BoundAttribute& attribute, const Value& element) {
    const Value& wanted = owner.resolved.get(attribute.column);
    const std::string& identity = attribute.part->identity;
    if (!attribute.part->to_structure || !wanted.is_array() || owner.pending.contains(attribute.column)) return false;
    return std::any_of(wanted.array().begin(), wanted.array().end(), [&](const Value& row) {
      return row[identity] == element[identity] && same_part_row(attribute, row, element);
    });
  }

  // Whether the element can be a row.
  bool take_element(RowChange& change, const BoundAttribute& attribute, const Value& element,
                    const std::string& region) {
    const auto& one_of = attribute.part->one_of;
    const std::string chosen = chosen_column(attribute, element, region);
    for (const BoundAttribute& member : attribute.members) {
      const Value& value = element.is_object() ? element[member.column] : element;
      const bool is_other = member.column != chosen && std::count(one_of.begin(), one_of.end(), member.column) > 0;
      if (is_other || member.parent.empty()) {
        change.columns.set(member.column, is_other ? Value() : value);
        continue;
      }
      if (const Entry* parent =
              value.is_null() ? nullptr : m_after.find_by(member.parent, member.points_by, region, value)) {
        change.parents.emplace(member.column, key_of(*parent));
      } else if (attribute.part_table->column(member.column)->not_null) {
        m_result.skipped.push_back(attribute.column + ": " + member.parent + " " + value.text() +
                                   " is not visible to this account");
        return false;
      } else {
        change.columns.set(member.column, Value());
      }
    }
    return true;
  }

  // Of columns that say the same in different ways: the first that is a row, else the text.
  std::string chosen_column(const BoundAttribute& attribute, const Value& element, const std::string& region) const {
    std::string text;
    for (const std::string& column : attribute.part->one_of)
      for (const BoundAttribute& member : attribute.members) {
        if (member.column != column || element[column].is_null()) continue;
        if (member.parent.empty())
          text = column;
        else if (m_after.find_by(member.parent, member.points_by, region, element[column]))
          return column;
      }
    return text;
  }

  // Rows of a join table by what they point at, others by the column that names them, else in the order they are in.
  bool stands_for(const PartRow& part, const BoundAttribute& attribute, const RowChange& change) const {
    if (!attribute.part->element.empty()) {
      auto known = m_result.row_of.find(change.parents.at(attribute.part->element));
      return known != m_result.row_of.end() && known->second == part.columns.get(attribute.part->element).text();
    }
    const std::string& identity = attribute.part->identity;
    return identity.empty() || part.columns.get(identity) == change.columns.get(identity);
  }

  // Whether the row can point at the object's parent.
  bool take_parent(RowChange& change, const BoundAttribute& attribute, const Value& id, const DesiredRow* row,
                   const Observed& object) {
    const Value& now = row ? row->columns.get(attribute.column) : null_value();
    const Entry* parent =
        id.is_null() ? nullptr : m_after.find_by(attribute.parent, attribute.points_by, object.region, id);
    if (parent) {
      auto known = m_result.row_of.find(key_of(*parent));
      if (known == m_result.row_of.end() || known->second != now.text())
        change.parents.emplace(attribute.column, key_of(*parent));
      return true;
    }
    if (!change.binding->table->column(attribute.column)->not_null) {
      if (!now.is_null()) change.columns.set(attribute.column, Value());
      return true;
    }
    m_result.skipped.push_back(change.binding->name() + " " + object.cloud_id + ": its " + attribute.parent + " " +
                               id.text() + " is not visible to this account");
    return false;
  }

  static const Value& null_value() {
    static const Value null;
    return null;
  }

  void put_entry(const Binding& binding, const Observed& object, const std::string& row_key) {
    const Entry* before = m_base.find(key(binding, object));
    Entry entry{.table = binding.name(),
                .region = object.region,
                .cloud_id = object.cloud_id,
                .table_oid = binding.table->oid,
                .row_key = row_key,
                .attributes = object.attributes,
                .is_protected =
                    object.is_protected || is_protected_by_parent(binding, object.attributes, object.region, m_after),
                .created_here = before && before->created_here};
    for (const BoundAttribute& attribute : binding.attributes)
      if (attribute.for_remove) entry.attributes.set(attribute.column, known_value(binding, attribute, object));
    m_after.put(entry);
    m_result.entries.push_back(std::move(entry));
  }

  void remove_row(const DesiredRow& row) {
    const Entry* entry = row.object ? m_base.find(*row.object) : nullptr;
    // The rows of its parts go with it, by their foreign key.
    m_removes.push_back({.kind = RowChange::Kind::remove,
                         .binding = row.binding,
                         .key = row.key,
                         .columns = {},
                         .parents = {},
                         .object = std::nullopt,
                         .id = std::nullopt,
                         .description = entry ? cloud_name(*row.binding, entry->attributes, entry->cloud_id)
                                              : name_of(m_current, m_base, m_bindings, row)});
  }

  const Bindings& m_bindings;
  const Base& m_base;
  const Diff& m_current;
  const Readings& m_readings;
  std::map<ObjectKey, const DesiredRow*> m_row_of_object;
  std::set<ObjectKey> m_seen;
  Base m_after;
  std::vector<RowChange> m_removes;
  Reconciliation m_result;
};

} // namespace

Reconciliation reconcile(const Bindings& bindings, const Base& base, const Diff& current, const Readings& readings) {
  return Reconciler(bindings, base, current, readings).run();
}

} // namespace iasql::engine
