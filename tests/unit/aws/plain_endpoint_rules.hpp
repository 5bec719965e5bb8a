#pragma once

#include <string>

namespace iasql::aws {

// Endpoint rules as simple as they can be, for services that tests make up: https://<prefix>.<region>.<DNS suffix>, or
// the operator's URL.
inline std::string plain_endpoint_rules(const std::string& prefix) {
  return R"({"version": "1.0",
    "parameters": {"Region": {"type": "string", "builtIn": "AWS::Region", "required": true},
                   "Endpoint": {"type": "string", "builtIn": "SDK::Endpoint"}},
    "rules": [
      {"type": "endpoint", "conditions": [{"fn": "isSet", "argv": [{"ref": "Endpoint"}]}],
       "endpoint": {"url": {"ref": "Endpoint"}}},
      {"type": "endpoint", "conditions": [{"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "Partition"}],
       "endpoint": {"url": "https://)" +
         prefix + R"(.{Region}.{Partition#dnsSuffix}"}}]})";
}

} // namespace iasql::aws
