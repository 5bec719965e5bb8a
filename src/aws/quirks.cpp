#include "aws/quirks.hpp"

#include <algorithm>
#include <iterator>

namespace iasql::aws {

namespace {

struct ServiceHeader {
  std::string_view service, name, value;
};

constexpr ServiceHeader service_headers[] = {
    // Without it the answers are HAL, whose members are not where the model has them.
    {"apigateway", "Accept", "application/json"},
    {"glacier", "x-amz-glacier-version", "2012-06-01"},
};

struct IdentifierWithPath {
  std::string_view service, shape;
};

// "/hostedzone/Z1" in answers, "Z1" in requests.
constexpr IdentifierWithPath identifiers_with_path[] = {
    {"route53", "ChangeId"},
    {"route53", "DelegationSetId"},
    {"route53", "ResourceId"},
};

struct UnwrappedOutput {
  std::string_view service, operation;
};

constexpr UnwrappedOutput unwrapped_outputs[] = {
    {"s3", "GetBucketLocation"},
};

} // namespace

void add_service_headers(const Service& service, net::Headers& headers) {
  for (const ServiceHeader& row : service_headers)
    if (row.service == service.name) headers.emplace_back(row.name, row.value);
}

std::string_view path_label(const Service& service, const Shape& shape, std::string_view text) {
  for (const IdentifierWithPath& row : identifiers_with_path)
    if (row.service == service.name && row.shape == shape.name)
      return text.substr(text.rfind('/') + 1); // npos + 1 is 0
  return text;
}

bool is_output_unwrapped(const Service& service, const Operation& operation) {
  return std::any_of(std::begin(unwrapped_outputs), std::end(unwrapped_outputs), [&](const UnwrappedOutput& row) {
    return row.service == service.name && row.operation == operation.name;
  });
}

} // namespace iasql::aws
