#pragma once

// The syntax tree between jmespath_parse.cpp, which makes it, and jmespath.cpp, which evaluates it.

#include "aws/jmespath.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iasql::aws {

struct JmesPath::Node {
  enum class Kind {
    current,           // the value itself
    field,             // member `name`
    literal,           // `value`
    index,             // element `start` of children[0]
    slice,             // elements start:stop:step of children[0]
    chain,             // children[1] of what children[0] finds; "a.b" and "a | b"
    flatten,           // children[0], with its arrays' elements in place of the arrays
    projection,        // children[1] of each element of children[0], an array
    object_projection, // children[1] of each member's value of children[0], an object
    filter,            // children[1] of those elements of children[0] for which children[2] is true
    list,              // an array of what the children find
    hash,              // an object: `names` with what the children find
    either,            // children[0] or else children[1]
    both,              // children[0] and children[1]
    negation,          // not children[0]
    comparison,        // children[0] `name` children[1]; "==", "<", …
    function,          // `name` of what the children find
  };

  explicit Node(Kind kind) : kind(kind) {}

  Kind kind;
  std::string name;
  std::vector<std::string> names;
  Value value;
  std::optional<std::int64_t> start, stop, step;
  std::vector<Node> children;
};

// Throws Error (invalid_spec).
JmesPath::Node parse_jmespath(std::string_view expression);

} // namespace iasql::aws
