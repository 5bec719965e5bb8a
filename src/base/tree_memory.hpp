#pragma once

// Memory that is taken piece by piece and given back at one stroke.

#include <memory_resource>

namespace iasql {

// Final, so that taking a piece is no virtual call.
class TreeMemory final : public std::pmr::monotonic_buffer_resource {
public:
  using monotonic_buffer_resource::monotonic_buffer_resource;
};

} // namespace iasql
