// From the row that a client wrote to the row that is stored: outputs, then defaults, then region, then values, each a
// function below. The rules come from the tables' bindings, which are made once and again after any table of the
// database has changed. Tables that describe the account have rules of their own, at the end.

#include "extension/trigger.hpp"

#include "base/error.hpp"
#include "engine/bind.hpp"
#include "engine/marshal.hpp"
#include "extension/pg/message.hpp"
#include "extension/pg/pattern.hpp"
#include "extension/pg/relation_changes.hpp"
#include "extension/pg/written_row.hpp"
#include "extension/store.hpp"
#include "extension/store_sql.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace iasql::extension {

namespace {

using Event = pg::WrittenRow::Event;

// -- rules

// Of every table that is as it should be: what is wrong with one is no reason to keep rows out of the others.
struct Rules {
  std::vector<engine::Module> modules; // the bindings point into both
  engine::Catalogue catalogue;
  engine::Bindings bindings;
  std::vector<PgStore::Unsound> unsound;

  void require_sound(pg::Oid table) const {
    for (const auto& each : unsound)
      if (each.table == table) throw Error(each.error);
  }
  // nullptr where it cannot be asked.
  const engine::Table* table(const std::string& name) const {
    auto found = catalogue.tables.find(name);
    return found == catalogue.tables.end() ? nullptr : &found->second;
  }

  // nullptr for a table that no installed module has, such as one restored from a dump and not synced yet.
  const engine::Binding* of(const pg::WrittenRow& row) const {
    const auto* binding = bindings.find(row.table_name());
    return binding && binding->table->oid == row.table() ? binding : nullptr;
  }
};

// A table whose parts are not as they should be cannot be bound without them.
void distrust_owners(Rules& rules) {
  for (const auto& module : rules.modules)
    for (const auto& resource : module.resources)
      for (const auto& part : resource.parts) {
        auto lost = std::find_if(rules.unsound.begin(), rules.unsound.end(),
                                 [&](const auto& each) { return each.name == part.table; });
        const auto* owner = rules.table(resource.table);
        if (owner && lost != rules.unsound.end())
          rules.unsound.push_back({owner->oid, resource.table, Error(lost->error)});
      }
}

std::shared_ptr<const Rules> read_rules() {
  auto rules = std::make_shared<Rules>();
  rules->catalogue = PgStore({}).sound_tables(rules->unsound);
  rules->modules = modules::all_modules();
  distrust_owners(*rules);
  for (auto& module : rules->modules)
    std::erase_if(module.tables, [&](const auto& name) {
      return std::any_of(rules->unsound.begin(), rules->unsound.end(),
                         [&](const auto& each) { return each.name == name; });
    });
  rules->bindings = engine::bind(rules->modules, rules->catalogue);
  return rules;
}

// A table that is missing is looked for again, because an older snapshot may have seen fewer modules. Shared, because
// a default that is filled in may be a function of the tenant's, which alters a table and writes another row meanwhile.
std::shared_ptr<const Rules> rules_for(const pg::WrittenRow& row) {
  static std::shared_ptr<const Rules> rules;
  if (pg::relations_changed()) rules.reset();
  if (!rules || !rules->of(row)) {
    rules.reset();
    rules = read_rules();
  }
  return rules;
}

// -- outputs and defaults

std::string place(const pg::WrittenRow& row, std::string_view column) {
  return row.table_name() + "." + std::string(column);
}

bool is_given(const pg::WrittenRow& row, std::string_view column) {
  return !row.is_null(column) && !row.is_empty_text(column);
}

// Leaves an output as it is stored; in a new row, empty.
void keep_output(pg::WrittenRow& row, const std::string& column) {
  if (!row.is_changed(column)) return;
  if (is_given(row, column) && !row.equals_default(column))
    pg::tell(pg::Level::notice, place(row, column) + " is set by AWS: the given value is ignored");
  if (row.event() == Event::update)
    row.set_stored(column);
  else
    row.set_default(column);
}

// Clients that name every column of a table send NULL or '' for what they have no opinion on.
void fill_default(pg::WrittenRow& row, const engine::Table& table, const engine::BoundAttribute& attribute) {
  if (is_given(row, attribute.column) || !row.is_changed(attribute.column)) return;
  if (row.has_default(attribute.column))
    row.set_default(attribute.column);
  else if (!attribute.refers_to.empty() && !table.column(attribute.column)->not_null)
    row.set_null(attribute.column);
}

// -- region

constexpr std::string_view region = "region";
constexpr std::string_view regions_table = "aws_regions";

std::optional<std::string> only_value(const pg::Statement& statement) {
  auto found = pg::run(statement);
  return found.rows.empty() ? std::nullopt : found.rows.front().front();
}

struct Parent {
  std::string column;      // that points at it
  std::string description; // "vpc 3"
  std::string region;
};

// The rows that this one points at and that have a region.
std::vector<Parent> parents_of(const pg::WrittenRow& row, const Rules& rules, const engine::Table& table) {
  std::vector<Parent> parents;
  for (const auto& key : table.foreign_keys) {
    if (key.table == regions_table || row.is_null(key.column)) continue;
    const auto* parent = rules.table(key.table);
    const auto* target = parent ? parent->column(key.target) : nullptr;
    if (!target || !parent->column(region)) continue;
    auto points_at = row.value(key.column).text();
    auto found = only_value({.text = "SELECT region FROM ONLY public." + pg::quoted(key.table) + " WHERE " +
                                     pg::quoted(key.target) + " = $1::" + target->type,
                             .parameters = {points_at},
                             .as = as_owner_of(*parent)});
    if (found) parents.push_back({key.column, key.table + " " + points_at, *found});
  }
  return parents;
}

bool points_elsewhere(const pg::WrittenRow& row, const engine::Table& table) {
  for (const auto& key : table.foreign_keys)
    if (key.table != regions_table && row.is_changed(key.column)) return true;
  return false;
}

void require_enabled_region(const pg::WrittenRow& row, const Rules& rules) {
  auto name = row.value(region).text();
  const auto* regions = rules.table(std::string(regions_table));
  if (!regions) return;
  auto enabled = only_value({.text = "SELECT is_enabled FROM ONLY public.aws_regions WHERE region = $1",
                             .parameters = {name},
                             .as = as_owner_of(*regions)});
  if (!enabled)
    throw Error(sqlstate::invalid_value, place(row, region) + ": there is no region \"" + name + "\"", {},
                "Table aws_regions lists the regions");
  if (enabled != "t")
    throw Error(sqlstate::invalid_value, place(row, region) + ": region " + name + " is not enabled", {},
                "UPDATE aws_regions SET is_enabled = true WHERE region = " + pg::literal(name));
}

// Not with default_aws_region(), which the tenant may replace.
std::optional<std::string> default_region(const Rules& rules) {
  const auto* regions = rules.table(std::string(regions_table));
  if (!regions) return {};
  return only_value(
      {.text = "SELECT region FROM ONLY public.aws_regions WHERE is_default", .as = as_owner_of(*regions)});
}

// What AWS connects is in one region.
void require_one_region(const pg::WrittenRow& row, const std::vector<Parent>& parents) {
  for (const Parent& parent : parents)
    if (parent.region != parents.front().region)
      throw Error(sqlstate::invalid_value, place(row, parent.column) + ": " + parent.description + " is in " +
                                               parent.region + ", but " + parents.front().description + " is in " +
                                               parents.front().region);
}

void fill_region(pg::WrittenRow& row, const Rules& rules, const std::vector<Parent>& parents) {
  auto standard = parents.empty() ? default_region(rules) : parents.front().region;
  if (!standard)
    throw Error(sqlstate::missing_value, place(row, region) + " is not given and no region is the default", {},
                "Give the region, or choose a default with default_aws_region('…')");
  row.set_text(region, *standard);
}

void settle_region(pg::WrittenRow& row, const Rules& rules, const engine::Table& table) {
  const bool has_region = table.column(region) != nullptr;
  const bool is_region_changed = has_region && row.is_changed(region);
  if (!is_region_changed && !points_elsewhere(row, table)) return;
  const auto parents = parents_of(row, rules, table);
  require_one_region(row, parents);
  if (!has_region) return;
  if (!is_given(row, region)) return fill_region(row, rules, parents);
  auto given = row.value(region).text();
  if (!parents.empty() && given != parents.front().region)
    throw Error(sqlstate::invalid_value, place(row, region) + ": the row is for " + given + ", but " +
                                             parents.front().description + " is in " + parents.front().region);
  if (is_region_changed) require_enabled_region(row, rules);
}

// -- values

// What a row points at is checked by its foreign key, or when a plan is made.
void check_value(const pg::WrittenRow& row, const engine::BoundAttribute& attribute) {
  if (!attribute.parent.empty() || !attribute.refers_to.empty()) return;
  if (row.is_null(attribute.column) || !row.is_changed(attribute.column)) return;
  auto problem = engine::what_is_wrong(attribute, row.value(attribute.column), pg::matches_pattern);
  if (problem) throw Error(sqlstate::invalid_value, place(row, attribute.column) + ": " + *problem);
}

// -- tables that describe the account

void check_configuration(pg::WrittenRow& row, engine::Configuration kind) {
  auto is_account = kind == engine::Configuration::account;
  if (row.event() == Event::insert)
    throw Error(sqlstate::insufficient_privilege,
                is_account ? "rows of aws_account are made by \"iasql connect\" alone"
                           : "rows of aws_regions are AWS's list of regions: none can be added",
                {}, is_account ? "" : "UPDATE aws_regions SET is_enabled = true WHERE region = '…'");
  if (!is_account) {
    keep_output(row, std::string(region));
    return;
  }
  for (std::string column : {"account_id", "access_key_id", "region"})
    keep_output(row, column);
}

} // namespace

void check_row(pg::WrittenRow& row) {
  if (writing_rows_of(row.table())) return;
  const auto shared_rules = rules_for(row);
  const Rules& rules = *shared_rules;
  rules.require_sound(row.table());
  const auto* binding = rules.of(row);
  if (!binding) return;
  if (binding->configuration) {
    check_configuration(row, *binding->configuration);
    return;
  }
  for (const auto& attribute : binding->attributes) {
    if (attribute.column == region || attribute.part) continue;
    if (attribute.is_input())
      fill_default(row, *binding->table, attribute);
    else
      keep_output(row, attribute.column);
  }
  settle_region(row, rules, *binding->table);
  for (const auto& attribute : binding->attributes)
    if (attribute.is_input() && !attribute.part && attribute.column != region) check_value(row, attribute);
}

} // namespace iasql::extension
