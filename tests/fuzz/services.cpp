#include "fuzz/services.hpp"

#include "base/json.hpp"
#include "base/names.hpp"
#include "fuzz/target.hpp"

#include <iterator>
#include <map>
#include <memory>

namespace iasql::fuzz {

namespace {

constexpr std::string_view shapes = R"({
  "All": {"type": "structure", "required": ["Text"], "members": {
    "Text": {"shape": "Text"}, "Choice": {"shape": "Choice", "locationName": "choice"},
    "Number": {"shape": "Number"}, "Long": {"shape": "Long"}, "Float": {"shape": "Float"}, "Flag": {"shape": "Flag"},
    "Time": {"shape": "Time"}, "Date": {"shape": "Date"}, "Seconds": {"shape": "Seconds"}, "Blob": {"shape": "Blob"},
    "Texts": {"shape": "Texts"}, "Items": {"shape": "Items", "locationName": "itemSet"},
    "Flat": {"shape": "Flat", "locationName": "flatItem"}, "Selves": {"shape": "Selves"}, "Sparse": {"shape": "Sparse"},
    "Map": {"shape": "Map"}, "FlatMap": {"shape": "FlatMap"}, "One": {"shape": "One"},
    "Attribute": {"shape": "Text", "xmlAttribute": true, "locationName": "xsi:type"},
    "Document": {"shape": "Document"}, "Self": {"shape": "All"}}},
  "Parts": {"type": "structure", "required": ["Bucket", "Key"], "members": {
    "Bucket": {"shape": "Text", "location": "uri"}, "Key": {"shape": "Text", "location": "uri"},
    "Count": {"shape": "Number", "location": "querystring", "locationName": "count"},
    "Many": {"shape": "Texts", "location": "querystring", "locationName": "many"},
    "Rest": {"shape": "Map", "location": "querystring"},
    "Text": {"shape": "Text", "location": "header", "locationName": "x-text"},
    "List": {"shape": "Texts", "location": "header", "locationName": "x-list"},
    "Times": {"shape": "Dates", "location": "header", "locationName": "x-times"},
    "Numbers": {"shape": "Numbers", "location": "header", "locationName": "x-numbers"},
    "Flag": {"shape": "Flag", "location": "header", "locationName": "x-flag"},
    "Json": {"shape": "Text", "jsonvalue": true, "location": "header", "locationName": "x-json"},
    "Meta": {"shape": "Map", "location": "headers", "locationName": "x-meta-"},
    "Status": {"shape": "Number", "location": "statusCode"},
    "Body": {"shape": "All"}}},
  "PayloadAll": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "All"}}},
  "PayloadBlob": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Blob", "streaming": true}}},
  "PayloadText": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Text"}}},
  "PayloadDocument": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Document"}}},
  "Text": {"type": "string"}, "Choice": {"type": "string", "enum": ["a", "b"]}, "Number": {"type": "integer"},
  "Long": {"type": "long"}, "Float": {"type": "double"}, "Flag": {"type": "boolean"}, "Blob": {"type": "blob"},
  "Time": {"type": "timestamp"}, "Date": {"type": "timestamp", "timestampFormat": "rfc822"},
  "Seconds": {"type": "timestamp", "timestampFormat": "unixTimestamp"},
  "Texts": {"type": "list", "member": {"shape": "Text"}}, "Numbers": {"type": "list", "member": {"shape": "Number"}},
  "Dates": {"type": "list", "member": {"shape": "Date"}},
  "Items": {"type": "list", "member": {"shape": "All", "locationName": "item"}},
  "Flat": {"type": "list", "flattened": true, "member": {"shape": "Number", "locationName": "flat"}},
  "Selves": {"type": "list", "flattened": true, "member": {"shape": "All"}},
  "Sparse": {"type": "list", "sparse": true, "member": {"shape": "Text"}},
  "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
  "FlatMap": {"type": "map", "flattened": true, "key": {"shape": "Text", "locationName": "k"},
              "value": {"shape": "Numbers", "locationName": "v"}},
  "One": {"type": "structure", "union": true, "members": {"A": {"shape": "Text"}, "B": {"shape": "Number"}}},
  "Document": {"type": "structure", "document": true, "members": {}}
})";

constexpr std::string_view operations = R"({
  "All": {"http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "All"},
          "output": {"shape": "All", "resultWrapper": "AllResult"}},
  "Parts": {"http": {"method": "PUT", "requestUri": "/{Bucket}/{Key+}?constant"}, "input": {"shape": "Parts"},
            "output": {"shape": "Parts", "resultWrapper": "PartsResult"}},
  "PayloadAll": {"http": {"method": "POST", "requestUri": "/a"}, "input": {"shape": "PayloadAll"},
                 "output": {"shape": "PayloadAll"}},
  "PayloadBlob": {"http": {"method": "POST", "requestUri": "/b"}, "input": {"shape": "PayloadBlob"},
                  "output": {"shape": "PayloadBlob"}},
  "PayloadDocument": {"http": {"method": "POST", "requestUri": "/d"}, "input": {"shape": "PayloadDocument"},
                      "output": {"shape": "PayloadDocument"}},
  "PayloadText": {"http": {"method": "POST", "requestUri": "/t"}, "input": {"shape": "PayloadText"},
                  "output": {"shape": "PayloadText"}}
})";

const char* name_of(aws::Protocol protocol) {
  switch (protocol) {
  case aws::Protocol::query:
    return "query";
  case aws::Protocol::ec2:
    return "ec2";
  case aws::Protocol::json:
    return "json";
  case aws::Protocol::rest_json:
    return "rest-json";
  case aws::Protocol::rest_xml:
    return "rest-xml";
  }
  return "";
}

std::unique_ptr<aws::Service> read(aws::Protocol protocol) {
  Object metadata = {{"protocol", name_of(protocol)},  {"apiVersion", "2026-11-22"}, {"endpointPrefix", "fuzz"},
                     {"awsQueryCompatible", Object()}, {"jsonVersion", "1.0"},       {"targetPrefix", "Fuzz"}};
  Object model = {{"metadata", metadata}, {"shapes", read_json(shapes)}, {"operations", read_json(operations)}};
  return aws::read_service("fuzz", write_json(model));
}

} // namespace

const aws::Service& service_of(aws::Protocol protocol) {
  static std::map<aws::Protocol, std::unique_ptr<aws::Service>> services;
  auto& service = services[protocol];
  if (!service) service = read(protocol);
  return *service;
}

const aws::Operation& take_operation(const aws::Service& service, std::string_view& bytes) {
  constexpr std::string_view names[] = {"All", "Parts", "PayloadAll", "PayloadBlob", "PayloadDocument", "PayloadText"};
  return service.operation(names[take_byte(bytes) % std::size(names)]);
}

net::HttpResponse response_of(std::string_view bytes) {
  net::HttpResponse response;
  response.status = 200;
  while (!bytes.empty()) {
    std::string_view line = take_until(bytes, "\n");
    if (line.empty()) break;
    std::string name = lower_case(take_until(line, ": "));
    response.headers.emplace_back(std::move(name), line);
  }
  response.body = bytes;
  return response;
}

} // namespace iasql::fuzz
