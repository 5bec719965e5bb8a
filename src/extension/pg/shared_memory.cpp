#include "extension/pg/shared_memory.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <storage/ipc.h>
#include <storage/lwlock.h>
#include <storage/shmem.h>
}

#include <utility>

namespace iasql::pg {

namespace {

struct Piece {
  LWLock lock;
  void* data() { return reinterpret_cast<char*>(this) + MAXALIGN(sizeof(Piece)); }
};

// Inside call(), or in the server's main process, where an error keeps the server from starting.
Piece* find_or_make(const char* name, std::size_t size) {
  bool found = false;
  LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
  auto* piece = static_cast<Piece*>(ShmemInitStruct(name, MAXALIGN(sizeof(Piece)) + size, &found));
  if (!found) {
    LWLockInitialize(&piece->lock, LWLockNewTrancheId());
    memset(piece->data(), 0, size);
  }
  LWLockRelease(AddinShmemInitLock);
  return piece;
}

struct Reservation {
  const char* name;
  std::size_t size;
};
Reservation reservation;
shmem_request_hook_type former_request_hook;
shmem_startup_hook_type former_startup_hook;

void request_reserved() {
  if (former_request_hook != nullptr) former_request_hook();
  RequestAddinShmemSpace(MAXALIGN(sizeof(Piece)) + reservation.size);
}

void make_reserved() {
  if (former_startup_hook != nullptr) former_startup_hook();
  find_or_make(reservation.name, reservation.size);
}

} // namespace

void reserve_shared_memory(const char* name, std::size_t size) {
  if (!process_shared_preload_libraries_in_progress) return;
  reservation = {name, size};
  former_request_hook = std::exchange(shmem_request_hook, request_reserved);
  former_startup_hook = std::exchange(shmem_startup_hook, make_reserved);
}

SharedMemory::SharedMemory(const char* name, std::size_t size) {
  // An error leaves the lock held: it must fail the transaction, whose end gives it back.
  call(Guard::none, [&] {
    auto* piece = find_or_make(name, size);
    LWLockRegisterTranche(piece->lock.tranche, name);
    m_piece = piece;
  });
}

void SharedMemory::run_locked(void (*work)(void* state, void* data) noexcept, void* state) const {
  auto* piece = static_cast<Piece*>(m_piece);
  call(Guard::outside, [&] {
    LWLockAcquire(&piece->lock, LW_EXCLUSIVE);
    work(state, piece->data());
    LWLockRelease(&piece->lock);
  });
}

} // namespace iasql::pg
