// Answers that say what failed: whatever they are, there is an error with texts that can be shown.

#include "aws/protocol/protocol.hpp"
#include "base/utf8.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  constexpr aws::Protocol protocols[] = {aws::Protocol::query, aws::Protocol::json, aws::Protocol::rest_xml};
  const aws::Service& service = service_of(protocols[take_byte(bytes) % 3]);
  net::HttpResponse response = response_of(bytes);
  response.status = 400;
  aws::ServiceError error = aws::parse_error(service, response);
  for (const std::string& text : {error.code, error.message, error.request_id, aws::request_id(response)})
    require(is_utf8(text), "an error's texts are UTF-8");
}

} // namespace iasql::fuzz
