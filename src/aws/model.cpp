#include "aws/model.hpp"

// botocore's JSON becomes one graph: shapes are made first, empty, so that members can point at shapes that come
// later or at themselves; then operations, paginators and waiters, which point at shapes. service() keeps every graph
// that was ever asked for, so that the pointers hold for the life of the process.

#include "aws/embedded_models.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"

#include <algorithm>
#include <mutex>

namespace iasql::aws {

namespace {

[[noreturn]] void invalid(const std::string& message, std::string hint = {}) {
  throw Error(sqlstate::invalid_spec, message, {}, std::move(hint));
}

std::string hint_for(std::string_view wanted, const std::vector<std::string>& names) {
  std::string near = nearest(wanted, names);
  return near.empty() ? std::string() : "Did you mean " + near + "?";
}

template <typename T>
std::vector<std::string> names_of(const std::map<std::string, T, std::less<>>& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map)
    names.push_back(name);
  return names;
}

std::string text(const Value& value) {
  return value.is_string() ? value.string() : std::string();
}

bool flag(const Value& value) {
  return value.is_boolean() && value.boolean();
}

// A string, or the strings of an array.
std::vector<std::string> texts(const Value& value) {
  std::vector<std::string> result;
  if (value.is_string()) result.push_back(value.string());
  if (value.is_array())
    for (const Value& element : value.array())
      result.push_back(element.string());
  return result;
}

int number(const Value& value) {
  return value.is_integer() ? static_cast<int>(value.integer()) : 0;
}

const Object& members_of(const Value& value) {
  static const Object none;
  return value.is_object() ? value.object() : none;
}

// A URI alone, or a URI with a prefix.
XmlNamespace xml_namespace(const Value& value) {
  if (value.is_string()) return {value.string(), {}};
  return {text(value["uri"]), text(value["prefix"])};
}

std::optional<double> limit(const Value& value) {
  return value.is_number() ? std::optional(value.number()) : std::nullopt;
}

ShapeType shape_type(const std::string& name) {
  static const std::map<std::string, ShapeType, std::less<>> types = {{"structure", ShapeType::structure},
                                                                      {"list", ShapeType::list},
                                                                      {"map", ShapeType::map},
                                                                      {"string", ShapeType::string},
                                                                      {"character", ShapeType::string},
                                                                      {"integer", ShapeType::integer},
                                                                      {"bigInteger", ShapeType::integer},
                                                                      {"long", ShapeType::long_integer},
                                                                      {"short", ShapeType::integer},
                                                                      {"byte", ShapeType::integer},
                                                                      {"float", ShapeType::floating},
                                                                      {"double", ShapeType::floating},
                                                                      {"bigDecimal", ShapeType::floating},
                                                                      {"boolean", ShapeType::boolean},
                                                                      {"timestamp", ShapeType::timestamp},
                                                                      {"blob", ShapeType::blob}};
  auto found = types.find(name);
  if (found == types.end()) invalid("service model has a shape of unknown type \"" + name + "\"");
  return found->second;
}

// The first protocol of the list that is one of ours; the model's single `protocol` only where there is no list.
Protocol choose_protocol(const Value& metadata) {
  static const std::map<std::string, Protocol, std::less<>> ours = {{"query", Protocol::query},
                                                                    {"ec2", Protocol::ec2},
                                                                    {"json", Protocol::json},
                                                                    {"rest-json", Protocol::rest_json},
                                                                    {"rest-xml", Protocol::rest_xml}};
  std::vector<std::string> offered = texts(metadata["protocols"]);
  if (offered.empty()) offered = texts(metadata["protocol"]);
  for (const std::string& name : offered)
    if (auto found = ours.find(name); found != ours.end()) return found->second;
  invalid("service model offers no protocol that is known here: " + metadata["protocols"].text());
}

class Reader {
public:
  explicit Reader(Service& service) : m_service(service) {}

  void read(const Value& document) {
    read_metadata(document["metadata"]);
    m_service.endpoint_rules = text(document["endpointRules"]);
    for (const auto& [name, json] : members_of(document["clientContextParams"]))
      m_service.client_context_params.emplace_back(name, text(json["type"]));
    for (const auto& [name, json] : members_of(document["shapes"]))
      m_service.shapes[name].name = name;
    for (const auto& [name, json] : members_of(document["shapes"]))
      read_shape(m_service.shapes.find(name)->second, json);
    for (const auto& [name, json] : members_of(document["pagination"]))
      read_paginator(m_service.paginators[name], json);
    for (const auto& [name, json] : members_of(document["operations"]))
      read_operation(name, json);
    for (const auto& [name, json] : members_of(document["waiters"]))
      read_waiter(m_service.waiters[name], json);
  }

private:
  void read_metadata(const Value& metadata) {
    m_service.protocol = choose_protocol(metadata);
    m_service.api_version = text(metadata["apiVersion"]);
    m_service.json_version = text(metadata["jsonVersion"]);
    m_service.target_prefix = text(metadata["targetPrefix"]);
    m_service.endpoint_prefix = text(metadata["endpointPrefix"]);
    m_service.signing_name = text(metadata["signingName"]);
    if (m_service.signing_name.empty()) m_service.signing_name = m_service.endpoint_prefix;
    m_service.xml_namespace = text(metadata["xmlNamespace"]);
    m_service.service_id = text(metadata["serviceId"]);
    m_service.global_endpoint = text(metadata["globalEndpoint"]);
    m_service.query_compatible = !metadata["awsQueryCompatible"].is_null();
    m_service.auth = texts(metadata["auth"]);
  }

  const Shape* shape(const Value& name) const {
    auto found = m_service.shapes.find(text(name));
    if (found == m_service.shapes.end()) invalid("service model has no shape " + name.text());
    return &found->second;
  }

  Member read_member(std::string name, const Value& json) const {
    Member member;
    member.name = std::move(name);
    member.shape = shape(json["shape"]);
    member.location = text(json["location"]);
    member.location_name = text(json["locationName"]);
    member.query_name = text(json["queryName"]);
    member.xml_namespace = xml_namespace(json["xmlNamespace"]);
    member.timestamp_format = text(json["timestampFormat"]);
    member.context_param = text(json["contextParam"]["name"]);
    member.idempotency_token = flag(json["idempotencyToken"]);
    member.flattened = flag(json["flattened"]);
    member.xml_attribute = flag(json["xmlAttribute"]);
    member.streaming = flag(json["streaming"]);
    member.json_value = flag(json["jsonvalue"]);
    member.host_label = flag(json["hostLabel"]);
    return member;
  }

  void read_shape(Shape& shape, const Value& json) const {
    shape.type = shape_type(text(json["type"]));
    for (const auto& [name, member] : members_of(json["members"]))
      shape.members.push_back(read_member(name, member));
    for (const std::string& required : texts(json["required"]))
      for (Member& member : shape.members)
        if (member.name == required) member.required = true;
    if (shape.type == ShapeType::list) shape.element = read_member("member", json["member"]);
    if (shape.type == ShapeType::map) {
      shape.key = read_member("key", json["key"]);
      shape.value = read_member("value", json["value"]);
    }
    shape.location_name = text(json["locationName"]);
    shape.payload = text(json["payload"]);
    shape.allowed = texts(json["enum"]);
    shape.pattern = text(json["pattern"]);
    shape.minimum = limit(json["min"]);
    shape.maximum = limit(json["max"]);
    shape.timestamp_format = text(json["timestampFormat"]);
    shape.flattened = flag(json["flattened"]);
    shape.sensitive = flag(json["sensitive"]);
    shape.sparse = flag(json["sparse"]);
    shape.union_type = flag(json["union"]);
    shape.document = flag(json["document"]);
    shape.event_stream = flag(json["eventstream"]);
    shape.boxed = flag(json["box"]);
    shape.streaming = flag(json["streaming"]);
    shape.xml_namespace = xml_namespace(json["xmlNamespace"]);
    shape.error_code = text(json["error"]["code"]);
    if (const Value& retryable = json["retryable"]; retryable.is_object())
      shape.retryable = flag(retryable["throttling"]) ? Retryable::throttling : Retryable::yes;
  }

  void read_paginator(Paginator& paginator, const Value& json) const {
    paginator.input_token = texts(json["input_token"]);
    paginator.output_token = texts(json["output_token"]);
    paginator.result_key = texts(json["result_key"]);
    paginator.limit_key = text(json["limit_key"]);
    paginator.more_results = text(json["more_results"]);
    if (paginator.input_token.empty() || paginator.input_token.size() != paginator.output_token.size())
      invalid("service model has a paginator whose tokens do not pair: " + write_json(json));
  }

  void read_operation(const std::string& name, const Value& json) {
    Operation& operation = m_service.operations[name];
    operation.name = name;
    operation.http_method = text(json["http"]["method"]);
    operation.http_uri = text(json["http"]["requestUri"]);
    if (const Value& input = json["input"]; input.is_object()) {
      operation.input = shape(input["shape"]);
      operation.input_name = text(input["locationName"]);
      operation.input_namespace = xml_namespace(input["xmlNamespace"]);
    }
    if (const Value& output = json["output"]; output.is_object()) {
      operation.output = shape(output["shape"]);
      operation.result_wrapper = text(output["resultWrapper"]);
    }
    if (const Value& errors = json["errors"]; errors.is_array())
      for (const Value& error : errors.array())
        operation.errors.push_back(shape(error["shape"]));
    operation.auth_type = text(json["authtype"]);
    operation.unsigned_payload = flag(json["unsignedPayload"]);
    const Value& checksum = json["httpChecksum"];
    operation.checksum_required = flag(json["httpChecksumRequired"]) || flag(checksum["requestChecksumRequired"]);
    operation.checksum_member = text(checksum["requestAlgorithmMember"]);
    std::vector<std::string> encodings = texts(json["requestcompression"]["encodings"]);
    operation.takes_gzip = std::find(encodings.begin(), encodings.end(), "gzip") != encodings.end();
    operation.host_prefix = text(json["endpoint"]["hostPrefix"]);
    operation.auth = texts(json["auth"]);
    for (const auto& [parameter, param] : members_of(json["staticContextParams"]))
      operation.static_context_params.add(parameter, param["value"]);
    for (const auto& [parameter, param] : members_of(json["operationContextParams"]))
      operation.operation_context_params.emplace_back(parameter, text(param["path"]));
    if (auto found = m_service.paginators.find(name); found != m_service.paginators.end())
      operation.paginator = &found->second;
  }

  void read_waiter(Waiter& waiter, const Value& json) const {
    waiter.operation = text(json["operation"]);
    waiter.delay_seconds = number(json["delay"]);
    waiter.max_attempts = number(json["maxAttempts"]);
    if (const Value& acceptors = json["acceptors"]; acceptors.is_array())
      for (const Value& acceptor : acceptors.array())
        waiter.acceptors.push_back(
            {text(acceptor["state"]), text(acceptor["matcher"]), text(acceptor["argument"]), acceptor["expected"]});
  }

  Service& m_service;
};

} // namespace

const Member* Shape::member(std::string_view name) const {
  for (const Member& member : members)
    if (member.name == name) return &member;
  return nullptr;
}

const Operation* Service::find_operation(std::string_view name) const {
  auto found = operations.find(name);
  return found == operations.end() ? nullptr : &found->second;
}

const Operation& Service::operation(std::string_view name) const {
  if (const Operation* found = find_operation(name)) return *found;
  invalid("service " + this->name + " has no operation " + std::string(name), hint_for(name, names_of(operations)));
}

const Waiter* Service::find_waiter(std::string_view name) const {
  auto found = waiters.find(name);
  return found == waiters.end() ? nullptr : &found->second;
}

std::unique_ptr<Service> read_service(std::string_view name, std::string_view json) {
  auto service = std::make_unique<Service>();
  service->name = name;
  Reader(*service).read(read_json(json));
  return service;
}

namespace {

struct Loaded {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<Service>, std::less<>> services;
};

Loaded& loaded() {
  static Loaded services;
  return services;
}

} // namespace

const Service& service(std::string_view name) {
  auto& [mutex, services] = loaded();
  std::lock_guard lock(mutex);
  if (auto found = services.find(name); found != services.end()) return *found->second;
  std::vector<std::string> known;
  for (const EmbeddedModel& model : embedded_models()) {
    if (model.service == name) return *(services[std::string(name)] = read_service(name, model.json));
    known.emplace_back(model.service);
  }
  invalid("no service model " + std::string(name), hint_for(name, known));
}

void add_service(std::unique_ptr<Service> service) {
  auto& [mutex, services] = loaded();
  std::lock_guard lock(mutex);
  services.try_emplace(service->name, std::move(service));
}

} // namespace iasql::aws
