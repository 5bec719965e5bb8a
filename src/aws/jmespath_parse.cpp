#include "aws/jmespath_syntax.hpp"

// Tokens become a tree. The parser is an operator-precedence ("Pratt") parser: prefix() reads what can begin an
// expression, infix() what can follow one, and each kind of token binds with the power of a table. A projection ends
// where something binds less than `projection_end`.

#include "aws/jmespath_tokens.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <utility>

namespace iasql::aws {

namespace {

using namespace jmespath;
using Node = JmesPath::Node;
using Kind = Node::Kind;

int binding_power(Token token) {
  switch (token) {
  case Token::pipe:
    return 1;
  case Token::either:
    return 2;
  case Token::both:
    return 3;
  case Token::comparison:
    return 5;
  case Token::flatten:
    return 9;
  case Token::star:
    return 20;
  case Token::filter:
    return 21;
  case Token::dot:
    return 40;
  case Token::negation:
    return 45;
  case Token::left_brace:
    return 50;
  case Token::left_bracket:
    return 55;
  case Token::left_parenthesis:
    return 60;
  default:
    return 0;
  }
}

constexpr int projection_end = 10;
constexpr int depth_limit = 500;
constexpr std::size_t length_limit = 4'000;
constexpr double growth_limit = 1'000;

template <typename... Children>
Node make(Kind kind, Children... children) {
  Node node(kind);
  (node.children.push_back(std::move(children)), ...);
  return node;
}

class Parser {
public:
  explicit Parser(std::string_view text) : m_text(text), m_lexemes(read_lexemes(text)) {}

  Node run() {
    Node result = expression(0);
    if (token() != Token::end) unexpected();
    return result;
  }

private:
  Token token(std::size_t ahead = 0) const {
    return m_at + ahead < m_lexemes.size() ? m_lexemes[m_at + ahead].token : Token::end;
  }
  // The end stays where it is, so that there is always a token to look at.
  Lexeme take() { return token() == Token::end ? m_lexemes[m_at] : std::move(m_lexemes[m_at++]); }

  [[noreturn]] void unexpected() const {
    refuse(m_text, m_lexemes[m_at].at, token() == Token::end ? "unexpected end" : "syntax error");
  }

  void expect(Token wanted) {
    if (token() != wanted) unexpected();
    take();
  }

  Node expression(int power) {
    if (++m_depth > depth_limit) refuse(m_text, m_lexemes[m_at].at, "nested too deeply");
    Node left = prefix();
    while (power < binding_power(token()))
      left = infix(std::move(left));
    --m_depth;
    return left;
  }

  Node prefix() {
    switch (token()) {
    case Token::identifier:
      return field();
    case Token::quoted_identifier:
      if (token(1) == Token::left_parenthesis) unexpected();
      return field();
    case Token::literal: {
      Node node(Kind::literal);
      node.value = take().value;
      return node;
    }
    case Token::current:
      take();
      return Node(Kind::current);
    case Token::negation:
      take();
      return make(Kind::negation, expression(binding_power(Token::negation)));
    case Token::left_parenthesis: {
      take();
      Node inner = expression(0);
      expect(Token::right_parenthesis);
      return inner;
    }
    case Token::left_brace:
      take();
      return hash();
    case Token::star: {
      take();
      Node right = token() == Token::right_bracket ? Node(Kind::current) : projected(binding_power(Token::star));
      return make(Kind::object_projection, Node(Kind::current), std::move(right));
    }
    case Token::left_bracket:
      if (token(1) == Token::number || token(1) == Token::colon ||
          (token(1) == Token::star && token(2) == Token::right_bracket))
        return infix(Node(Kind::current));
      take();
      return list();
    case Token::filter:
    case Token::flatten:
      return infix(Node(Kind::current));
    case Token::ampersand:
      refuse(m_text, m_lexemes[m_at].at, "expression references are not supported");
    default:
      unexpected();
    }
  }

  Node infix(Node left) {
    const int power = binding_power(token());
    switch (token()) {
    case Token::dot:
      take();
      if (token() != Token::star) return make(Kind::chain, std::move(left), after_dot(power));
      take();
      return make(Kind::object_projection, std::move(left), projected(binding_power(Token::star)));
    case Token::pipe:
      take();
      return make(Kind::chain, std::move(left), expression(power));
    case Token::either:
      take();
      return make(Kind::either, std::move(left), expression(power));
    case Token::both:
      take();
      return make(Kind::both, std::move(left), expression(power));
    case Token::comparison: {
      std::string name = take().text;
      Node node = make(Kind::comparison, std::move(left), expression(power));
      node.name = std::move(name);
      return node;
    }
    case Token::flatten: {
      take();
      Node flattened = make(Kind::flatten, std::move(left));
      return make(Kind::projection, std::move(flattened), projected(power));
    }
    case Token::filter: {
      take();
      Node condition = expression(0);
      expect(Token::right_bracket);
      Node right = token() == Token::flatten ? Node(Kind::current) : projected(power);
      return make(Kind::filter, std::move(left), std::move(right), std::move(condition));
    }
    case Token::left_bracket:
      take();
      if (token() == Token::number || token() == Token::colon) return index(std::move(left));
      expect(Token::star);
      expect(Token::right_bracket);
      return make(Kind::projection, std::move(left), projected(binding_power(Token::star)));
    case Token::left_parenthesis:
      return function(std::move(left));
    default:
      unexpected();
    }
  }

  Node field() {
    Node node(Kind::field);
    node.name = take().text;
    return node;
  }

  // After "[": an index or a slice.
  Node index(Node left) {
    std::optional<std::int64_t> parts[3];
    int colons = 0;
    while (token() != Token::right_bracket) {
      if (token() == Token::colon && colons < 2) {
        ++colons;
        take();
      } else if (token() == Token::number && !parts[colons]) {
        parts[colons] = take().value.integer();
      } else {
        unexpected();
      }
    }
    take();
    Node node = make(colons == 0 ? Kind::index : Kind::slice, std::move(left));
    node.start = parts[0];
    node.stop = parts[1];
    node.step = parts[2];
    if (colons == 0) return node;
    if (node.step == 0) refuse(m_text, m_lexemes[m_at].at, "a slice's step must not be 0");
    return make(Kind::projection, std::move(node), projected(binding_power(Token::star)));
  }

  // What is done to each element of a projection.
  Node projected(int power) {
    if (binding_power(token()) < projection_end) return Node(Kind::current);
    if (token() == Token::left_bracket || token() == Token::filter) return expression(power);
    expect(Token::dot);
    return after_dot(power);
  }

  Node after_dot(int power) {
    switch (token()) {
    case Token::identifier:
    case Token::quoted_identifier:
    case Token::star:
      return expression(power);
    case Token::left_bracket:
      take();
      return list();
    case Token::left_brace:
      take();
      return hash();
    default:
      unexpected();
    }
  }

  Node list() {
    Node node(Kind::list);
    do
      node.children.push_back(expression(0));
    while (accept(Token::comma));
    expect(Token::right_bracket);
    return node;
  }

  Node hash() {
    Node node(Kind::hash);
    do {
      if (token() != Token::identifier && token() != Token::quoted_identifier) unexpected();
      node.names.push_back(take().text);
      expect(Token::colon);
      node.children.push_back(expression(0));
    } while (accept(Token::comma));
    expect(Token::right_brace);
    return node;
  }

  Node function(Node left) {
    if (left.kind != Kind::field) unexpected();
    static constexpr std::pair<std::string_view, std::size_t> known[] = {
        {"contains", 2}, {"ends_with", 2}, {"keys", 1}, {"length", 1}, {"starts_with", 2}, {"type", 1}, {"values", 1}};
    Node node(Kind::function);
    node.name = left.name;
    std::size_t at = m_lexemes[m_at].at;
    take();
    if (token() != Token::right_parenthesis) do
        node.children.push_back(expression(0));
      while (accept(Token::comma));
    expect(Token::right_parenthesis);
    if (node.name == "not_null" && !node.children.empty()) return node;
    for (const auto& [name, arguments] : known)
      if (name == node.name) {
        if (node.children.size() != arguments) refuse(m_text, at, "wrong number of arguments of " + node.name);
        return node;
      }
    refuse(m_text, at, "function " + node.name + " is not supported");
  }

  bool accept(Token wanted) {
    if (token() != wanted) return false;
    take();
    return true;
  }

  std::string_view m_text;
  std::vector<Lexeme> m_lexemes;
  std::size_t m_at = 0;
  int m_depth = 0;
};

std::size_t count_values(const Value& value) {
  std::size_t count = 1;
  if (value.is_array())
    for (const Value& element : value.array())
      count += count_values(element);
  if (value.is_object())
    for (const auto& [name, member] : value.object())
      count += count_values(member);
  return count;
}

// How many times what it searches an expression can find: "[@, @]" has it twice, and each "| [@, @]" doubles that. What
// comes from the expression itself counts as it is. Throws Error where any part of it grows beyond the limit.
double check_growth(std::string_view text, const Node& node) {
  double sum = 0, largest = 0, product = 1;
  for (const Node& child : node.children) {
    const double growth = check_growth(text, child);
    sum += growth;
    largest = std::max(largest, growth);
    product *= growth;
  }
  double growth = std::max(largest, 1.0);
  if (node.kind == Kind::literal) growth = static_cast<double>(count_values(node.value));
  if (node.kind == Kind::list || node.kind == Kind::hash) growth = sum;
  if (node.kind == Kind::chain || node.kind == Kind::projection || node.kind == Kind::object_projection ||
      node.kind == Kind::filter)
    growth = product;
  if (growth > growth_limit) refuse(text, 0, "it finds many times what it searches");
  return growth;
}

} // namespace

JmesPath::Node parse_jmespath(std::string_view expression) {
  // The tree's height, and with it the stack that evaluation needs, is bounded by the text's length.
  if (expression.size() > length_limit)
    throw Error(sqlstate::invalid_spec,
                "JMESPath expression is longer than " + std::to_string(length_limit) + " characters");
  Node root = Parser(expression).run();
  check_growth(expression, root);
  return root;
}

} // namespace iasql::aws
