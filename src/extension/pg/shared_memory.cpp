#include "extension/pg/shared_memory.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <storage/lwlock.h>
#include <storage/shmem.h>
}

namespace iasql::pg {

namespace {

struct Piece {
  LWLock lock;
  void* data() { return reinterpret_cast<char*>(this) + MAXALIGN(sizeof(Piece)); }
};

} // namespace

SharedMemory::SharedMemory(const char* name, std::size_t size) {
  // An error leaves the lock held: it must fail the transaction, whose end gives it back.
  call(Guard::none, [&] {
    bool found = false;
    LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
    auto* piece = static_cast<Piece*>(ShmemInitStruct(name, MAXALIGN(sizeof(Piece)) + size, &found));
    if (!found) {
      LWLockInitialize(&piece->lock, LWLockNewTrancheId());
      memset(piece->data(), 0, size);
    }
    LWLockRelease(AddinShmemInitLock);
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
