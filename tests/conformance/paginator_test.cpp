// Every paginator of botocore's service models, of all their versions: its expressions compile and name members of its
// operation, and it runs on pages made from the operation's output shape, one element a page.
//
// A page is made by putting values where the paginator's expressions look: a token of the input member's type, an
// element of the list's shape. What the caller is asked is checked at every call, so a wrong or a lost token shows.

#include "aws/jmespath.hpp"
#include "aws/paginate.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/listing_models.hpp"
#include "unit/aws/scripted_caller.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <set>

namespace iasql::aws {

namespace {

// The alternatives of "NextMarker || Contents[-1].Key".
std::vector<std::string> alternatives(std::string expression) {
  std::vector<std::string> result;
  for (auto bar = expression.find(" || "); bar != std::string::npos; bar = expression.find(" || ")) {
    result.push_back(expression.substr(0, bar));
    expression.erase(0, bar + 4);
  }
  result.push_back(expression);
  return result;
}

struct Step {
  std::string member;
  bool is_last_element; // "Contents[-1]"
};

std::vector<Step> steps_of(std::string path) {
  std::vector<Step> steps;
  while (!path.empty()) {
    std::string step = path.substr(0, path.find('.'));
    path.erase(0, std::min(step.size() + 1, path.size()));
    bool is_last_element = step.ends_with("[-1]");
    steps.push_back({is_last_element ? step.substr(0, step.size() - 4) : step, is_last_element});
  }
  return steps;
}

// The shape at a path, or nullptr where the path leaves the model.
const Shape* shape_at(const Shape* shape, const std::string& path) {
  for (const Step& step : steps_of(path)) {
    const Member* member = shape ? shape->member(step.member) : nullptr;
    shape = member ? member->shape : nullptr;
    if (shape && step.is_last_element) shape = shape->type == ShapeType::list ? shape->element.shape : nullptr;
  }
  return shape;
}

void put(Value& place, const std::vector<Step>& steps, std::size_t at, const Value& value) {
  if (at == steps.size()) {
    place = value;
    return;
  }
  if (!place.is_object()) place = Object();
  Value& member = place.object()[steps[at].member];
  if (!steps[at].is_last_element) return put(member, steps, at + 1, value);
  if (!member.is_array() || member.array().empty()) member = Array{Object()};
  put(member.array().back(), steps, at + 1, value);
}

// The caller of a scripted list: gives its pages in order and notes what it was asked.
class Pages : public Caller {
public:
  std::vector<Value> pages;
  std::optional<CallError> last; // thrown after the pages
  std::vector<Value> inputs;

  net::task<Answer> call(Call call) override {
    inputs.push_back(call.input);
    if (inputs.size() <= pages.size()) {
      Answer answer;
      answer.output = pages[inputs.size() - 1];
      co_return answer;
    }
    if (last) throw *last;
    throw std::logic_error("a call too many");
  }
};

class PaginatorCase {
public:
  explicit PaginatorCase(const conformance::Listed& listed)
      : m_listed(listed), m_operation(service(listed.service).operation(listed.operation)),
        m_paginator(*m_operation.paginator) {}

  void run() {
    check_names();
    if (testing::Test::HasFailure()) return;
    runs_to_the_end(0);
    for (const std::string& expression : m_paginator.output_token)
      for (std::size_t way = 1; way < alternatives(expression).size(); ++way)
        runs_to_the_end(way);
    stops_at_a_repeated_token();
    passes_on_an_expired_token();
    if (!m_paginator.more_results.empty()) obeys_the_flag();
    if (m_paginator.input_token.size() > 1) drops_a_token_that_ended();
  }

  // Whether all result keys are lists, so that read_all() can join their elements.
  bool has_lists_only() const {
    for (const std::string& key : m_paginator.result_key)
      if (shape_at(m_operation.output, key)->type != ShapeType::list) return false;
    return true;
  }

private:
  void check_names() {
    ASSERT_NE(m_operation.input, nullptr);
    ASSERT_NE(m_operation.output, nullptr);
    ASSERT_EQ(m_paginator.input_token.size(), m_paginator.output_token.size());
    ASSERT_FALSE(m_paginator.result_key.empty());
    for (const std::string& token : m_paginator.input_token)
      EXPECT_NE(m_operation.input->member(token), nullptr) << token;
    if (!m_paginator.limit_key.empty()) {
      EXPECT_NE(m_operation.input->member(m_paginator.limit_key), nullptr) << m_paginator.limit_key;
    }
    for (const auto* expressions : {&m_paginator.output_token, &m_paginator.result_key})
      for (const std::string& expression : *expressions) {
        EXPECT_NO_THROW(JmesPath path(expression)) << expression;
        for (const std::string& path : alternatives(expression))
          EXPECT_NE(shape_at(m_operation.output, path), nullptr) << path;
      }
    if (!m_paginator.more_results.empty()) {
      EXPECT_NO_THROW(JmesPath path(m_paginator.more_results));
      const Shape* flag = shape_at(m_operation.output, m_paginator.more_results);
      EXPECT_TRUE(flag && (flag->type == ShapeType::boolean || flag->type == ShapeType::string))
          << m_paginator.more_results;
    }
  }

  Value token(std::size_t which, int number) const {
    return conformance::sample(*m_operation.input->member(m_paginator.input_token[which])->shape, number);
  }

  enum class Elements { none, one };

  // `way` is the alternative that the tokens take, where an expression has several.
  Value page(int number, Elements elements, bool has_next, std::size_t way) const {
    Value output = Object();
    for (const std::string& key : m_paginator.result_key) {
      Value element = conformance::sample(*shape_at(m_operation.output, key), number);
      if (element.is_array() && elements == Elements::none) element = Array();
      put(output, steps_of(key), 0, element);
    }
    if (has_next)
      for (std::size_t i = 0; i < m_paginator.output_token.size(); ++i) {
        auto ways = alternatives(m_paginator.output_token[i]);
        put(output, steps_of(ways[std::min(way, ways.size() - 1)]), 0, token(i, number));
      }
    set_flag(output, has_next);
    return output;
  }

  void set_flag(Value& output, bool has_more) const {
    if (m_paginator.more_results.empty()) return;
    bool is_text = shape_at(m_operation.output, m_paginator.more_results)->type == ShapeType::string;
    put(output, steps_of(m_paginator.more_results), 0, is_text ? Value(has_more ? "true" : "") : Value(has_more));
  }

  Value expected_items(const std::vector<Value>& pages) const {
    Array all;
    for (const Value& output : pages)
      for (const std::string& key : m_paginator.result_key)
        for (const Value& element : output.at_path(key).array())
          all.push_back(element);
    return all;
  }

  bool token_is_in_an_element(std::size_t way) const {
    for (const std::string& expression : m_paginator.output_token) {
      auto ways = alternatives(expression);
      if (ways[std::min(way, ways.size() - 1)].find("[-1]") != std::string::npos) return true;
    }
    return false;
  }

  Call call() const {
    Call call = make_call(m_listed.service, m_listed.operation);
    if (!m_paginator.limit_key.empty())
      call.input.object().set(m_paginator.limit_key,
                              conformance::sample(*m_operation.input->member(m_paginator.limit_key)->shape, 1));
    return call;
  }

  // Three pages of one element each, the second one empty but for its token.
  void runs_to_the_end(std::size_t way) {
    Pages caller;
    Elements second = token_is_in_an_element(way) ? Elements::one : Elements::none;
    caller.pages = {page(1, Elements::one, true, way), page(2, second, true, way), page(3, Elements::one, false, way)};
    std::vector<Value> seen;
    std::function<void(Value)> see = [&](Value output) { seen.push_back(std::move(output)); };
    EXPECT_NO_THROW(aws::run(for_each_page(caller, call(), see)));
    EXPECT_EQ(Value(Array(seen.begin(), seen.end())), Value(Array(caller.pages.begin(), caller.pages.end())));
    ASSERT_EQ(caller.inputs.size(), 3u);
    for (std::size_t i = 0; i < m_paginator.input_token.size(); ++i) {
      const std::string& name = m_paginator.input_token[i];
      EXPECT_TRUE(caller.inputs[0][name].is_null());
      EXPECT_EQ(caller.inputs[1][name], token(i, 1));
      EXPECT_EQ(caller.inputs[2][name], token(i, 2));
    }
    for (const Value& input : caller.inputs)
      EXPECT_EQ(input[m_paginator.limit_key], call().input[m_paginator.limit_key]);
    caller.inputs.clear();
    if (has_lists_only()) {
      EXPECT_EQ(Value(aws::run(read_all(caller, call()))), expected_items(caller.pages));
    } else {
      EXPECT_EQ(failure(caller), sqlstate::invalid_spec);
    }
  }

  // The SQLSTATE of what reading everything ends in.
  std::string failure(Pages& caller) const {
    try {
      aws::run(read_all(caller, call()));
    } catch (const CallError& error) {
      return "CallError " + error.code();
    } catch (const Error& error) {
      return error.sqlstate();
    }
    return "none";
  }
  std::string page_failure(Pages& caller) const {
    try {
      aws::run(for_each_page(caller, call(), [](Value) {}));
    } catch (const CallError& error) {
      return "CallError " + error.code();
    } catch (const Error& error) {
      return error.sqlstate();
    }
    return "none";
  }

  void stops_at_a_repeated_token() {
    Pages same;
    same.pages = {page(1, Elements::one, true, 0), page(1, Elements::one, true, 0)};
    EXPECT_EQ(page_failure(same), sqlstate::read_failed);
    EXPECT_EQ(same.inputs.size(), 2u);
    Pages circle;
    circle.pages = {page(1, Elements::one, true, 0), page(2, Elements::one, true, 0), page(1, Elements::one, true, 0)};
    EXPECT_EQ(page_failure(circle), sqlstate::read_failed);
    EXPECT_EQ(circle.inputs.size(), 3u);
  }

  void passes_on_an_expired_token() {
    Pages caller;
    caller.pages = {page(1, Elements::one, true, 0), page(2, Elements::one, true, 0)};
    CallError::Facts facts;
    facts.code = "ExpiredNextTokenException";
    facts.status = 400;
    caller.last = CallError(facts);
    EXPECT_EQ(page_failure(caller), "CallError ExpiredNextTokenException");
    EXPECT_EQ(caller.inputs.size(), 3u);
  }

  void obeys_the_flag() {
    Pages ended;
    ended.pages = {page(1, Elements::one, true, 0)};
    set_flag(ended.pages[0], false);
    EXPECT_EQ(page_failure(ended), "none");
    Pages cut;
    cut.pages = {page(1, Elements::none, false, 0)};
    set_flag(cut.pages[0], true);
    EXPECT_EQ(page_failure(cut), sqlstate::read_failed) << "more results without a token";
  }

  void drops_a_token_that_ended() {
    Pages caller;
    Value second = page(2, Elements::one, true, 0);
    put(second, steps_of(m_paginator.output_token[1]), 0, Value());
    caller.pages = {page(1, Elements::one, true, 0), second, page(3, Elements::one, false, 0)};
    EXPECT_EQ(page_failure(caller), "none");
    ASSERT_EQ(caller.inputs.size(), 3u);
    EXPECT_EQ(caller.inputs[2][m_paginator.input_token[0]], token(0, 2));
    EXPECT_EQ(caller.inputs[2].object().find(m_paginator.input_token[1]), nullptr);
  }

  conformance::Listed m_listed;
  const Operation& m_operation;
  const Paginator& m_paginator;
};

} // namespace

TEST(Paginators, Run) {
  auto all = conformance::listed(conformance::ListedKind::paginator);
  int without_lists = 0;
  for (const conformance::Listed& listed : all) {
    SCOPED_TRACE(listed.service + " " + listed.name);
    const Operation* operation = service(listed.service).find_operation(listed.operation);
    ASSERT_NE(operation, nullptr);
    ASSERT_NE(operation->paginator, nullptr);
    PaginatorCase paginator(listed);
    paginator.run();
    if (HasFailure()) break;
    without_lists += !paginator.has_lists_only();
  }
  EXPECT_EQ(all.size(), 3631u);
  std::cout << all.size() << " paginators; " << without_lists
            << " have a result that is no list, so that their pages can be read but not joined\n";
}

} // namespace iasql::aws
