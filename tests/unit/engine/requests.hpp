#pragma once

// Requests as a test reads them: the operation's name and its input as JSON, for rows given as JSON. The token of a
// create or remove is "t0".

#include "base/json.hpp"
#include "engine/marshal.hpp"
#include "engine/module_tables.hpp"

#include <set>
#include <string>
#include <vector>

namespace iasql::engine::testing {

inline Row row(const char* json) {
  return read_json(json).object();
}

inline std::string sent(const Request& request) {
  return request.operation + " " + write_json(request.input);
}

inline std::string created(const char* table, const char* json) {
  return sent(create_request(binding_of(table), row(json), "t0"));
}

inline std::vector<std::string> updated(const char* table, const char* wanted, const char* base,
                                        const std::set<std::string>& changed, const char* id) {
  std::vector<std::string> all;
  for (const UpdateRequest& update : update_requests(binding_of(table), row(wanted), row(base), changed, id))
    all.push_back(sent(update.request));
  return all;
}

inline std::string removed(const char* table, const char* base, const char* id) {
  return sent(remove_request(binding_of(table), row(base), id, "t0"));
}

} // namespace iasql::engine::testing
