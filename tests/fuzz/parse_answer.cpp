#include "fuzz/parse_answer.hpp"

#include "aws/protocol/protocol.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void parse_answer(const aws::Service& service, const aws::Operation& operation, std::string_view bytes) {
  Value output;
  try {
    output = aws::parse(service, operation, response_of(bytes));
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::invalid_document});
    require(is_utf8(error.what()), "an error's message is UTF-8");
    return;
  }
  require(output.is_object(), "an output is an object");
  std::string text = write_json(output);
  require(is_utf8(text), "an output is UTF-8");
  require(write_json(read_json(text)) == text, "an output is JSON as it is read everywhere");
}

} // namespace iasql::fuzz
