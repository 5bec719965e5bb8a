#pragma once

#include <span>
#include <string_view>

namespace iasql::aws {

struct EmbeddedModel {
  std::string_view service; // "ec2"
  std::string_view json;    // what read_service() reads
};

// The service models that the build put into the library, by name in ascending order; the definition is made by
// tools/trim_models.py.
std::span<const EmbeddedModel> embedded_models();

} // namespace iasql::aws
