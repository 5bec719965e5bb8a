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

struct ServiceFigures {
  std::string_view service;
  RetryFigures figures;
};

// Its answers take milliseconds, so its first retry may come sooner.
constexpr ServiceFigures service_figures[] = {
    {"dynamodb", {4, std::chrono::milliseconds(25)}},
    {"dynamodbstreams", {4, std::chrono::milliseconds(25)}},
};

struct TransientError {
  std::string_view service, code;
};

constexpr TransientError transient_errors[] = {
    {"sts", "IDPCommunicationError"}, // status 400
};

// CopyObject and CompleteMultipartUpload, documented; botocore looks at every answer.
constexpr std::string_view failing_after_success[] = {"s3"};

struct ChecksumHeader {
  std::string_view service, name;
};

constexpr ChecksumHeader crc32_headers[] = {
    {"dynamodb", "x-amz-crc32"},
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

RetryFigures retry_figures(const Service& service) {
  for (const ServiceFigures& row : service_figures)
    if (row.service == service.name) return row.figures;
  return {};
}

bool is_transient_error(const Service& service, std::string_view code) {
  return std::any_of(std::begin(transient_errors), std::end(transient_errors),
                     [&](const TransientError& row) { return row.service == service.name && row.code == code; });
}

bool may_fail_after_success(const Service& service) {
  return std::find(std::begin(failing_after_success), std::end(failing_after_success), service.name) !=
         std::end(failing_after_success);
}

std::string_view crc32_header(const Service& service) {
  for (const ChecksumHeader& row : crc32_headers)
    if (row.service == service.name) return row.name;
  return {};
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
