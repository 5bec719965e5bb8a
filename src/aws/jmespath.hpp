#pragma once

// JMESPath as far as paginators and waiters use it: paths, indices, slices, projections, filters, comparisons,
// multiselects, literals, pipes and the functions contains, ends_with, keys, length, not_null, starts_with, type and
// values. Expression references (&) and the other functions are refused.

#include "base/value.hpp"

#include <memory>
#include <string_view>

namespace iasql::aws {

class JmesPath {
public:
  // Throws Error (invalid_spec) for an expression that cannot be read or is not of the subset.
  explicit JmesPath(std::string_view expression);
  JmesPath(JmesPath&&) noexcept;
  JmesPath& operator=(JmesPath&&) noexcept;
  ~JmesPath();

  // What the expression finds, null where it finds nothing. Throws Error (invalid_value) where a function is given an
  // argument of a type that it does not take.
  Value search(const Value& document) const;

  struct Node;

private:
  std::unique_ptr<Node> m_root;
};

// Whether the value counts as true: everything but null, false and the empty string, array and object.
bool is_truthy(const Value& value);

} // namespace iasql::aws
