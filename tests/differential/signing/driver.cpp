// Our side of the comparison that ./run makes: one JSON object in, one out, until the input ends. A line with "define"
// and "model" makes a service known by that name, one with "operation" presigns that operation's input, any other signs
// its request and is answered by every stage of the signature.

#include "aws/base64.hpp"
#include "aws/presign.hpp"
#include "aws/sign.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <iostream>
#include <map>
#include <string>

namespace {

using namespace iasql;

aws::SigningOptions options_of(const Value& line) {
  aws::SigningOptions options;
  options.region = line["region"].string();
  options.service = line["service"].string();
  options.time = net::Time(std::chrono::seconds(line["time"].integer()));
  options.place = line["presigned"].boolean() ? aws::SignatureIn::query : aws::SignatureIn::headers;
  options.path = line["s3"].boolean() ? aws::PathStyle::as_is : aws::PathStyle::normalized;
  options.content_hash_header = line["content_hash_header"].boolean();
  options.payload_hash = line["payload_hash"].text();
  options.expires = std::chrono::seconds(line["expires"].integer());
  return options;
}

aws::Credentials credentials_of(const Value& line) {
  return {line["key"].string(), line["secret"].string(), line["token"].text()};
}

Value stages(const Value& line) {
  net::HttpRequest request{line["method"].string(), line["url"].string(), {}, aws::base64_bytes(line["body"].string())};
  for (const Value& header : line["headers"].array())
    request.headers.emplace_back(header.array()[0].string(), header.array()[1].string());
  aws::SignedRequest found = aws::sign(std::move(request), credentials_of(line), options_of(line));
  Array headers;
  for (const auto& [name, value] : found.request.headers)
    headers.emplace_back(Array{name, value});
  return Object{{"canonical_request", found.canonical_request},
                {"string_to_sign", found.string_to_sign},
                {"signature", found.signature},
                {"url", found.request.url},
                {"headers", std::move(headers)}};
}

using Services = std::map<std::string, std::unique_ptr<aws::Service>>;

Value presigned(const Services& services, const Value& line) {
  const aws::Service& service = *services.at(line["service"].string());
  aws::PresignOptions options;
  options.region = line["region"].string();
  options.time = net::Time(std::chrono::seconds(line["time"].integer()));
  options.expires = std::chrono::seconds(line["expires"].integer());
  if (line["path_style"].boolean()) options.endpoint.bucket_addressing = aws::BucketAddressing::path;
  const aws::Operation& operation = service.operation(line["operation"].string());
  return Object{{"url", aws::presign(service, operation, line["input"], credentials_of(line), options).url}};
}

Value answer(Services& services, const Value& line) {
  if (!line["operation"].is_null()) return presigned(services, line);
  if (line["define"].is_null()) return stages(line);
  const std::string& name = line["define"].string();
  services[name] = aws::read_service(name, line["model"].string());
  return Object();
}

} // namespace

int main() {
  Services services;
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << write_json(answer(services, read_json(line))) << "\n" << std::flush;
    } catch (const Error& error) {
      std::cout << write_json(Object{{"error", error.what()}}) << "\n" << std::flush;
    }
  }
}
