// Turns a module's bindings and the text of its DDL into a page of Markdown. What a column is comes from its binding,
// so that the page cannot say what the engine does not do; the comment stands beside it as psql's \d+ shows it. Tables
// that describe the account have no binding of columns: there the comment alone speaks. The parts are: Markdown, one
// column, one table, the permissions, the page.

#include "reference/pages.hpp"

#include "reference/permissions.hpp"

#include <algorithm>

namespace iasql::reference {

using engine::Binding;
using engine::Bindings;
using engine::BoundAttribute;
using engine::Column;
using engine::ForeignKey;
using engine::Module;
using engine::Resource;
using engine::Role;
using engine::Table;
using engine::testing::ModuleText;
using engine::testing::TableText;

namespace {

// -- Markdown

std::string code(const std::string& text) {
  return "`" + text + "`";
}

std::string link(const std::string& text, const std::string& target) {
  return "[" + text + "](" + target + ")";
}

std::string prose(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '<')
      escaped += "&lt;";
    else if (character == '|' || character == '*')
      escaped += std::string("\\") + character;
    else
      escaped += character;
  }
  return escaped;
}

// A function's comment, whose last line may be an example.
std::string explanation(const std::string& comment) {
  static const std::string example = "\nExample: ";
  const auto at = comment.find(example);
  if (at == std::string::npos) return prose(comment);
  return prose(comment.substr(0, at)) + " Example: " + code(comment.substr(at + example.size()));
}

std::string joined(const std::vector<std::string>& texts, const std::string& separator) {
  std::string result;
  for (const std::string& text : texts)
    result += (result.empty() ? "" : separator) + text;
  return result;
}

std::string row(const std::vector<std::string>& cells) {
  return "| " + joined(cells, " | ") + " |\n";
}

// -- one column

struct Place {
  const Binding& binding;
  const TableText& text;
  const Bindings& bindings;
};

// The page and heading of a table.
std::string anchor(const Place& place, const std::string& table) {
  const Module* module = place.bindings.of(table).module;
  return (module == place.binding.module ? "" : module->name + ".md") + "#" + table;
}

std::string keys(const Place& place, const Column& column, const BoundAttribute* attribute) {
  const Table& table = *place.binding.table;
  std::vector<std::string> said;
  if (std::count(table.key_columns.begin(), table.key_columns.end(), column.name) > 0) said.push_back("primary");
  if (const ForeignKey* key = table.foreign_key(column.name))
    said.push_back("→ " + link(key->table + "." + key->target, anchor(place, key->table)));
  if (attribute && !attribute->refers_to.empty()) {
    std::string text = (column.type == "text[]" ? "ids of " : "id of ") +
                       link(attribute->refers_to, anchor(place, attribute->refers_to));
    if (!attribute->reference->alias.empty()) text += " or " + code(attribute->reference->alias);
    said.push_back(text);
  }
  return joined(said, "; ");
}

// The row's number and its region stand for nothing in the object, a part's foreign key to its owner neither.
enum class Local { no, number, region, owner };

Local local(const Place& place, const Column& column) {
  const Table& table = *place.binding.table;
  if (column.name == "id" && table.primary_key == "id") return Local::number;
  if (place.binding.configuration) return Local::no;
  if (column.name == "region") return Local::region;
  if (place.binding.owner)
    for (const engine::Part& part : place.binding.owner->parts)
      if (part.table == table.name && part.owner == column.name) return Local::owner;
  return Local::no;
}

std::string value(const Place& place, const Column& column, const BoundAttribute* attribute) {
  if (local(place, column) == Local::number) return "numbered";
  if (local(place, column) == Local::region) return "filled in";
  if (attribute && attribute->role == Role::output) return "AWS's";
  if (auto found = place.text.defaults.find(column.name); found != place.text.defaults.end())
    return "default " + code(found->second);
  if (place.binding.configuration) return "filled in";
  return column.not_null || (attribute && attribute->required) ? "required" : "may be NULL";
}

// Input or output, and what a change of it does.
struct Effect {
  std::string role, change;
};

Effect effect(const Place& place, const Column& column, const BoundAttribute* attribute) {
  const Binding& binding = place.binding;
  if (local(place, column) == Local::number) return {"key", ""};
  if (binding.configuration) return {"", ""};
  if (binding.owner) {
    const std::string owner = link(binding.owner->table, anchor(place, binding.owner->table));
    if (local(place, column) == Local::region) return {"owner's", "refused"};
    return {"input", !binding.owner->revision_of.empty() ? "new revision of " + owner : "updates " + owner};
  }
  if (local(place, column) == Local::region) return {"input", "replaces"};
  if (attribute->role == Role::output) return {"output", "ignored"};
  if (attribute->once) return {"input", "asks once"};
  if (attribute->for_remove) return {"input", "kept for the delete"};
  if (attribute->role == Role::input) return {"input", "updates"};
  return {"input", !binding.resource->revision_of.empty() ? "new revision" : "replaces"};
}

std::string column_row(const Place& place, const Column& column) {
  const BoundAttribute* attribute = place.binding.attribute(column.name);
  const Effect what = effect(place, column, attribute);
  auto comment = place.text.column_comments.find(column.name);
  return row({code(column.name), column.type, keys(place, column, attribute), value(place, column, attribute),
              what.role, what.change, comment == place.text.column_comments.end() ? "" : prose(comment->second)});
}

// -- one table

std::string remarks(const Place& place) {
  const Binding& binding = place.binding;
  std::vector<std::string> said;
  if (binding.owner)
    said.push_back("Its rows are part of " + link(binding.owner->table, anchor(place, binding.owner->table)) +
                   " and have no request of their own.");
  if (binding.configuration) said.push_back("It describes the account: no plan to apply mentions it.");
  if (const Resource* resource = binding.resource) {
    if (resource->global) said.push_back("One for all regions.");
    if (!resource->revision_of.empty()) said.push_back("A change registers a new revision, shown as an update.");
    if (resource->loses_data) said.push_back("A delete or replace loses data.");
  }
  for (const std::string& unique : place.text.unique)
    said.push_back("Unique: " + code(unique) + ".");
  return joined(said, " ");
}

std::string table_section(const Place& place) {
  std::string section = "## " + place.binding.name() + "\n\n" + prose(place.text.comment) + "\n\n";
  if (const std::string text = remarks(place); !text.empty()) section += text + "\n\n";
  section += row({"column", "type", "key", "value", "role", "a change", "comment"});
  section += "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const Column& column : place.binding.table->columns)
    section += column_row(place, column);
  return section + "\n";
}

// -- permissions

std::string actions(const Permissions& permissions) {
  std::vector<std::string> names;
  for (const Permission& permission : permissions)
    names.push_back(code(permission.action));
  return joined(names, ", ");
}

std::string further_row(const Module::FurtherAction& action, const std::string& when) {
  const std::string narrowed =
      action.condition_key.empty() ? "" : " where " + code(action.condition_key) + " is " + code(action.condition);
  return row({when, code(action.action) + narrowed, prose(action.reason)});
}

std::string policy_link(const std::string& name, const std::string& kind, const std::string& text) {
  return link(text, "../policies/" + name + "." + kind + ".json");
}

std::string permissions_section(const Module& module) {
  std::string section = "## What IAM must allow\n\n";
  const bool writes = !to_write(module).empty();
  section +=
      "The least for an install, a sync and its plan: " + policy_link(module.name, "read", module.name + ".read.json") +
      ".";
  if (writes)
    section +=
        " To apply changes of these tables too: " + policy_link(module.name, "write", module.name + ".write.json") +
        ".";
  if (!module.dependencies.empty())
    section += writes ? " Both include reading the modules that it needs." : " It includes the modules that it needs.";
  section += "\n\n" + row({"to", "actions", "why"}) + "| --- | --- | --- |\n";
  for (const Resource& resource : module.resources) {
    section += row({"read " + code(resource.table), actions(to_read(resource)), ""});
    section += row({"change " + code(resource.table), actions(to_write(resource)), ""});
  }
  for (const Module::FurtherAction& action : module.further_actions.read)
    section += further_row(action, "read");
  for (const Module::FurtherAction& action : module.further_actions.write)
    section += further_row(action, "change");
  return section;
}

} // namespace

// -- the pages

static const std::string written =
    "<!-- Written from comments and specs: REGENERATE=1 <build>/unit_tests --gtest_filter='*Reference*' -->\n\n";

std::string module_page(const Module& module, const ModuleText& text, const Bindings& bindings) {
  std::string page = "# " + module.name + "\n\n" + written + "Version " + module.version + ". ";
  std::vector<std::string> needed;
  for (const std::string& name : module.dependencies)
    needed.push_back(link(name, name + ".md"));
  if (!needed.empty()) page += "Needs " + joined(needed, ", ") + ". ";
  page += link("Examples", "../../../src/modules/" + module.name + "/README.md") + ".\n\n";
  for (const std::string& table : module.tables)
    page += table_section({bindings.of(table), text.tables.at(table), bindings});
  if (!module.functions.empty()) {
    page += "## Functions\n\n";
    for (const std::string& function : module.functions)
      page +=
          "- " + code(function.substr(function.find('.') + 1)) + ": " + explanation(text.functions.at(function)) + "\n";
    page += "\n";
  }
  return page + permissions_section(module);
}

std::string index_page(const std::vector<Module>& modules) {
  std::string page = "# Tables, by module\n\n" + written;
  page +=
      "What the columns of the pages say:\n\n"
      "- *value*: what an INSERT must give. Of *filled in* the row it points at or `default_aws_region()` has it.\n"
      "- *a change*: what the next `iasql_apply()` does after an UPDATE of the column: it *updates* the object, or it\n"
      "  *replaces* it by a new one; what AWS sets is *ignored*, with a NOTICE.\n\n"
      "The policies are documents for IAM with the least that a module needs; attach those of all modules that are\n"
      "installed. " +
      policy_link("all", "read", "all.read.json") + " and " + policy_link("all", "write", "all.write.json") +
      " are for all of them.\n\n" + row({"module", "tables", "policies"}) + "| --- | --- | --- |\n";
  for (const Module& module : modules) {
    std::vector<std::string> tables, policies = {policy_link(module.name, "read", "read")};
    for (const std::string& table : module.tables)
      tables.push_back(link(table, module.name + ".md#" + table));
    if (!to_write(module).empty()) policies.push_back(policy_link(module.name, "write", "write"));
    page += row({link(module.name, module.name + ".md"), joined(tables, ", "), joined(policies, ", ")});
  }
  return page;
}

} // namespace iasql::reference
