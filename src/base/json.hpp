#pragma once

#include "base/value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace iasql {

// Reads one JSON document (RFC 8259, UTF-8). Integers that do not fit 64 bits become doubles.
// Throws Error (invalid_document) with the offset of what is wrong, also where arrays and objects are nested deeper
// than `depth_limit`.
Value read_json(std::string_view text, int depth_limit = 128);

// What a JSON document consists of, in its order.
class JsonEvents {
public:
  virtual ~JsonEvents() = default;
  virtual void scalar(const Value& value) = 0;    // null, a boolean or a number
  virtual void string(std::string_view text) = 0; // ends with NUL
  virtual void begin_array() = 0;
  virtual void begin_object() = 0;
  virtual void key(std::string_view name) = 0; // of the value that comes next; ends with NUL
  virtual void end() = 0;                      // of the array or object that was begun last
};

// The same reading as events, for those who make something else of them than a Value. Strings are read where they stand
// in `document`, which is spoilt, and stay there. Behind it is a NUL. Throws what `events` throw, too.
void read_json_in_place(std::span<char> document, JsonEvents& events, int depth_limit = 128);

// Compact JSON without line breaks; members in the object's order, strings as UTF-8.
std::string write_json(const Value& value);

} // namespace iasql
