// A rule set of endpoints in JSON and, after the first line break, an array with its parameters' arguments.

#include "aws/endpoint_rules/rules.hpp"
#include "base/json.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  aws::EndpointRules rules{std::string(take_until(bytes, "\n"))};
  try {
    std::size_t count = rules.parameters().size();
    Value given = read_json(bytes.empty() ? "[]" : bytes);
    const Array given_arguments = given.is_array() ? given.array() : Array{given};
    std::vector<Value> arguments(given_arguments.begin(), given_arguments.end());
    arguments.resize(count);
    rules.evaluate(arguments);
  } catch (const Error& error) {
    require_sqlstate(
        error, {sqlstate::invalid_document, sqlstate::invalid_spec, sqlstate::invalid_value, sqlstate::missing_value});
  }
}

} // namespace iasql::fuzz
