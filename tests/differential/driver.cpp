// This library's side of the differential test: one JSON line in, one JSON line out, until the input ends.
//
//   {"service":"ec2","model":"<the service model as text>"}   the service that the next lines are about; without
//   "model"
//                                                             the one that is compiled in. Answered by {}.
//   {"operation":"…","input":{…},"token":"…"}                 the request, or {"refused":"…","sqlstate":"…"}; every
//                                                             idempotency token that is absent becomes "token"
//   {"operation":"…","response":{"status":200,"headers":{…},"body":"<base64>"}}
//                                                             {"output":{…}}, {"error":{…}} for a status from 300, or
//                                                             {"refused":…}

#include "aws/base64.hpp"
#include "aws/protocol/protocol.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace iasql::aws {

namespace {

constexpr int depth_limit = 100'000; // what is too deep is for the code under test to say

Value request_of(const Service& service, const Value& line) {
  const Operation& operation = service.operation(line["operation"].string());
  Value input = line["input"];
  fill_idempotency_tokens(operation, input, [&] { return line["token"].string(); });
  HttpParts parts = serialize(service, operation, input);
  Array headers;
  for (const auto& [name, value] : parts.headers)
    headers.push_back(Array{name, value});
  return Object{{"method", parts.method},
                {"path", parts.path},
                {"query", parts.query},
                {"headers", headers},
                {"body", base64_text(parts.body)},
                {"host_prefix", parts.host_prefix}};
}

Value output_of(const Service& service, const Value& line) {
  const Value& given = line["response"];
  net::HttpResponse response;
  response.status = static_cast<int>(given["status"].integer());
  response.body = base64_bytes(given["body"].string());
  for (const auto& [name, value] : given["headers"].object())
    response.headers.emplace_back(lower_case(name), value.string());
  if (response.status >= 300) {
    ServiceError error = parse_error(service, response);
    return Object{
        {"error", Object{{"code", error.code}, {"message", error.message}, {"request_id", error.request_id}}}};
  }
  return Object{{"output", parse(service, service.operation(line["operation"].string()), response)}};
}

class Driver {
public:
  Value answer(const Value& line) {
    try {
      if (!line["service"].is_null()) return take_service(line);
      return line["response"].is_null() ? request_of(*m_service, line) : output_of(*m_service, line);
    } catch (const Error& error) {
      return Object{{"refused", error.what()}, {"sqlstate", error.sqlstate()}};
    }
  }

private:
  Value take_service(const Value& line) {
    const std::string& name = line["service"].string();
    if (line["model"].is_null()) {
      m_service = &service(name);
    } else {
      m_service = nullptr;
      m_own = read_service(name, line["model"].string());
      m_service = m_own.get();
    }
    return Object();
  }

  std::unique_ptr<Service> m_own;
  const Service* m_service = nullptr;
};

} // namespace

} // namespace iasql::aws

int main() {
  std::ios::sync_with_stdio(false);
  iasql::aws::Driver driver;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << iasql::write_json(driver.answer(iasql::read_json(line, iasql::aws::depth_limit))) << std::endl;
}
