#pragma once

// A piece of the server's shared memory, for all sessions and databases of the cluster. It is zeros at first and stays
// until the server stops. Where shared_preload_libraries names the library it is made as the server starts. Otherwise
// the first session that asks for it makes it, out of what PostgreSQL keeps free for that: 100 kB for everybody, which
// whoever takes very many locks may have used up. Includes nothing of PostgreSQL.

#include <cstddef>
#include <memory>
#include <type_traits>

namespace iasql::pg {

// For the library's start: makes the piece of that name as the server starts, where that is when the library is loaded.
// One piece only. The name must live as long as the process.
void reserve_shared_memory(const char* name, std::size_t size);

class SharedMemory {
public:
  // Finds or makes the piece of that name, which is its lock's name too and must live as long as the process. Throws
  // Error where too little is free.
  SharedMemory(const char* name, std::size_t size);

  // Runs work(data) while nobody else does; it must be short, throw nothing and call nothing of PostgreSQL's.
  template <typename Work>
  void locked(Work work) const {
    static_assert(std::is_trivially_destructible_v<Work> && std::is_nothrow_invocable_v<Work, void*>);
    run_locked([](void* state, void* data) noexcept { (*static_cast<Work*>(state))(data); }, std::addressof(work));
  }

private:
  void run_locked(void (*work)(void* state, void* data) noexcept, void* state) const;

  void* m_piece = nullptr;
};

} // namespace iasql::pg
