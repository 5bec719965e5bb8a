// A JMESPath expression, and after the first line break a JSON document that it searches.

#include "aws/jmespath.hpp"

#include "base/json.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  std::string_view expression = take_until(bytes, "\n");
  try {
    aws::JmesPath path(expression);
    write_json(path.search(read_json(bytes.empty() ? "null" : bytes)));
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::invalid_spec, sqlstate::invalid_value, sqlstate::invalid_document});
  }
}

} // namespace iasql::fuzz
