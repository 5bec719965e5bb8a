#include "extension/pg/call.hpp"

#include "extension/pg/interruption.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/xact.h>
#include <utils/memutils.h>
#include <utils/resowner.h>
}

#include <setjmp.h>

#include <exception>
#include <new>

namespace iasql::pg {

namespace {

// Puts PostgreSQL's handlers back however the scope is left.
struct Handlers {
  sigjmp_buf* exceptions = PG_exception_stack;
  ErrorContextCallback* contexts = error_context_stack;

  void restore() const {
    PG_exception_stack = exceptions;
    error_context_stack = contexts;
  }
  ~Handlers() { restore(); }
};

// Runs run(state). False when PostgreSQL reported an error, which then still lies on its error stack.
bool succeeds(void (*run)(void*), void* state) {
  Handlers handlers;
  sigjmp_buf here;
  if (sigsetjmp(here, 0) == 0) {
    PG_exception_stack = &here;
    run(state);
    return true;
  }
  handlers.restore();
  return false;
}

// What went through call() without a subtransaction around it. SPI, the user and settings may be anything since then,
// and only PostgreSQL's own abort puts them right.
std::exception_ptr failure;

template <typename Body>
bool succeeds(Body body) {
  static_assert(std::is_trivially_destructible_v<Body>);
  return succeeds([](void* state) { (*static_cast<Body*>(state))(); }, &body);
}

// Takes the error off PostgreSQL's stack into `context`; nullptr when there is no memory even for that.
ErrorData* take_error(MemoryContext context) {
  ErrorData* volatile error = nullptr;
  succeeds([&] {
    MemoryContextSwitchTo(context);
    error = CopyErrorData();
  });
  FlushErrorState();
  return error;
}

std::string text(const char* string) {
  return string == nullptr ? std::string() : std::string(string);
}

struct ErrorDeleter {
  void operator()(ErrorData* error) const { FreeErrorData(error); }
};

[[noreturn]] void rethrow(ErrorData* taken) {
  if (taken == nullptr) throw std::bad_alloc();
  const std::unique_ptr<ErrorData, ErrorDeleter> error(taken);
  if (error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN) {
    remember_interruption(error->message);
    throw Interrupted();
  }
  if (error->sqlerrcode == ERRCODE_OUT_OF_MEMORY) throw std::bad_alloc();
  throw DatabaseError(unpack_sql_state(error->sqlerrcode), text(error->message), text(error->detail), text(error->hint),
                      text(error->table_name), text(error->constraint_name));
}

// What `work` throws is the transaction's failure from here on.
template <typename Work>
void failing(Work work) {
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
    throw;
  }
}

void run_unguarded(void (*run)(void*), void* state) {
  const MemoryContext context = CurrentMemoryContext;
  const ResourceOwner owner = CurrentResourceOwner;
  if (succeeds(run, state)) return;
  CurrentResourceOwner = owner;
  rethrow(take_error(context));
}

void run_in_subtransaction(void (*run)(void*), void* state) {
  const MemoryContext context = CurrentMemoryContext;
  const ResourceOwner owner = CurrentResourceOwner;
  const auto leave = [&](void (*end)()) {
    const bool left = succeeds([&] { end(); });
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
    return left;
  };
  const bool begun = succeeds([&] {
    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(context); // what the body allocates belongs to the caller, as if there were no subtransaction
  });
  if (!begun) failing([&] { rethrow(take_error(context)); });

  bool succeeded = false;
  try {
    succeeded = succeeds(run, state);
  } catch (...) {
    if (!leave(RollbackAndReleaseCurrentSubTransaction)) failing([&] { rethrow(take_error(context)); });
    forget_failure(); // it was inside, and is rolled back
    throw;
  }
  if (succeeded) {
    if (!leave(ReleaseCurrentSubTransaction)) failing([&] { rethrow(take_error(context)); });
    return;
  }
  ErrorData* error = take_error(context);
  if (!leave(RollbackAndReleaseCurrentSubTransaction)) failing([&] { rethrow(take_error(context)); });
  rethrow(error);
}

} // namespace

void guarded(Guard guard, void (*run)(void*), void* state) {
  switch (guard) {
  case Guard::none:
    throw_if_failed();
    return failing([&] { run_unguarded(run, state); });
  case Guard::subtransaction:
    throw_if_failed();
    return run_in_subtransaction(run, state);
  case Guard::outside:
    return run_unguarded(run, state);
  }
}

void throw_if_failed() {
  if (failure) std::rethrow_exception(failure);
}

void forget_failure() noexcept {
  failure = nullptr;
}

void throw_if_interrupted() {
  if (QueryCancelPending || ProcDiePending) throw Interrupted();
  if (InterruptPending) call([] { CHECK_FOR_INTERRUPTS(); });
}

} // namespace iasql::pg
