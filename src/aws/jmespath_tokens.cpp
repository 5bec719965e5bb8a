#include "aws/jmespath_tokens.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

#include <charconv>
#include <utility>

namespace iasql::aws::jmespath {

namespace {

bool begins_identifier(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
public:
  explicit Lexer(std::string_view text) : m_text(text) {}

  std::vector<Lexeme> run() {
    while (true) {
      while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
        ++m_at;
      m_lexemes.push_back({Token::end, m_at, {}, {}});
      if (m_at == m_text.size()) return std::move(m_lexemes);
      next(m_lexemes.back());
    }
  }

private:
  bool follows(std::string_view text) const { return m_text.substr(m_at, text.size()) == text; }

  void next(Lexeme& lexeme) {
    static constexpr std::pair<std::string_view, Token> symbols[] = {{"[?", Token::filter},
                                                                     {"[]", Token::flatten},
                                                                     {"[", Token::left_bracket},
                                                                     {"]", Token::right_bracket},
                                                                     {"(", Token::left_parenthesis},
                                                                     {")", Token::right_parenthesis},
                                                                     {"{", Token::left_brace},
                                                                     {"}", Token::right_brace},
                                                                     {"||", Token::either},
                                                                     {"|", Token::pipe},
                                                                     {"&&", Token::both},
                                                                     {"&", Token::ampersand},
                                                                     {"==", Token::comparison},
                                                                     {"!=", Token::comparison},
                                                                     {"<=", Token::comparison},
                                                                     {">=", Token::comparison},
                                                                     {"<", Token::comparison},
                                                                     {">", Token::comparison},
                                                                     {"!", Token::negation},
                                                                     {"*", Token::star},
                                                                     {".", Token::dot},
                                                                     {",", Token::comma},
                                                                     {":", Token::colon},
                                                                     {"@", Token::current}};
    char c = m_text[m_at];
    if (begins_identifier(c)) return identifier(lexeme);
    if (is_digit(c) || c == '-') return number(lexeme);
    if (c == '"' || c == '\'' || c == '`') return quoted(lexeme, c);
    for (const auto& [text, token] : symbols)
      if (follows(text)) {
        lexeme.token = token;
        lexeme.text = text;
        m_at += text.size();
        return;
      }
    refuse(m_text, m_at, "unknown character");
  }

  void identifier(Lexeme& lexeme) {
    std::size_t begin = m_at;
    while (m_at < m_text.size() && (begins_identifier(m_text[m_at]) || is_digit(m_text[m_at])))
      ++m_at;
    lexeme.token = Token::identifier;
    lexeme.text = m_text.substr(begin, m_at - begin);
  }

  void number(Lexeme& lexeme) {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), value);
    if (error != std::errc()) refuse(m_text, m_at, "not an integer");
    m_at = static_cast<std::size_t>(end - m_text.data());
    lexeme.token = Token::number;
    lexeme.value = value;
  }

  // "identifier", 'string' or `JSON`; the delimiter is escaped with a backslash.
  void quoted(Lexeme& lexeme, char delimiter) {
    std::size_t begin = m_at;
    std::string content;
    for (++m_at; m_at < m_text.size() && m_text[m_at] != delimiter; ++m_at) {
      if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
        // In an identifier and in JSON the escapes are JSON's; in a string only the delimiter's.
        char escaped = m_text[m_at + 1];
        bool dropped = delimiter == '`' ? escaped == '`' : delimiter == '\'' && escaped == '\'';
        if (!dropped) content += '\\';
        ++m_at;
      }
      content += m_text[m_at];
    }
    if (m_at == m_text.size()) refuse(m_text, begin, std::string("unclosed ") + delimiter);
    ++m_at;
    lexeme.token = delimiter == '"' ? Token::quoted_identifier : Token::literal;
    if (delimiter == '\'') {
      lexeme.value = content;
      return;
    }
    try {
      lexeme.value = read_json(delimiter == '"' ? "\"" + content + "\"" : content);
    } catch (const Error& error) {
      refuse(m_text, begin, error.what());
    }
    if (delimiter == '"') lexeme.text = lexeme.value.string();
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::vector<Lexeme> m_lexemes;
};

} // namespace

void refuse(std::string_view expression, std::size_t at, const std::string& what) {
  throw Error(sqlstate::invalid_spec, "JMESPath expression \"" + excerpt(expression, 200) + "\": " + what +
                                          " at character " + std::to_string(at + 1));
}

std::vector<Lexeme> read_lexemes(std::string_view expression) {
  return Lexer(expression).run();
}

} // namespace iasql::aws::jmespath
