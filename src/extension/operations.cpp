// The archive's index answers what there is; a model is read only where an operation is called or its members are
// listed.

#include "extension/operations.hpp"

#include "aws/caller.hpp"
#include "aws/model.hpp"
#include "aws/model_archive.hpp"
#include "aws/model_members.hpp"
#include "aws/paginate.hpp"
#include "aws/redact.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "extension/connection.hpp"
#include "extension/pg/transaction.hpp"
#include "extension/store_sql.hpp"

#include <algorithm>

namespace iasql::extension {

namespace {

constexpr std::string_view read_only_transaction = "25006";
constexpr std::string_view wrong_state = "55000";
constexpr std::string_view not_supported = "0A000";

[[noreturn]] void unknown(const std::string& message, std::string_view wanted, const std::vector<std::string>& names) {
  std::string near = nearest(wanted, names);
  throw Error(sqlstate::invalid_value, message, {},
              near.empty() ? "See the views iasql.aws_services and iasql.aws_operations"
                           : "Did you mean " + near + "?");
}

aws::ModelArchive archive() {
  auto archive = aws::open_model_archive();
  if (!archive) throw Error(sqlstate::internal_error, "the library does not know where its service models are");
  return std::move(*archive);
}

aws::ListedService listed_service(const std::string& name) {
  aws::ModelArchive models = archive();
  auto found = models.service(name);
  if (!found) unknown("AWS has no service \"" + name + "\"", name, models.service_names());
  return std::move(*found);
}

aws::ListedOperation listed_operation(const std::string& service, const std::string& name) {
  aws::ListedService listed = listed_service(service);
  std::vector<std::string> names;
  for (aws::ListedOperation& operation : listed.operations) {
    if (operation.name == name) return std::move(operation);
    names.push_back(operation.name);
  }
  unknown("service " + service + " has no operation \"" + name + "\"", name, names);
}

// Of one that can be called.
const aws::Operation& called_operation(const OperationCall& call) {
  aws::ListedOperation listed = listed_operation(call.service, call.operation);
  if (!listed.unsupported.empty())
    throw Error(not_supported,
                "operation " + call.operation + " of " + call.service + " cannot be called: " + listed.unsupported);
  return aws::service(call.service).operation(call.operation);
}

void refuse_writing_where_impossible(const OperationCall& call) {
  std::string what = call.operation + " of " + call.service + " may change the AWS account";
  if (pg::is_read_only())
    throw Error(read_only_transaction, what + ", which a read-only transaction does not", {},
                pg::in_recovery() ? "Connect to the primary server"
                                  : "SET TRANSACTION READ WRITE, or set default_transaction_read_only to off");
  if (pg::in_parallel_mode()) throw Error(wrong_state, what + ", which a parallel query does not");
  if (pg::in_restricted_operation()) throw Error(wrong_state, what + ", which an index or a view's refresh does not");
}

Value read_input(const std::string& json) {
  Value input = read_json(json);
  if (!input.is_object())
    throw Error(sqlstate::invalid_value, "the input of an operation is an object: its members by their names");
  return input;
}

std::string default_region(engine::Store& store) {
  for (const engine::Region& region : store.regions())
    if (region.is_default) return region.name;
  throw Error(sqlstate::missing_value, "the database has no default region", {}, "Name one in the fourth argument");
}

// Whether the input says itself which page, or how much of it, is wanted. A limit that must be there says nothing.
bool names_page(const aws::Operation& operation, const Value& input) {
  const aws::Paginator& paginator = *operation.paginator;
  auto has = [&](const std::string& member) { return !input[member].is_null(); };
  const aws::Member* limit = operation.input ? operation.input->member(paginator.limit_key) : nullptr;
  return std::any_of(paginator.input_token.begin(), paginator.input_token.end(), has) ||
         (limit && !limit->required && has(limit->name));
}

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

const char* truth(bool value) {
  return value ? "t" : "f";
}

} // namespace

void call_operation(OperationCall call, const std::function<void(std::string page)>& page) {
  const aws::Operation& operation = called_operation(call);
  bool is_read = aws::is_read_only(call.operation);
  if (!is_read) refuse_writing_where_impossible(call);
  aws::Call request{.service = call.service, .operation = call.operation, .region = {}};
  request.input = read_input(call.input);
  request.repeat = is_read ? aws::Repeat::freely : aws::Repeat::if_not_sent;

  Connection connection(Connection::Reach::aws);
  engine::Context& context = connection.context();
  request.region = call.region ? *call.region : default_region(context.store);
  std::function<void(Value)> give = [&](Value output) {
    aws::hide_sensitive(operation.output, output);
    page(json_document(output));
  };
  if (operation.paginator && !names_page(operation, request.input))
    connection.run(aws::for_each_page(context.caller, std::move(request), give));
  else
    give(connection.run(context.caller.call(std::move(request))).output);
}

std::vector<TextRow> aws_services() {
  std::vector<TextRow> rows;
  for (const aws::ListedService& service : archive().services())
    rows.push_back({service.name, service.full_name, service.api_version, service.protocol, service.signing_name,
                    std::to_string(service.operations.size()), truth(service.unsupported.empty()),
                    text_or_null(service.unsupported)});
  return rows;
}

std::vector<TextRow> aws_operations() {
  std::vector<TextRow> rows;
  for (const aws::ListedService& service : archive().services())
    for (const aws::ListedOperation& operation : service.operations)
      rows.push_back({service.name, operation.name, truth(aws::is_read_only(operation.name)),
                      truth(operation.is_paginated), truth(operation.unsupported.empty()),
                      text_or_null(operation.unsupported),
                      "https://docs.aws.amazon.com/goto/WebAPI/" + service.uid + "/" + operation.name});
  return rows;
}

std::vector<TextRow> aws_members(const std::string& service, const std::string& operation) {
  const aws::Operation& found = called_operation({service, operation, {}, {}});
  std::vector<TextRow> rows;
  for (const auto& [direction, shape] : {std::pair("input", found.input), std::pair("output", found.output)})
    for (const aws::ListedMember& member : aws::list_members(shape))
      rows.push_back({direction, member.path, member.type, truth(member.is_required),
                      member.allowed->empty() ? std::nullopt : std::optional(pg::array_text(*member.allowed)),
                      truth(member.is_sensitive), text_or_null(member.members_at)});
  return rows;
}

} // namespace iasql::extension
