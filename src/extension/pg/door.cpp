#include "extension/pg/door.hpp"

#include "base/error.hpp"
#include "extension/pg/interruption.hpp"

extern "C" {
#include <mb/pg_wchar.h>
#include <utils/memutils.h>
}

#include <algorithm>
#include <new>
#include <string_view>

namespace iasql::pg {

namespace {

constexpr std::size_t longest_text = 1 << 20;

char interruption[256];

// A copy in PostgreSQL's memory, cut at a megabyte; nullptr for "" and when there is no memory.
const char* keep(std::string_view text) noexcept {
  if (text.empty()) return nullptr;
  std::size_t size = text.size();
  if (size > longest_text)
    size = static_cast<std::size_t>(pg_mbcliplen(text.data(), static_cast<int>(longest_text + 8), longest_text));
  auto* copy = static_cast<char*>(MemoryContextAllocExtended(CurrentMemoryContext, size + 1, MCXT_ALLOC_NO_OOM));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text.data(), size);
  copy[size] = '\0';
  return copy;
}

} // namespace

void remember_interruption(const char* message) noexcept {
  std::snprintf(interruption, sizeof interruption, "%s", message == nullptr ? "" : message);
}

const char* take_interruption() noexcept {
  static char taken[sizeof interruption];
  std::memcpy(taken, interruption, sizeof taken);
  interruption[0] = '\0';
  return taken[0] == '\0' ? nullptr : taken;
}

Failure describe_exception() noexcept {
  Failure failure;
  failure.kind = Failure::Kind::error;
  try {
    throw;
  } catch (const Error& error) {
    std::memcpy(failure.sqlstate, error.sqlstate().data(), std::min<std::size_t>(5, error.sqlstate().size()));
    failure.message = keep(error.what());
    failure.detail = keep(error.detail());
    failure.hint = keep(error.hint());
  } catch (const Interrupted&) {
    failure.kind = Failure::Kind::interrupted;
  } catch (const std::bad_alloc&) {
    failure.kind = Failure::Kind::out_of_memory;
  } catch (const std::exception& error) {
    failure.message = keep(error.what());
  } catch (...) {
    failure.message = keep("unknown C++ exception");
  }
  return failure;
}

void raise(const Failure& failure) {
  forget_failure();
  if (failure.kind == Failure::Kind::out_of_memory)
    ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
  if (failure.kind == Failure::Kind::interrupted) {
    CHECK_FOR_INTERRUPTS();
    const char* message = take_interruption();
    ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED),
                    errmsg_internal("%s", message ? message : "canceling statement due to user request")));
  }
  const char* state = failure.sqlstate;
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", failure.message ? failure.message : "out of memory"),
                  failure.detail ? errdetail_internal("%s", failure.detail) : 0,
                  failure.hint ? errhint("%s", failure.hint) : 0));
  pg_unreachable();
}

} // namespace iasql::pg
