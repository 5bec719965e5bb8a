#pragma once

// The door through which SQL enters C++. Every SQL-callable function, trigger function and hook is
//
//   extern "C" {
//   PG_FUNCTION_INFO_V1(iasql_version);
//   Datum iasql_version(PG_FUNCTION_ARGS) {
//     return iasql::pg::enter(fcinfo, [](FunctionCallInfo fcinfo) -> Datum { … C++ that may throw … });
//   }
//   }
//
// enter() catches what the body throws, leaves the catch block, and only then raises a PostgreSQL error: no exception
// enters PostgreSQL and no longjmp skips a destructor. Error keeps SQLSTATE, message, detail and hint; Interrupted
// is handled by CHECK_FOR_INTERRUPTS() after unwinding; std::bad_alloc is 53200; anything else XX000. The body calls
// PostgreSQL only through pg/call.hpp and what builds on it (a Datum macro that cannot fail may be used directly).
// Includes postgres.h: for files of pg/ only.

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

#include <exception>

namespace iasql::pg {

// What an exception said, in memory that needs no destructor.
struct Failure {
  enum class Kind { none, error, interrupted, out_of_memory };
  Kind kind = Kind::none;
  char sqlstate[6] = "XX000";
  const char* message = nullptr;
  const char* detail = nullptr;
  const char* hint = nullptr;
};

// The current exception as a Failure. Only inside a catch block; never raises.
Failure describe_exception() noexcept;
// Raises it as a PostgreSQL error. No C++ object with a destructor may be alive in the callers up to the door.
[[noreturn]] void raise(const Failure& failure);

template <typename Body>
Datum enter(FunctionCallInfo function_call, Body body) {
  static_assert(std::is_trivially_destructible_v<Body>);
  Failure failure;
  Datum result = 0;
  try {
    result = body(function_call);
    throw_if_failed(); // somebody caught what nobody may: PostgreSQL has to abort
  } catch (...) {
    failure = describe_exception();
  }
  if (failure.kind != Failure::Kind::none) raise(failure);
  return result;
}

} // namespace iasql::pg
