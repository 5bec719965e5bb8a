#include "engine/module_tables.hpp"

#include "modules/modules.hpp"

#include <sstream>
#include <stdexcept>

namespace iasql::engine::testing {

namespace {

[[noreturn]] void not_understood(const std::string& text) {
  throw std::runtime_error("the tests' DDL reader does not understand: " + text);
}

// Splits at `separator` outside of quotes, of $$ bodies and of parentheses; comments are dropped.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "--") {
      at = text.find('\n', at);
      continue;
    }
    const std::string_view quote = text[at] == '\'' ? "'" : text.substr(at, 2) == "$$" ? "$$" : "";
    if (!quote.empty()) {
      const auto end = text.find(quote, at + quote.size());
      if (end == std::string_view::npos) not_understood(std::string(text.substr(at, 40)));
      parts.back() += text.substr(at, end + quote.size() - at);
      at = end + quote.size() - 1;
      continue;
    }
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (text[at] == separator && depth == 0)
      parts.emplace_back();
    else
      parts.back() += text[at] == '\n' ? ' ' : text[at];
  }
  return parts;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;)
    result.push_back(word);
  return result;
}

std::string without_schema(const std::string& name) {
  if (!name.starts_with("public.")) not_understood(name + " (not in schema public)");
  return name.substr(7);
}

std::string without_parentheses(const std::string& text) {
  if (text.size() < 3 || text.front() != '(' || text.back() != ')') not_understood(text);
  return text.substr(1, text.size() - 2);
}

std::string type_name(const std::string& type) {
  if (type == "serial") return "integer";
  if (type == "timestamptz") return "timestamp with time zone";
  for (const char* known : {"integer", "text", "text[]", "boolean", "cidr", "jsonb"})
    if (type == known) return type;
  not_understood("type " + type);
}

void read_column(const std::vector<std::string>& word, Table& table) {
  if (word.size() < 2) not_understood("a column without a type");
  Column column{.name = word[0], .type = type_name(word[1]), .not_null = word[1] == "serial"};
  for (std::size_t at = 2; at < word.size(); ++at) {
    const auto next = [&](std::size_t distance) { return at + distance < word.size() ? word[at + distance] : ""; };
    if (word[at] == "NOT" && next(1) == "NULL") {
      column.not_null = true;
      at += 1;
    } else if (word[at] == "PRIMARY" && next(1) == "KEY") {
      column.not_null = true;
      table.primary_key = column.name;
      table.key_columns = {column.name};
      at += 1;
    } else if (word[at] == "DEFAULT") {
      at += 1;
    } else if (word[at] == "REFERENCES") {
      table.foreign_keys.push_back({column.name, without_schema(next(1)), without_parentheses(next(2))});
      at += 2;
    } else if (word[at] == "ON" && (next(1) == "DELETE" || next(1) == "UPDATE") && next(2) == "CASCADE") {
      at += 2;
    } else {
      not_understood(column.name + ": " + word[at]);
    }
  }
  table.columns.push_back(column);
}

void read_constraint(const std::vector<std::string>& word, Table& table) {
  const std::string& kind = word.at(2);
  if (kind == "CHECK" || kind == "UNIQUE") return;
  if (kind == "PRIMARY") {
    std::string columns;
    for (std::size_t at = 4; at < word.size(); ++at)
      columns += word[at];
    table.key_columns = split(without_parentheses(columns), ',');
    return;
  }
  if (kind != "FOREIGN" || word.size() != 8 || word[3] != "KEY" || word[5] != "REFERENCES") not_understood(word.at(1));
  table.foreign_keys.push_back({without_parentheses(word[4]), without_schema(word[6]), without_parentheses(word[7])});
}

Table read_table(const std::string& statement, const std::string& module) {
  const auto open = statement.find('(');
  const auto head = words(statement.substr(0, open));
  Table table;
  table.name = without_schema(head.at(2));
  table.module = module;
  for (const std::string& part : split(without_parentheses(statement.substr(open)), ',')) {
    const auto word = words(part);
    if (word.empty()) not_understood(part);
    if (word[0] == "CONSTRAINT")
      read_constraint(word, table);
    else
      read_column(word, table);
  }
  return table;
}

} // namespace

Catalogue catalogue_of(const std::vector<Module>& modules) {
  Catalogue catalogue;
  std::uint32_t oid = 16384;
  for (const Module& module : modules) {
    catalogue.modules.push_back({.name = module.name, .version = module.version});
    for (const std::string& text : split(module.sql, ';')) {
      const auto word = words(text);
      if (word.empty() || (word[0] == "COMMENT" && word.at(1) == "ON")) continue;
      if (word[0] != "CREATE") not_understood(text);
      if (word.at(1) == "UNIQUE" || word.at(1) == "FUNCTION") continue;
      if (word.at(1) != "TABLE") not_understood(text);
      const auto last = text.find_last_not_of(' ');
      Table table = read_table(text.substr(0, last + 1), module.name);
      table.oid = oid++;
      catalogue.tables.emplace(table.name, table);
    }
  }
  return catalogue;
}

const Bindings& module_bindings() {
  static const Catalogue catalogue = catalogue_of(modules::all_modules());
  static const Bindings bindings = bind(modules::all_modules(), catalogue);
  return bindings;
}

const Binding& binding_of(std::string_view table) {
  return module_bindings().of(table);
}

} // namespace iasql::engine::testing
