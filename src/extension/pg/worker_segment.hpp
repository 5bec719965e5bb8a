#pragma once

// The shared memory between backend and worker: who they are, then a queue each way. For files of pg/ only.

#include "extension/pg/postgres.hpp"

extern "C" {
#include <storage/dsm.h>
#include <storage/shm_mq.h>
}

namespace iasql::pg {

struct WorkerSegment {
  ::Oid database;
  char build_id[80]; // the backend's

  static constexpr Size queue_size = 65536;
  static constexpr Size size() { return MAXALIGN(sizeof(WorkerSegment)) + 2 * queue_size; }

  void* requests() { return reinterpret_cast<char*>(this) + MAXALIGN(sizeof(WorkerSegment)); }
  void* answers() { return static_cast<char*>(requests()) + queue_size; }
};

// An answer is one of these characters and a text: for `done` the result, for `failed` a SQLSTATE and a message.
enum class Answer : char { done = 'd', failed = 'f' };

} // namespace iasql::pg
