#include "engine/plan_markdown.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace iasql::engine {

namespace {

bool is_word(const std::string& text, std::size_t at) {
  return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
}

// As text in GitHub's dialect, which has tables. An underscore within a word is none of its marks, and names have many.
std::string escaped(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char character = text[at];
    if (character == '\r') continue;
    if (character == '\n') {
      result += "<br>";
    } else if (static_cast<unsigned char>(character) < 0x20) {
      result += ' ';
    } else {
      bool is_inside_word = character == '_' && at > 0 && is_word(text, at - 1) && is_word(text, at + 1);
      if (!is_inside_word && std::string_view("\\`*_[]<>|~&$@#").find(character) != std::string_view::npos)
        result += '\\';
      result += character;
    }
  }
  return result;
}

std::string value_text(const Value& value) {
  if (value.is_null()) return "*nothing*";
  if (!value.is_string()) return escaped(write_json(value));
  return value.string().empty() ? "\"\"" : escaped(value.string());
}

template <typename List, typename Text>
std::string joined(const List& list, Text text) {
  std::string result;
  for (const auto& element : list)
    result += (result.empty() ? "" : ", ") + text(element);
  return result;
}

std::string counts(const std::vector<PlannedChange>& plan) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kinds = {{{"create", " to create"},
                                                                         {"update", " to update"},
                                                                         {"replace", " to replace"},
                                                                         {"delete", " to delete"},
                                                                         {"in doubt", " in doubt"},
                                                                         {"running", " running"}}};
  std::string text;
  for (const auto& [action, words] : kinds) {
    auto count = std::count_if(plan.begin(), plan.end(),
                               [&](const PlannedChange& change) { return change.row.action == action; });
    if (count) text += (text.empty() ? "" : ", ") + std::to_string(count) + words;
  }
  return text;
}

std::string action_text(const PlannedChange& change) {
  return change.loses_data ? "**" + change.row.action + ", loses data**" : change.row.action;
}

std::string table_row(const PlannedChange& change) {
  return "| " + std::to_string(change.step) + " | " + action_text(change) + " | " + escaped(change.row.table) + " | " +
         escaped(change.row.description) + " | " +
         joined(change.waits_for, [](int step) { return std::to_string(step); }) + " | " +
         joined(change.operations, [](const std::string& operation) { return escaped(operation); }) + " |\n";
}

std::string details(const PlannedChange& change) {
  std::string title = std::to_string(change.step) + "\\. " + change.row.action + " " + escaped(change.row.table) + " " +
                      escaped(change.row.description);
  std::string text = "\n### " + (change.loses_data ? "**" + title + ": loses the data it holds**" : title) + "\n\n";
  if (!change.reason.empty()) text += "Because " + escaped(change.reason) + ".\n\n";
  for (const auto& [column, values] : change.columns)
    text += "- " + escaped(column) + ": " + value_text(values["from"]) + " → " + value_text(values["to"]) + "\n";
  return text;
}

} // namespace

std::string plan_markdown(const std::vector<PlannedChange>& plan) {
  if (plan.empty()) return "Nothing to change.\n";
  std::string text = "## Plan: " + counts(plan) + "\n\n";
  text += "| step | action | table | what | waits for | AWS operations |\n";
  text += "| ---: | --- | --- | --- | --- | --- |\n";
  for (const PlannedChange& change : plan)
    text += table_row(change);
  for (const PlannedChange& change : plan)
    if (!change.columns.empty() || !change.reason.empty()) text += details(change);
  return text;
}

} // namespace iasql::engine
