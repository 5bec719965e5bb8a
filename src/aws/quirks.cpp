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

struct EndpointMember {
  std::string_view service, member;
};

constexpr EndpointMember endpoint_members[] = {
    {"s3", "Bucket"},
};

struct PathStyleOperation {
  std::string_view service, operation;
};

// Whoever asks where a bucket is does not know the region to sign for, which names before the host would demand.
constexpr PathStyleOperation path_style_operations[] = {
    {"s3", "GetBucketLocation"},
};

struct EndpointSetting {
  std::string_view service, parameter;
  bool value;
};

constexpr EndpointSetting endpoint_settings[] = {
    // Directory buckets take plain signatures too; their sessions have a signature of their own.
    {"s3", "DisableS3ExpressSessionAuth", true},
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

bool is_part_of_endpoint(const Service& service, const Member& member) {
  return std::any_of(std::begin(endpoint_members), std::end(endpoint_members), [&](const EndpointMember& row) {
    return row.service == service.name && row.member == member.name;
  });
}

bool needs_path_style(const Service& service, const Operation& operation) {
  return std::any_of(
      std::begin(path_style_operations), std::end(path_style_operations),
      [&](const PathStyleOperation& row) { return row.service == service.name && row.operation == operation.name; });
}

Value endpoint_setting(const Service& service, std::string_view parameter) {
  for (const EndpointSetting& row : endpoint_settings)
    if (row.service == service.name && row.parameter == parameter) return row.value;
  return {};
}

} // namespace iasql::aws
