#pragma once

// The way from C++ into PostgreSQL. PostgreSQL reports an error by longjmp, which would skip C++ destructors; so every
// piece of PostgreSQL code that can fail runs inside call(), whose body is a lambda that
//   - captures by reference or captures plain values (checked: it must be trivially destructible),
//   - has no local variable with a destructor alive while PostgreSQL code runs (not checkable: keep bodies short, and
//     copy into C++ objects that live *outside* the lambda; filling a captured std::string or std::vector is fine).
// The sigsetjmp frame is inside guarded(), where no C++ object needs a destructor, so an ERROR lands there and
// is thrown again as a DatabaseError with its SQLSTATE, message, detail and hint; a cancel or the end of the session
// becomes iasql::Interrupted. Includes nothing of PostgreSQL.

#include "base/error.hpp"

#include <memory>
#include <type_traits>

namespace iasql::pg {

// An ERROR of PostgreSQL's; the names are "" where it gave none.
class DatabaseError : public Error {
public:
  DatabaseError(std::string_view sqlstate, const std::string& message, std::string detail, std::string hint,
                std::string table, std::string constraint)
      : Error(sqlstate, message, std::move(detail), std::move(hint)), m_table(std::move(table)),
        m_constraint(std::move(constraint)) {}

  const std::string& table() const { return m_table; }
  const std::string& constraint() const { return m_constraint; }

private:
  std::string m_table, m_constraint;
};

enum class Guard {
  none,           // when it fails, the transaction has failed: until the door every later call throws the same again
  subtransaction, // what failed is rolled back, the caller may go on
  outside,        // touches nothing of the transaction, so it works in one that has failed too: shared memory, latches
};

// Runs run(state); throws Error or Interrupted. A C++ exception of the body passes through.
void guarded(Guard guard, void (*run)(void* state), void* state);

template <typename Body>
void call(Guard guard, Body body) {
  static_assert(std::is_trivially_destructible_v<Body>, "a longjmp must not skip a destructor: capture by reference");
  guarded(
      guard, [](void* state) { (*static_cast<Body*>(state))(); }, std::addressof(body));
}

template <typename Body>
void call(Body body) {
  call(Guard::none, body);
}

// Throws again what made the transaction fail, if anything did.
void throw_if_failed();
// For whoever hands the failure to PostgreSQL or aborts the transaction: it is over.
void forget_failure() noexcept;

// Throws Interrupted when a cancel, a timeout or the end of the session is pending; handles nothing itself.
void throw_if_interrupted();

} // namespace iasql::pg
