// Answers of the query and ec2 protocols: a byte for the protocol, one for the operation, headers and body.

#include "fuzz/parse_answer.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  const aws::Service& service = service_of(take_byte(bytes) % 2 ? aws::Protocol::ec2 : aws::Protocol::query);
  const aws::Operation& operation = take_operation(service, bytes);
  parse_answer(service, operation, bytes);
}

} // namespace iasql::fuzz
