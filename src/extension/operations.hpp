#pragma once

// iasql.aws() and what there is to look up before one calls it: AWS's services, operations and their members, as
// botocore's service models have them.

#include "extension/pg/sql.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace iasql::extension {

using pg::TextRow;

struct OperationCall {
  std::string service, operation;
  std::string input;                 // a JSON object
  std::optional<std::string> region; // nothing: the database's default region
};

// Calls the operation and hands each page of its output to `page` as JSON, in order, members that the service model
// calls sensitive as "***". All pages, unless the input has a page token or a page's size: then that page alone. Throws
// Error: invalid_value for names that there are not (with the nearest one) and input that does not fit; 25006 for an
// operation that changes something in a read-only transaction; 0A000 for one that cannot be called; what the call
// throws.
void call_operation(OperationCall call, const std::function<void(std::string page)>& page);

// Rows of the view iasql.aws_services: service, full_name, api_version, protocol, signing_name, operations, supported,
// unsupported_because.
std::vector<TextRow> aws_services();
// Rows of the view iasql.aws_operations: service, operation, read_only, paginated, supported, unsupported_because,
// documentation.
std::vector<TextRow> aws_operations();
// Rows of iasql.aws_members(), input before output: direction, path, type, required, allowed_values, sensitive,
// members_at.
std::vector<TextRow> aws_members(const std::string& service, const std::string& operation);

} // namespace iasql::extension
