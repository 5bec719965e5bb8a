// botocore's document becomes a graph piece by piece. An operation that is asked for takes the shapes with it that it
// reaches: each is made empty where a member first points at it, so that members can point at shapes that come later or
// at themselves, and put on a list of those still to be filled; the operation is handed out when the list is empty. A
// whole model is never in memory in that form: ec2's 4,414 shapes would take longer to make than most calls to AWS.

#include "aws/model_reader.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <limits>

namespace iasql::aws {

namespace {

using Node = PackedJson::Node;

[[noreturn]] void invalid(const std::string& message) {
  throw Error(sqlstate::invalid_spec, message);
}

std::string text(Node node) {
  return std::string(node.text());
}

// A string, or the strings of an array.
std::vector<std::string> texts(Node node) {
  std::vector<std::string> result;
  if (node.is_string()) result.push_back(text(node));
  if (node.is_array())
    for (std::uint32_t i = 0, count = node.size(); i < count; ++i)
      result.push_back(text(node.element(i)));
  return result;
}

int number(Node node) {
  double found = node.number().value_or(0);
  return found >= 0 && found <= std::numeric_limits<int>::max() ? static_cast<int>(found) : 0;
}

template <typename Use>
void for_each_member(Node object, Use use) {
  if (!object.is_object()) return;
  for (std::uint32_t i = 0, count = object.size(); i < count; ++i) {
    auto [name, value] = object.member(i);
    use(name, value);
  }
}

// A URI alone, or a URI with a prefix.
XmlNamespace xml_namespace(Node node) {
  if (node.is_string()) return {text(node), {}};
  return {text(node["uri"]), text(node["prefix"])};
}

ShapeType shape_type(std::string_view name) {
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
  if (found == types.end()) invalid("service model has a shape of unknown type \"" + std::string(name) + "\"");
  return found->second;
}

Paginator read_paginator(const std::string& name, Node json) {
  Paginator paginator;
  paginator.input_token = texts(json["input_token"]);
  paginator.output_token = texts(json["output_token"]);
  paginator.result_key = texts(json["result_key"]);
  paginator.limit_key = text(json["limit_key"]);
  paginator.more_results = text(json["more_results"]);
  if (paginator.input_token.empty() || paginator.input_token.size() != paginator.output_token.size())
    invalid("service model has a paginator whose tokens do not pair: " + name);
  return paginator;
}

Waiter read_waiter(Node json) {
  Waiter waiter;
  waiter.operation = text(json["operation"]);
  waiter.delay_seconds = number(json["delay"]);
  waiter.max_attempts = number(json["maxAttempts"]);
  Node acceptors = json["acceptors"];
  for (std::uint32_t i = 0, count = acceptors.size(); i < count; ++i) {
    Node acceptor = acceptors.element(i);
    waiter.acceptors.push_back(
        {text(acceptor["state"]), text(acceptor["matcher"]), text(acceptor["argument"]), acceptor["expected"].value()});
  }
  return waiter;
}

std::vector<std::string> names(Node object) {
  std::vector<std::string> result;
  for_each_member(object, [&](Node name, Node) { result.push_back(text(name)); });
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace

std::optional<Protocol> choose_protocol(const std::vector<std::string>& offered) {
  static const std::map<std::string, Protocol, std::less<>> ours = {{"query", Protocol::query},
                                                                    {"ec2", Protocol::ec2},
                                                                    {"json", Protocol::json},
                                                                    {"rest-json", Protocol::rest_json},
                                                                    {"rest-xml", Protocol::rest_xml}};
  for (const std::string& name : offered)
    if (auto found = ours.find(name); found != ours.end()) return found->second;
  return std::nullopt;
}

ModelReader::ModelReader(std::span<const std::uint32_t> document) : m_document(document) {
  m_shape_nodes.resize(m_document.texts());
  for_each_member(m_document.root()["shapes"],
                  [&](Node name, Node json) { m_shape_nodes.at(name.text_number()) = json; });
}

// Moving a vector leaves its elements where they are.
ModelReader::ModelReader(PackedWords document) : ModelReader(std::span<const std::uint32_t>(document)) {
  m_owned = std::move(document);
}

void ModelReader::read_metadata(Service& service) const {
  Node metadata = m_document.root()["metadata"];
  std::vector<std::string> offered = texts(metadata["protocols"]);
  if (offered.empty()) offered = texts(metadata["protocol"]);
  auto protocol = choose_protocol(offered);
  if (!protocol) {
    std::string list;
    for (const std::string& name : offered)
      list += (list.empty() ? "" : ", ") + name;
    invalid("service " + service.name + " cannot be called: it offers no protocol that is known here, only " +
            (list.empty() ? "none" : list));
  }
  service.protocol = *protocol;
  service.api_version = text(metadata["apiVersion"]);
  service.json_version = text(metadata["jsonVersion"]);
  service.target_prefix = text(metadata["targetPrefix"]);
  service.endpoint_prefix = text(metadata["endpointPrefix"]);
  service.signing_name = text(metadata["signingName"]);
  if (service.signing_name.empty()) service.signing_name = service.endpoint_prefix;
  service.xml_namespace = text(metadata["xmlNamespace"]);
  service.service_id = text(metadata["serviceId"]);
  service.query_compatible = !metadata["awsQueryCompatible"].is_null();
  service.auth = texts(metadata["auth"]);
  service.endpoint_rules = text(m_document.root()["endpointRules"]);
}

const Operation* ModelReader::operation(std::string_view name) {
  if (auto found = m_operations.find(name); found != m_operations.end()) return &found->second;
  Node json = m_document.root()["operations"][name];
  if (json.is_null()) return nullptr;
  std::string key(name);
  Operation operation = read_operation(key, json);
  read_pending_shapes();
  return &m_operations.emplace(std::move(key), std::move(operation)).first->second;
}

const Waiter* ModelReader::waiter(std::string_view name) {
  if (auto found = m_waiters.find(name); found != m_waiters.end()) return &found->second;
  Node json = m_document.root()["waiters"][name];
  if (json.is_null()) return nullptr;
  return &m_waiters.emplace(name, read_waiter(json)).first->second;
}

const Shape* ModelReader::shape(std::string_view name) {
  const Shape* found = nullptr;
  for_each_member(m_document.root()["shapes"], [&](Node key, Node) {
    if (key.text() == name) found = shape(key);
  });
  read_pending_shapes();
  return found;
}

std::vector<std::string> ModelReader::operation_names() const {
  return names(m_document.root()["operations"]);
}

std::vector<std::string> ModelReader::waiter_names() const {
  return names(m_document.root()["waiters"]);
}

const Shape* ModelReader::shape(Node name) {
  if (!name.is_string() || m_shape_nodes.at(name.text_number()).is_null())
    invalid("service model has no shape " + text(name));
  auto [found, is_new] = m_shapes.try_emplace(name.text_number());
  if (is_new) {
    found->second.name = text(name);
    m_pending.push_back(name.text_number());
  }
  return &found->second;
}

// A shape whose reading fails stays on the list: who asks again gets the error again, never a shape half read.
void ModelReader::read_pending_shapes() {
  while (!m_pending.empty()) {
    std::uint32_t number = m_pending.front();
    read_shape(m_shapes.find(number)->second, m_shape_nodes.at(number));
    m_pending.pop_front();
  }
}

Member ModelReader::read_member(std::string name, Node json) {
  Member member;
  member.name = std::move(name);
  member.shape = shape(json["shape"]);
  if (json.size() == 1) return member; // most members are nothing but their shape
  member.location = text(json["location"]);
  member.location_name = text(json["locationName"]);
  member.query_name = text(json["queryName"]);
  member.xml_namespace = xml_namespace(json["xmlNamespace"]);
  member.timestamp_format = text(json["timestampFormat"]);
  member.context_param = text(json["contextParam"]["name"]);
  member.idempotency_token = json["idempotencyToken"].is_true();
  member.flattened = json["flattened"].is_true();
  member.xml_attribute = json["xmlAttribute"].is_true();
  member.streaming = json["streaming"].is_true();
  member.json_value = json["jsonvalue"].is_true();
  member.host_label = json["hostLabel"].is_true();
  return member;
}

void ModelReader::read_shape(Shape& shape, Node json) {
  shape.type = shape_type(json["type"].text());
  shape.members.clear();
  shape.members.reserve(json["members"].size());
  for_each_member(json["members"],
                  [&](Node name, Node member) { shape.members.push_back(read_member(text(name), member)); });
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
  shape.minimum = json["min"].number();
  shape.maximum = json["max"].number();
  shape.timestamp_format = text(json["timestampFormat"]);
  shape.flattened = json["flattened"].is_true();
  shape.sensitive = json["sensitive"].is_true();
  shape.sparse = json["sparse"].is_true();
  shape.union_type = json["union"].is_true();
  shape.document = json["document"].is_true();
  shape.event_stream = json["eventstream"].is_true();
  shape.boxed = json["box"].is_true();
  shape.streaming = json["streaming"].is_true();
  shape.xml_namespace = xml_namespace(json["xmlNamespace"]);
  shape.error_code = text(json["error"]["code"]);
  if (Node retryable = json["retryable"]; retryable.is_object())
    shape.retryable = retryable["throttling"].is_true() ? Retryable::throttling : Retryable::yes;
}

Operation ModelReader::read_operation(const std::string& name, Node json) {
  Operation operation;
  operation.name = name;
  operation.http_method = text(json["http"]["method"]);
  operation.http_uri = text(json["http"]["requestUri"]);
  if (Node input = json["input"]; input.is_object()) {
    operation.input = shape(input["shape"]);
    operation.input_name = text(input["locationName"]);
    operation.input_namespace = xml_namespace(input["xmlNamespace"]);
  }
  if (Node output = json["output"]; output.is_object()) {
    operation.output = shape(output["shape"]);
    operation.result_wrapper = text(output["resultWrapper"]);
  }
  Node errors = json["errors"];
  for (std::uint32_t i = 0, count = errors.size(); i < count; ++i)
    operation.errors.push_back(shape(errors.element(i)["shape"]));
  operation.auth_type = text(json["authtype"]);
  operation.unsigned_payload = json["unsignedPayload"].is_true();
  Node checksum = json["httpChecksum"];
  operation.checksum_required = json["httpChecksumRequired"].is_true() || checksum["requestChecksumRequired"].is_true();
  operation.checksum_member = text(checksum["requestAlgorithmMember"]);
  std::vector<std::string> encodings = texts(json["requestcompression"]["encodings"]);
  operation.takes_gzip = std::find(encodings.begin(), encodings.end(), "gzip") != encodings.end();
  operation.host_prefix = text(json["endpoint"]["hostPrefix"]);
  operation.auth = texts(json["auth"]);
  for_each_member(json["staticContextParams"], [&](Node parameter, Node param) {
    operation.static_context_params.add(text(parameter), param["value"].value());
  });
  for_each_member(json["operationContextParams"], [&](Node parameter, Node param) {
    operation.operation_context_params.emplace_back(text(parameter), text(param["path"]));
  });
  if (Node paginator = m_document.root()["pagination"][name]; paginator.is_object())
    operation.paginator = &m_paginators.try_emplace(name, read_paginator(name, paginator)).first->second;
  return operation;
}

} // namespace iasql::aws
