#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace iasql::aws {

struct EmbeddedModel {
  std::string_view service; // "ec2"
  std::span<const std::uint32_t> packed;
};

// The service models that the build put into the library, by name in ascending order; the definition is made by
// tools/pack_models.cpp.
std::span<const EmbeddedModel> embedded_models();

} // namespace iasql::aws
