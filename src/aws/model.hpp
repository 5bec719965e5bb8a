#pragma once

// Service models as values: what botocore's service-2.json, paginators-1.json and waiters-2.json say. The build trims
// them (tools/trim_models.py) to the operations that src/**/models.txt name and compiles these into the library; all of
// them, whole, are in an archive beside it (model_archive.hpp). Wherever a model comes from, an operation and the
// shapes that it reaches are made when it is first named.

#include "aws/endpoint_rules/rules.hpp"
#include "base/value.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

enum class Protocol { query, ec2, json, rest_json, rest_xml };
enum class ShapeType { structure, list, map, string, integer, long_integer, floating, boolean, timestamp, blob };

// What an error's "retryable" trait says of it.
enum class Retryable { no, yes, throttling };

struct Shape;

struct XmlNamespace {
  std::string uri;    // or ""
  std::string prefix; // "" makes it the namespace of the element and what is in it
};

struct Member {
  std::string name; // "CidrBlock"
  const Shape* shape = nullptr;
  std::string location;      // "", "header", "uri", "querystring", "statusCode", "headers"
  std::string location_name; // locationName, or "" where the model has none
  std::string query_name;    // the ec2 protocol's queryName, or ""
  XmlNamespace xml_namespace;
  std::string timestamp_format; // the member's own, or ""
  std::string context_param;    // the endpoint rules' parameter that it sets, or ""
  bool required = false;
  bool idempotency_token = false;
  bool flattened = false;
  bool xml_attribute = false;
  bool streaming = false;
  bool json_value = false;
  bool host_label = false;

  // What the member is called where it is sent; the ec2 protocol has names of its own.
  const std::string& wire_name() const { return location_name.empty() ? name : location_name; }
};

struct Shape {
  std::string name;
  ShapeType type = ShapeType::string;
  std::vector<Member> members;            // of a structure, in the model's order
  Member element;                         // of a list
  Member key, value;                      // of a map
  std::string location_name;              // rest-xml: the element that the shape is by itself, or ""
  std::string payload;                    // the payload member's name, or ""
  std::vector<std::string> allowed;       // enumeration
  std::string pattern;                    // a regular expression as the model has it, or ""
  std::optional<double> minimum, maximum; // of a number, or of a length
  std::string timestamp_format;
  bool flattened = false;
  bool sensitive = false;
  bool sparse = false; // of a list or map: elements may be null
  bool union_type = false, document = false, event_stream = false, boxed = false, streaming = false;
  XmlNamespace xml_namespace;
  std::string error_code; // of an error: the code that AWS answers with where it is not the shape's name, or ""
  Retryable retryable = Retryable::no;

  // The member of that name, or nullptr.
  const Member* member(std::string_view name) const;
};

struct Paginator {
  std::vector<std::string> input_token, output_token; // JMESPath expressions for the output's side
  std::vector<std::string> result_key;
  std::string limit_key;    // or ""
  std::string more_results; // or ""
};

struct Acceptor {
  std::string state;    // "success", "failure", "retry"
  std::string matcher;  // "path", "pathAll", "pathAny", "status", "error"
  std::string argument; // JMESPath
  Value expected;
};

struct Waiter {
  std::string operation;
  int delay_seconds = 0;
  int max_attempts = 0;
  std::vector<Acceptor> acceptors;
};

struct Operation {
  std::string name;
  std::string http_method, http_uri;
  const Shape* input = nullptr;  // nullptr: takes nothing
  const Shape* output = nullptr; // nullptr: gives nothing
  std::string input_name;        // rest-xml: the element that the input is, or ""
  XmlNamespace input_namespace;
  std::string result_wrapper; // the query protocol's element around the output, or ""
  std::vector<const Shape*> errors;
  std::string auth_type; // "", "none", "v4-unsigned-body", …
  bool unsigned_payload = false;
  bool checksum_required = false;
  std::string checksum_member; // the input's member that names the checksum's algorithm, or ""
  bool takes_gzip = false;     // large bodies may be compressed
  std::string host_prefix;
  std::vector<std::string> auth; // "aws.auth#sigv4", …: the operation's own in order of preference, or none
  // Parameters of the endpoint rules that the operation sets by itself, and by a JMESPath expression for its input.
  Object static_context_params;
  std::vector<std::pair<std::string, std::string>> operation_context_params;
  Paginator* paginator = nullptr;
};

class ModelReader;

class Service {
public:
  explicit Service(std::string name, std::unique_ptr<ModelReader> reader);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const std::string name; // "ec2"
  Protocol protocol = Protocol::json;
  std::string api_version, json_version, target_prefix, endpoint_prefix, signing_name, xml_namespace, service_id;
  bool query_compatible = false; // awsQueryCompatible
  std::vector<std::string> auth; // "aws.auth#sigv4", … in order of preference
  EndpointRules endpoint_rules;  // or none

  // What these find stays where it is for the service's life. An operation that is not compiled in is looked for in
  // the archive. Throws Error (invalid_spec) for what the model does not have, with the nearest name as hint, and for a
  // model that is broken.
  const Operation& operation(std::string_view name) const;
  // nullptr where there is none.
  const Operation* find_operation(std::string_view name) const;
  const Waiter* find_waiter(std::string_view name) const;
  const Shape* find_shape(std::string_view name) const; // of those that are compiled in, where any is

  // In ascending order; of a compiled-in model without an archive, what is compiled in.
  std::vector<std::string> operation_names() const;
  std::vector<std::string> waiter_names() const;

private:
  friend const Service& service(std::string_view name);
  ModelReader* whole() const; // or nullptr

  mutable std::mutex m_mutex;
  std::unique_ptr<ModelReader> m_reader;
  bool m_is_trimmed = false;
  mutable std::unique_ptr<ModelReader> m_whole; // of a trimmed model, once something was missing
};

// The protocol to speak with a service that offers these: the first that is one of ours, or none.
std::optional<Protocol> choose_protocol(const std::vector<std::string>& offered);

// The service model, compiled in or from the archive, kept for the life of the process. Throws Error (invalid_spec)
// with the nearest name as hint where there is none.
const Service& service(std::string_view name);

// Makes a service model known by its name, for tests that need a service of their own. It stays for the life of the
// process.
void add_service(std::unique_ptr<Service> service);

// Says where the archive is; without this there is none. It is opened when something is first looked for in it.
void set_model_archive(std::string path);

// A service model from JSON as tools/trim_models.py merges it, for tests.
std::unique_ptr<Service> read_service(std::string_view name, std::string_view json);
// The same of a packed document (packed_json.hpp).
std::unique_ptr<Service> read_service(std::string_view name, std::vector<std::uint32_t> packed);

} // namespace iasql::aws
