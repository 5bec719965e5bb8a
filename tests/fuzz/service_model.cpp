// A service model in JSON, whose operation All is given an input and an answer without members.

#include "aws/model.hpp"
#include "aws/protocol/protocol.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  try {
    auto service = aws::read_service("fuzz", bytes);
    Value input = Object();
    const aws::Operation& operation = service->operation("All");
    aws::fill_idempotency_tokens(operation, input, [] { return "token"; });
    aws::serialize(*service, operation, input);
    aws::parse(*service, operation, {200, {}, "{}"});
  } catch (const Error& error) {
    require_sqlstate(
        error, {sqlstate::invalid_document, sqlstate::invalid_spec, sqlstate::invalid_value, sqlstate::missing_value});
  }
}

} // namespace iasql::fuzz
