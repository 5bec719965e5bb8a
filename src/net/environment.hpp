#pragma once

// Time and chance, behind interfaces so that the engine and the client can be simulated and replayed.

#include "net/task.hpp"

#include <chrono>
#include <string>

namespace iasql::net {

using Time = std::chrono::system_clock::time_point;

class Clock {
public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
  virtual task<void> sleep(std::chrono::milliseconds duration) = 0;
};

class Random {
public:
  virtual ~Random() = default;
  // Uniform in [0, 1).
  virtual double fraction() = 0;
  // A random UUID (RFC 9562 version 4) in lower case.
  virtual std::string uuid() = 0;
};

} // namespace iasql::net
