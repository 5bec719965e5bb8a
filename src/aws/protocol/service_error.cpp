#include "aws/protocol/protocol.hpp"
#include "aws/protocol/xml.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace iasql::aws {

namespace {

enum class Body { empty, xml, json };

// The body's look decides, not the protocol: a gateway or an emulator may answer a JSON service in XML.
Body kind_of(std::string_view body) {
  auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Body::empty;
  return body[first] == '<' ? Body::xml : Body::json;
}

std::string text_of(XmlElement element) {
  return element ? element_text(element) : std::string();
}

XmlElement first_of(XmlElement parent, std::string_view name, std::string_view other) {
  XmlElement found = child_element(parent, name);
  return found ? found : child_element(parent, other);
}

std::string request_id_of(XmlElement root) {
  XmlElement place = child_element(root, "ResponseMetadata");
  if (!place) place = root;
  std::string found = text_of(first_of(place, "RequestId", "RequestID"));
  return found.empty() ? text_of(child_element(root, "requestId")) : found;
}

// <ErrorResponse><Error>…, <Response><Errors><Error>… or <Error>… alone.
ServiceError error_from_xml(std::string_view body) {
  const XmlDocument document(body);
  XmlElement root = document.root();
  XmlElement error = local_name(root) == "Error" ? root : child_element(root, "Error");
  if (!error) error = child_element(child_element(root, "Errors"), "Error");
  if (!error) return {};
  ServiceError result;
  result.code = text_of(child_element(error, "Code"));
  result.message = text_of(first_of(error, "Message", "message"));
  result.request_id = request_id_of(root);
  if (result.request_id.empty()) result.request_id = request_id_of(error);
  return result;
}

// "com.amazonaws.ecr#RepositoryNotFoundException:http://…" is RepositoryNotFoundException.
std::string without_namespace(std::string_view code) {
  code = code.substr(0, code.find(':'));
  return std::string(code.substr(code.find('#') + 1)); // npos + 1 is 0
}

std::string string_member(const Value& json, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names)
    if (json[name].is_string()) return json[name].string();
  return {};
}

ServiceError error_from_json(std::string_view body) {
  Value json = read_json(body);
  ServiceError result;
  result.code = without_namespace(string_member(json, {"__type", "code", "Code"}));
  result.message = string_member(json, {"message", "Message", "errorMessage"});
  return result;
}

ServiceError error_from_body(std::string_view body) {
  try {
    switch (kind_of(body)) {
    case Body::xml:
      return error_from_xml(body);
    case Body::json:
      return error_from_json(body);
    case Body::empty:
      break;
    }
  } catch (const Error&) {
    // The status is all that such an answer tells.
  }
  return {};
}

// A header's text; nothing where it is not UTF-8 and so cannot be shown.
std::string text_header(const net::HttpResponse& response, std::string_view name) {
  const std::string& text = response.header(name);
  return is_utf8(text) ? text : std::string();
}

std::string request_id_from_headers(const net::HttpResponse& response) {
  for (std::string_view name : {"x-amzn-requestid", "x-amz-request-id", "x-amz-requestid"})
    if (std::string found = text_header(response, name); !found.empty()) return found;
  return {};
}

} // namespace

ServiceError parse_error(const Service& service, const net::HttpResponse& response) {
  ServiceError error = error_from_body(response.body);
  if (std::string type = text_header(response, "x-amzn-errortype"); !type.empty()) error.code = without_namespace(type);
  // "Code;Sender": the code that the service had when it still spoke the query protocol.
  if (std::string query_error = text_header(response, "x-amzn-query-error");
      service.query_compatible && !query_error.empty())
    error.code = query_error.substr(0, query_error.find(';'));
  if (std::string id = request_id_from_headers(response); !id.empty()) error.request_id = id;
  return error;
}

std::string request_id(const net::HttpResponse& response) {
  if (std::string found = request_id_from_headers(response); !found.empty()) return found;
  if (kind_of(response.body) != Body::xml) return {};
  try {
    return request_id_of(XmlDocument(response.body).root());
  } catch (const Error&) {
    return {};
  }
}

} // namespace iasql::aws
