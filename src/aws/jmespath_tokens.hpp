#pragma once

#include "base/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws::jmespath {

enum class Token {
  end,
  identifier,
  quoted_identifier,
  literal,
  number,
  right_bracket,
  right_parenthesis,
  right_brace,
  comma,
  colon,
  ampersand,
  current,
  pipe,
  either,
  both,
  comparison,
  flatten,
  star,
  filter,
  dot,
  negation,
  left_brace,
  left_bracket,
  left_parenthesis,
};

struct Lexeme {
  Token token;
  std::size_t at;   // where it begins in the expression
  std::string text; // of an identifier or a symbol
  Value value;      // of a literal or a number
};

// The expression's lexemes; the last one is Token::end. Throws Error (invalid_spec).
std::vector<Lexeme> read_lexemes(std::string_view expression);

// Throws the Error (invalid_spec) that says what is wrong with the expression, and where.
[[noreturn]] void refuse(std::string_view expression, std::size_t at, const std::string& what);

} // namespace iasql::aws::jmespath
