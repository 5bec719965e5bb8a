// Answers of the rest-xml protocol: a byte for the operation, headers and body.

#include "fuzz/parse_answer.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  const aws::Service& service = service_of(aws::Protocol::rest_xml);
  const aws::Operation& operation = take_operation(service, bytes);
  parse_answer(service, operation, bytes);
}

} // namespace iasql::fuzz
