#include "aws/paginate.hpp"

#include "aws/jmespath.hpp"
#include "aws/model.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

#include <set>

namespace iasql::aws {

namespace {

[[noreturn]] void incomplete(const Call& call, const std::string& why) {
  throw Error(sqlstate::read_failed,
              call.service + " " + call.operation + " in " + call.region + " " + why + ", so its list is incomplete");
}

// The tokens of the next page, one for each of the paginator's input tokens; empty where this page is the last. Throws
// Error (read_failed) where there is more and nothing to ask for it with.
Array next_tokens(const Call& call, const Paginator& paginator, const Value& output) {
  Value more;
  if (!paginator.more_results.empty()) more = JmesPath(paginator.more_results).search(output);
  if (!more.is_null() && !is_truthy(more)) return {};
  Array tokens;
  bool is_last = true;
  for (const std::string& expression : paginator.output_token) {
    tokens.push_back(JmesPath(expression).search(output));
    is_last = is_last && !is_truthy(tokens.back());
  }
  if (!is_last) return tokens;
  if (!more.is_null()) incomplete(call, "says that there is more but gave no page token");
  return {};
}

Array current_tokens(const Paginator& paginator, const Value& input) {
  Array tokens;
  for (const std::string& name : paginator.input_token)
    tokens.push_back(input[name]);
  return tokens;
}

void set_tokens(const Paginator& paginator, const Array& tokens, Value& input) {
  for (std::size_t i = 0; i < paginator.input_token.size(); ++i) {
    if (is_truthy(tokens[i]))
      input.object().set(paginator.input_token[i], tokens[i]);
    else
      input.object().erase(paginator.input_token[i]);
  }
}

void append(Array& all, Value found) {
  if (found.is_null()) return;
  if (!found.is_array()) throw Error(sqlstate::invalid_spec, "not a list of items: " + excerpt(write_json(found)));
  for (Value& element : found.array())
    all.push_back(std::move(element));
}

} // namespace

net::task<void> for_each_page(Caller& caller, Call call, std::function<void(Value output)> page) {
  const Paginator* paginator = service(call.service).operation(call.operation).paginator;
  std::set<std::string> sent;
  while (true) {
    if (paginator) sent.insert(write_json(current_tokens(*paginator, call.input)));
    Call request = call;
    Answer answer = co_await caller.call(std::move(request));
    Array tokens = paginator ? next_tokens(call, *paginator, answer.output) : Array();
    page(std::move(answer.output));
    if (tokens.empty()) co_return;
    set_tokens(*paginator, tokens, call.input);
    if (sent.contains(write_json(current_tokens(*paginator, call.input))))
      incomplete(call, "gave the same page token twice");
  }
}

net::task<Array> read_all(Caller& caller, Call call, std::string items) {
  std::vector<JmesPath> keys;
  if (!items.empty()) {
    keys.emplace_back(items);
  } else if (const Paginator* paginator = service(call.service).operation(call.operation).paginator) {
    for (const std::string& key : paginator->result_key)
      keys.emplace_back(key);
  } else {
    throw Error(sqlstate::invalid_spec,
                call.service + " " + call.operation + " has no paginator that says which member holds its items");
  }
  Array all;
  std::function<void(Value)> collect = [&](Value output) {
    for (const JmesPath& key : keys)
      append(all, key.search(output));
  };
  co_await for_each_page(caller, std::move(call), std::move(collect));
  co_return all;
}

} // namespace iasql::aws
