#include "base/shell_words.hpp"

namespace iasql {

std::optional<std::vector<std::string>> shell_words(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quote && blanks.find(c) != blanks.npos) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    auto& word = words.back();
    if (c == '\\' && quote != '\'') {
      if (++i == text.size()) return std::nullopt;
      if (quote && text[i] != quote && text[i] != '\\') word += c; // in double quotes it escapes those two alone
      word += text[i];
    } else if (quote ? c == quote : c == '"' || c == '\'') {
      quote = quote ? 0 : c;
    } else {
      word += c;
    }
  }
  if (quote) return std::nullopt;
  return words;
}

} // namespace iasql
