#pragma once

#include <chrono>
#include <functional>

namespace iasql::console {

using TimePoint = std::chrono::steady_clock::time_point;
// The time, so that tests can say what it is.
using Clock = std::function<TimePoint()>;

} // namespace iasql::console
