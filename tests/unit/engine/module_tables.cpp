// Turns the DDL of a module into tables as the Catalogue has them, and into the comments, defaults and unique keys
// beside them. Whatever is not known is an error. The parts are: splitting SQL into statements, lists and words; one
// column or constraint; one table; comments; a whole module.

#include "engine/module_tables.hpp"

#include "modules/modules.hpp"

#include <sstream>
#include <stdexcept>
#include <utility>

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

// 'it''s' is it's, and so is $$it's$$.
std::string unquoted(const std::string& literal) {
  if (literal.starts_with("$$") && literal.ends_with("$$") && literal.size() >= 4)
    return literal.substr(2, literal.size() - 4);
  if (literal.size() < 2 || literal.front() != '\'' || literal.back() != '\'') not_understood(literal);
  std::string text;
  for (std::size_t at = 1; at + 1 < literal.size(); ++at) {
    if (literal[at] == '\'') ++at;
    text += literal[at];
  }
  return text;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string with_single_spaces(const std::string& text) {
  std::string result;
  for (const std::string& word : words(text))
    result += (result.empty() ? "" : " ") + word;
  return result;
}

std::string after(const std::string& text, const std::string& word) {
  return trimmed(text.substr(text.find(word) + word.size()));
}

struct DescribedTable {
  Table table;
  TableText text;
};

void read_column(const std::vector<std::string>& word, DescribedTable& described) {
  auto& [table, text] = described;
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
      text.defaults[column.name] = next(1);
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

void read_constraint(const std::string& part, const std::vector<std::string>& word, DescribedTable& described) {
  auto& [table, text] = described;
  const std::string& kind = word.at(2);
  if (kind == "UNIQUE") text.unique.push_back(with_single_spaces(after(part, "UNIQUE")));
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

DescribedTable read_table(const std::string& statement, const std::string& module) {
  const auto open = statement.find('(');
  const auto head = words(statement.substr(0, open));
  DescribedTable described;
  described.table.name = without_schema(head.at(2));
  described.table.module = module;
  for (const std::string& part : split(without_parentheses(statement.substr(open)), ',')) {
    const auto word = words(part);
    if (word.empty()) not_understood(part);
    if (word[0] == "CONSTRAINT")
      read_constraint(part, word, described);
    else
      read_column(word, described);
  }
  return described;
}

// COMMENT ON what name IS 'text'
struct Comment {
  std::string what, name, text;
};

Comment read_comment(const std::string& statement) {
  const auto is = statement.find(" IS ");
  if (is == std::string::npos) not_understood(statement);
  const auto word = words(statement.substr(0, is));
  const std::string name = trimmed(statement.substr(statement.find(word.at(3)), is - statement.find(word.at(3))));
  return {word.at(2), name, unquoted(after(statement, " IS "))};
}

struct Ddl {
  std::vector<DescribedTable> tables;
  std::map<std::string, std::string> functions; // comments, by name as Module::functions has it

  TableText& text_of(const std::string& name) {
    for (DescribedTable& described : tables)
      if (described.table.name == name) return described.text;
    not_understood("a comment on, or an index of " + name);
  }
};

void take_comment(const Comment& comment, Ddl& ddl) {
  if (comment.what == "FUNCTION") {
    ddl.functions[comment.name] = comment.text;
    return;
  }
  const std::string name = without_schema(comment.name);
  const auto dot = name.find('.');
  TableText& text = ddl.text_of(name.substr(0, dot));
  if (comment.what == "TABLE")
    text.comment = comment.text;
  else if (comment.what == "COLUMN")
    text.column_comments[name.substr(dot + 1)] = comment.text;
  else
    not_understood("COMMENT ON " + comment.what);
}

Ddl read_ddl(const Module& module) {
  Ddl ddl;
  for (const std::string& statement : split(module.sql, ';')) {
    const std::string text = trimmed(statement);
    const auto word = words(text);
    if (word.empty()) continue;
    if (word[0] == "COMMENT")
      take_comment(read_comment(text), ddl);
    else if (word[0] == "CREATE" && word.at(1) == "TABLE")
      ddl.tables.push_back(read_table(text, module.name));
    else if (word[0] == "CREATE" && word.at(1) == "UNIQUE") // INDEX name ON table (…)
      ddl.text_of(without_schema(word.at(5))).unique.push_back(with_single_spaces(after(text, word.at(5))));
    else if (word[0] != "CREATE" || word.at(1) != "FUNCTION")
      not_understood(text);
  }
  return ddl;
}

} // namespace

Catalogue catalogue_of(const std::vector<Module>& modules) {
  Catalogue catalogue;
  std::uint32_t oid = 16384;
  for (const Module& module : modules) {
    catalogue.modules.push_back({.name = module.name, .version = module.version});
    Ddl ddl = read_ddl(module);
    for (DescribedTable& described : ddl.tables) {
      described.table.oid = oid++;
      catalogue.tables.emplace(described.table.name, std::move(described.table));
    }
  }
  return catalogue;
}

ModuleText text_of(const Module& module) {
  Ddl ddl = read_ddl(module);
  ModuleText text;
  for (DescribedTable& described : ddl.tables)
    text.tables.emplace(described.table.name, std::move(described.text));
  text.functions = std::move(ddl.functions);
  return text;
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
