// From rows and entries to changes. Tables are taken parents first, because what a child's foreign key means (a cloud
// id, or "not there yet") is known only when its parent's row has been paired. For each table: resolve references, pair
// rows with entries (by identity, then by primary key, where a replace that was rolled back left two for a row by what
// needs no replace, then by equality of all inputs), compare the pairs.

#include "engine/diff.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "engine/marshal.hpp"

#include <algorithm>
#include <unordered_map>

namespace iasql::engine {

RowReference DesiredRow::reference() const {
  return {binding->name(), key};
}

std::optional<std::int64_t> DesiredRow::id() const {
  const Value& id = columns.get("id");
  return id.is_integer() ? std::optional(id.integer()) : std::nullopt;
}

const DesiredRow* Diff::row(const RowReference& reference) const {
  auto found = row_index.find(reference);
  return found == row_index.end() ? nullptr : &rows[found->second];
}

std::set<std::string> enabled_regions(const std::vector<Region>& regions) {
  std::set<std::string> enabled{"global"};
  for (const Region& region : regions)
    if (region.is_enabled) enabled.insert(region.name);
  return enabled;
}

TableRows read_rows(Store& store, const Bindings& bindings) {
  TableRows rows;
  for (const Binding& binding : bindings.in_order())
    if (!binding.configuration) rows.emplace(binding.name(), store.rows(*binding.table));
  return rows;
}

bool is_protected_by_parent(const Binding& binding, const Row& attributes, const std::string& region,
                            const Base& base) {
  const auto& columns = binding.resource->protected_with;
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    const BoundAttribute* attribute = binding.attribute(column);
    const Entry* parent = attribute ? base.find(attribute->parent, region, attributes.get(column).text()) : nullptr;
    return parent && parent->is_protected;
  });
}

std::vector<std::string> referenced_ids(const Value& value) {
  std::vector<std::string> ids;
  if (value.is_string()) ids.push_back(value.string());
  if (value.is_array())
    for (const Value& element : value.array())
      if (element.is_string()) ids.push_back(element.string());
  return ids;
}

Value key_value(const Table& table, const std::string& column, const std::string& key) {
  return table.column(column)->type == "integer" ? Value(static_cast<std::int64_t>(std::stoll(key))) : Value(key);
}

Value part_value(const BoundAttribute& attribute, const std::vector<PartRow>& rows, const IdOfRow& id_of) {
  Array elements;
  for (const PartRow& row : rows) {
    if (row.attribute != &attribute) continue;
    Row element;
    for (const BoundAttribute& member : attribute.members) {
      const Value& value = row.columns.get(member.column);
      bool points = !member.parent.empty() && !value.is_null();
      element.set(member.column, points ? id_of(member, {member.parent, value.text()}) : value);
    }
    elements.push_back(attribute.part->element.empty() ? canonical_part_row(attribute, element)
                                                       : element.get(attribute.part->element));
  }
  return elements.empty() ? Value() : Value(std::move(elements));
}

Value pointing_value(const BoundAttribute& key, const Entry& object) {
  return key.points_by.empty() ? Value(object.cloud_id) : object.attributes.get(key.points_by);
}

std::vector<const Entry*> named_objects(const BoundAttribute& attribute, const Value& value, const std::string& region,
                                        const Base& base) {
  std::vector<const Entry*> named;
  const auto add = [&](const std::string& table, const std::string& column, const Value& id) {
    const Entry* object = id.is_string() ? base.find_by(table, column, region, id) : nullptr;
    if (object) named.push_back(object);
  };
  if (attribute.part) {
    if (value.is_array())
      for (const Value& element : value.array())
        for (const BoundAttribute& member : attribute.members)
          if (!member.parent.empty())
            add(member.parent, member.points_by, element.is_object() ? element[member.column] : element);
    return named;
  }
  const std::string& table = attribute.parent.empty() ? attribute.refers_to : attribute.parent;
  if (!table.empty())
    for (const std::string& id : referenced_ids(value))
      add(table, attribute.points_by, id);
  return named;
}

namespace {

// The object that the alias stands for.
const Entry* aliased(const Resource::Reference& reference, const std::string& region, const Base& base) {
  for (const Entry* entry : base.of(reference.table))
    if (entry->region == region && entry->attributes.get(reference.alias_column) == Value(true)) return entry;
  return nullptr;
}

bool has_alias(const BoundAttribute& attribute) {
  return attribute.reference && !attribute.reference->alias.empty();
}

} // namespace

Value shown_value(const BoundAttribute& attribute, const Value& value, const std::string& region, const Base& base) {
  if (!has_alias(attribute)) return value;
  const Entry* object = aliased(*attribute.reference, region, base);
  return object && value == Value(object->cloud_id) ? Value(attribute.reference->alias) : value;
}

Value unaliased_value(const BoundAttribute& attribute, const Value& value, const std::string& region,
                      const Base& base) {
  if (!has_alias(attribute) || value != Value(attribute.reference->alias)) return value;
  const Entry* object = aliased(*attribute.reference, region, base);
  return object ? Value(object->cloud_id) : value;
}

ParentAttributes parent_attributes(const Binding& binding, const Row& resolved, const std::string& region,
                                   const Base& base) {
  return [&binding, &resolved, region, &base](const std::string& column) -> const Row* {
    const BoundAttribute* key = binding.attribute(column);
    if (!key || key->parent.empty() || !is_given(resolved.get(column))) return nullptr;
    const Entry* parent = base.find_by(key->parent, key->points_by, region, resolved.get(column));
    return parent ? &parent->attributes : nullptr;
  };
}

Value derived_value(const Binding& binding, const Derived& derived, const Row& resolved, const std::string& region,
                    const Base& base) {
  Array ids;
  for (const Entry* entry : base.of(derived.table)) {
    const bool agrees = std::all_of(derived.matching.begin(), derived.matching.end(), [&](const auto& pair) {
      const Value wanted = unaliased_value(*binding.attribute(pair.second), resolved.get(pair.second), region, base);
      const Value& there = entry->attributes.get(pair.first);
      if (!is_given(wanted)) return true;
      if (!wanted.is_array()) return there == wanted;
      return std::find(wanted.array().begin(), wanted.array().end(), there) != wanted.array().end();
    });
    if (agrees && entry->region == region) ids.emplace_back(entry->cloud_id);
  }
  return ids.empty() ? Value() : Value(std::move(ids));
}

namespace {

class Comparison {
public:
  Comparison(const Bindings& bindings, const Base& base, const std::set<std::string>& enabled)
      : m_bindings(bindings), m_base(base), m_enabled(enabled) {}

  Diff run(const TableRows& tables) {
    collect_parts(tables);
    for (const Binding& binding : m_bindings.in_order()) {
      if (!binding.stands_for_objects()) continue;
      auto rows = tables.find(binding.name());
      compare_table(binding, rows == tables.end() ? std::vector<StoredRow>() : rows->second);
    }
    return std::move(m_diff);
  }

private:
  // Part rows by their owner.
  void collect_parts(const TableRows& tables) {
    for (const Binding& binding : m_bindings.in_order())
      for (const BoundAttribute& attribute : binding.attributes) {
        auto rows = attribute.part && !binding.owner ? tables.find(attribute.column) : tables.end();
        if (rows == tables.end()) continue;
        for (const StoredRow& row : rows->second) {
          const Value& owner = row.columns.get(attribute.part->owner);
          if (!owner.is_null()) m_parts[{binding.name(), owner.text()}].push_back({&attribute, row.key, row.columns});
        }
      }
  }

  void compare_table(const Binding& binding, const std::vector<StoredRow>& stored) {
    std::vector<std::size_t> unpaired;
    for (const StoredRow& row : stored) {
      DesiredRow desired = resolve(binding, row);
      m_diff.row_index.emplace(desired.reference(), m_diff.rows.size());
      unpaired.push_back(m_diff.rows.size());
      m_diff.rows.push_back(std::move(desired));
    }
    std::vector<const Entry*> entries = m_base.of(binding.name());
    pair(binding, unpaired, entries);
    for (std::size_t index = m_diff.rows.size() - stored.size(); index < m_diff.rows.size(); ++index)
      compare_row(binding, index);
    for (const Entry* entry : entries) // those that no row wants
      if (m_enabled.contains(entry->region))
        m_diff.changes.push_back({.action = Action::remove,
                                  .binding = &binding,
                                  .region = entry->region,
                                  .row = std::nullopt,
                                  .object = key_of(*entry),
                                  .columns = {},
                                  .is_protected = entry->is_protected});
  }

  DesiredRow resolve(const Binding& binding, const StoredRow& stored) {
    DesiredRow row{.binding = &binding,
                   .key = stored.key,
                   .region = binding.resource->global ? "global" : stored.columns.get("region").text(),
                   .columns = stored.columns,
                   .resolved = {},
                   .parts = {},
                   .rewritten = {},
                   .pending = {},
                   .object = std::nullopt};
    if (auto parts = m_parts.find(row.reference()); parts != m_parts.end()) row.parts = std::move(parts->second);
    for (const BoundAttribute& attribute : binding.attributes) {
      const Value& value = stored.columns.get(attribute.column);
      if (attribute.part)
        row.resolved.set(attribute.column, part_value(attribute, row.parts,
                                                      [&](const BoundAttribute& key, const RowReference& reference) {
                                                        return id_of_row(row, attribute, key, reference);
                                                      }));
      else if (value.is_null())
        row.resolved.set(attribute.column, Value());
      else if (!attribute.parent.empty())
        row.resolved.set(attribute.column, id_of_row(row, attribute, attribute, {attribute.parent, value.text()}));
      else
        resolve_text(row, attribute, value);
    }
    // A list without elements is no opinion either, where the list is made of something: some clients cannot say NULL.
    for (const Derived& derived : binding.resource->derived)
      if (const Value& list = row.resolved.get(derived.column); list.is_array() && list.array().empty())
        row.resolved.set(derived.column, Value());
    return row;
  }

  // What AWS knows the row by that `key`, which is the attribute or one column of its part, points at; null, and noted
  // as pending, while there is nothing to use.
  Value id_of_row(DesiredRow& row, const BoundAttribute& attribute, const BoundAttribute& key,
                  const RowReference& reference) {
    const DesiredRow* parent = m_diff.row(reference);
    if (!parent)
      throw Error(sqlstate::unresolved_reference, row.binding->name() + " " + row.key + ": " + attribute.column +
                                                      " points at no row of " + reference.table + " (" + reference.key +
                                                      ")");
    if (parent->object && !m_replaced.contains(*parent->object))
      if (Value known = pointing_value(key, *m_base.find(*parent->object)); !known.is_null()) return known;
    row.pending.emplace(attribute.column, reference);
    return Value();
  }

  // A text that names the cloud id of an object which is about to be replaced follows it to the new one.
  void resolve_text(DesiredRow& row, const BoundAttribute& attribute, const Value& value) {
    const Value named = unaliased_value(attribute, value, row.region, m_base);
    row.resolved.set(attribute.column, named);
    if (attribute.refers_to.empty()) return;
    for (const std::string& id : referenced_ids(named)) {
      const Entry* target = m_base.find(attribute.refers_to, row.region, id);
      if (!target) continue;
      auto replaced = m_replaced.find(key_of(*target));
      if (replaced != m_replaced.end()) row.pending.emplace(attribute.column, replaced->second);
    }
  }

  // -- pairing; `rows` and `entries` lose what is paired

  void pair(const Binding& binding, std::vector<std::size_t>& rows, std::vector<const Entry*>& entries) {
    if (!binding.resource->identity.empty()) pair_by_identity(binding, rows, entries);
    pair_by_key(binding, rows, entries);
    pair_when(rows, entries, [&](const DesiredRow& row, const Entry& entry) {
      return row.pending.empty() && equal_inputs(binding, row, entry);
    });
  }

  void pair_by_identity(const Binding& binding, std::vector<std::size_t>& rows, std::vector<const Entry*>& entries) {
    auto literal = [&](const std::string& region, const Row& columns) {
      std::string key = region;
      for (const std::string& column : binding.resource->identity)
        key += '\x1f' + write_json(columns.get(column));
      return key;
    };
    // Nearly all match to the letter: a hash finds them; the rest is compared by meaning.
    std::unordered_map<std::string, const Entry*> by_literal;
    for (const Entry* entry : entries)
      by_literal.emplace(literal(entry->region, entry->attributes), entry);
    std::set<const Entry*> taken;
    std::erase_if(rows, [&](std::size_t index) {
      DesiredRow& row = m_diff.rows[index];
      auto found = identity_is_known(row) ? by_literal.find(literal(row.region, row.resolved)) : by_literal.end();
      if (found == by_literal.end() || !taken.insert(found->second).second) return false;
      row.object = key_of(*found->second);
      return true;
    });
    std::erase_if(entries, [&](const Entry* entry) { return taken.contains(entry); });
    pair_when(rows, entries, [&](const DesiredRow& row, const Entry& entry) {
      return identity_is_known(row) && same_identity(binding, row, entry);
    });
  }

  static bool identity_is_known(const DesiredRow& row) {
    const auto& identity = row.binding->resource->identity;
    return std::none_of(identity.begin(), identity.end(),
                        [&](const std::string& column) { return row.pending.contains(column); });
  }

  static bool same_identity(const Binding& binding, const DesiredRow& row, const Entry& entry) {
    const auto& identity = binding.resource->identity;
    return row.region == entry.region && std::all_of(identity.begin(), identity.end(), [&](const std::string& column) {
             const Value &wanted = row.resolved.get(column), &known = entry.attributes.get(column);
             const BoundAttribute* attribute = binding.attribute(column);
             return wanted.is_null() == known.is_null() && (!attribute || same_value(*attribute, wanted, known));
           });
  }

  void pair_by_key(const Binding& binding, std::vector<std::size_t>& rows, std::vector<const Entry*>& entries) {
    // A row that moved to another region is another object: the one left behind is deleted, a new one created.
    std::unordered_map<std::string, const Entry*> by_key;
    for (const Entry* entry : entries)
      if (!entry->row_key.empty() && entry->table_oid == binding.table->oid)
        by_key.emplace(entry->region + '\x1f' + entry->row_key, entry);
    std::set<const Entry*> taken;
    std::erase_if(rows, [&](std::size_t index) {
      DesiredRow& row = m_diff.rows[index];
      auto found = by_key.find(row.region + '\x1f' + row.key);
      if (found == by_key.end()) return false;
      const Entry* former =
          would_be_replaced(binding, row, *found->second) ? left_behind(binding, row, entries, taken) : nullptr;
      const Entry* entry = former ? former : found->second;
      taken.insert(entry);
      row.object = key_of(*entry);
      return true;
    });
    std::erase_if(entries, [&](const Entry* entry) { return taken.contains(entry); });
  }

  // What a replace left behind is still the row's where the replace was rolled back: the row is as it was, and what was
  // made to stand for it is what nobody wants.
  static const Entry* left_behind(const Binding& binding, const DesiredRow& row,
                                  const std::vector<const Entry*>& entries, const std::set<const Entry*>& taken) {
    auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry* entry) {
      return entry->row_key.empty() && entry->table_oid == binding.table->oid && entry->region == row.region &&
             !taken.contains(entry) && !would_be_replaced(binding, row, *entry);
    });
    return found == entries.end() ? nullptr : *found;
  }

  static bool would_be_replaced(const Binding& binding, const DesiredRow& row, const Entry& entry) {
    return is_retired(binding, entry) ||
           needs_replace(binding, row.resolved, entry.attributes, changed_inputs(binding, row, entry));
  }

  template <typename Predicate>
  void pair_when(std::vector<std::size_t>& rows, std::vector<const Entry*>& entries, Predicate matches) {
    std::erase_if(rows, [&](std::size_t index) {
      DesiredRow& row = m_diff.rows[index];
      auto found =
          std::find_if(entries.begin(), entries.end(), [&](const Entry* entry) { return matches(row, *entry); });
      if (found == entries.end()) return false;
      row.object = key_of(**found);
      entries.erase(found);
      return true;
    });
  }

  static bool equal_inputs(const Binding& binding, const DesiredRow& row, const Entry& entry) {
    return row.region == entry.region && changed_inputs(binding, row, entry).empty() &&
           std::any_of(binding.attributes.begin(), binding.attributes.end(), [&](const BoundAttribute& attribute) {
             return attribute.is_input() && !row.resolved.get(attribute.column).is_null();
           });
  }

  // -- comparing

  // Null is "no opinion" and never a change.
  static std::set<std::string> changed_inputs(const Binding& binding, const DesiredRow& row, const Entry& entry) {
    std::set<std::string> changed;
    for (const BoundAttribute& attribute : binding.attributes) {
      if (!attribute.is_input()) continue;
      const Value& wanted = row.resolved.get(attribute.column);
      // What AWS never shows was not asked for until somebody asks for it.
      if ((attribute.once || attribute.for_remove) && wanted != Value(true) &&
          entry.attributes.get(attribute.column) != Value(true))
        continue;
      if (row.pending.contains(attribute.column) ||
          (!wanted.is_null() && !same_value(attribute, wanted, entry.attributes.get(attribute.column))))
        changed.insert(attribute.column);
    }
    return changed;
  }

  // An object with an identity is removed before its successor is created. What points at it has to be gone in between,
  // so it cannot be changed from the one to the other: it is replaced too.
  bool points_at_what_goes_before_it_comes(const DesiredRow& row) const {
    return std::any_of(row.pending.begin(), row.pending.end(), [&](const auto& pointing) {
      const DesiredRow* target = m_diff.row(pointing.second);
      return target && target->object && m_replaced.contains(*target->object) &&
             !target->binding->resource->identity.empty();
    });
  }

  void compare_row(const Binding& binding, std::size_t index) {
    DesiredRow& row = m_diff.rows[index];
    Change change{.action = Action::create,
                  .binding = &binding,
                  .region = row.region,
                  .row = index,
                  .object = row.object,
                  .columns = {},
                  .is_protected = false};
    if (row.object) {
      if (!m_enabled.contains(row.region)) return;
      const Entry& entry = *m_base.find(*row.object);
      // A part without rows leaves a new object to AWS's defaults, and empties an existing one.
      for (const BoundAttribute& attribute : binding.attributes)
        if (attribute.part) keep_strangers(row, attribute, entry);
      change.columns = changed_inputs(binding, row, entry);
      // What AWS makes together with an object (the default group of a VPC) goes and comes with it.
      if (entry.is_protected)
        std::erase_if(change.columns, [&](const std::string& column) { return row.pending.contains(column); });
      if (change.columns.empty()) return;
      derive_again(binding, row, change.columns);
      bool replaces = needs_replace(binding, row.resolved, entry.attributes, change.columns) ||
                      is_retired(binding, entry) || points_at_what_goes_before_it_comes(row);
      change.action = replaces ? Action::replace : Action::update;
      if (replaces) {
        change.is_protected = entry.is_protected;
        m_replaced.emplace(*row.object, row.reference());
      }
    }
    m_diff.changes.push_back(std::move(change));
  }

  // Elements of a join table that stand for no object we know have no row that could be missing: they stay.
  void keep_strangers(DesiredRow& row, const BoundAttribute& attribute, const Entry& entry) const {
    const Value& wanted = row.resolved.get(attribute.column);
    Array elements = wanted.is_array() ? wanted.array() : Array();
    const Value& known = entry.attributes.get(attribute.column);
    if (!attribute.part->element.empty() && known.is_array())
      for (const Value& element : known.array())
        if (named_objects(attribute, Array{element}, entry.region, m_base).empty() &&
            std::find(elements.begin(), elements.end(), element) == elements.end())
          elements.push_back(element);
    row.resolved.set(attribute.column, std::move(elements));
  }

  // A revision that AWS shows only because something uses it takes no change any more: another follows it.
  static bool is_retired(const Binding& binding, const Entry& entry) {
    if (binding.resource->revision_of.empty()) return false;
    return std::any_of(binding.resource->read.gone.begin(), binding.resource->read.gone.end(), [&](const auto& gone) {
      return std::any_of(binding.attributes.begin(), binding.attributes.end(), [&](const BoundAttribute& attribute) {
        return attribute.read_path == gone.first && entry.attributes.get(attribute.column) == gone.second;
      });
    });
  }

  // What depends on a changed column and did not change itself follows it.
  void derive_again(const Binding& binding, DesiredRow& row, std::set<std::string>& changed) const {
    for (const Derived& derived : binding.resource->derived) {
      const bool depends = std::any_of(derived.matching.begin(), derived.matching.end(),
                                       [&](const auto& pair) { return changed.contains(pair.second); });
      if (!depends || changed.contains(derived.column)) continue;
      Value value = derived_value(binding, derived, row.resolved, row.region, m_base);
      row.resolved.set(derived.column, value);
      row.rewritten.set(derived.column, std::move(value));
      changed.insert(derived.column);
    }
  }

  const Bindings& m_bindings;
  const Base& m_base;
  const std::set<std::string>& m_enabled;
  Diff m_diff;
  std::map<ObjectKey, RowReference> m_replaced;
  std::map<RowReference, std::vector<PartRow>> m_parts;
};

} // namespace

Diff diff(const Bindings& bindings, const TableRows& rows, const Base& base, const std::set<std::string>& enabled) {
  return Comparison(bindings, base, enabled).run(rows);
}

std::string name_of(const Diff& diff, const Base& base, const Bindings& bindings, const DesiredRow& row) {
  return natural_name(*row.binding, row.columns, [&](const std::string& table, const Value& reference) -> std::string {
    if (const DesiredRow* parent = diff.row({table, reference.text()})) return name_of(diff, base, bindings, *parent);
    const Entry* entry = base.find(table, row.region, reference.text());
    return entry ? name_of(base, bindings, *entry) : reference.text();
  });
}

std::string name_of(const Base& base, const Bindings& bindings, const Entry& entry) {
  const Binding* binding = bindings.find(entry.table);
  if (!binding) return entry.cloud_id;
  return natural_name(*binding, entry.attributes, [&](const std::string& table, const Value& reference) -> std::string {
    const Entry* parent = base.find(table, entry.region, reference.text());
    return parent ? name_of(base, bindings, *parent) : reference.text();
  });
}

} // namespace iasql::engine
