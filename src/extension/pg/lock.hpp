#pragma once

// The writer's lock: one writer for each AWS account in the cluster. It belongs to the top-level transaction, so it
// outlives ROLLBACK TO SAVEPOINT and ends with commit, abort or crash. Includes nothing of PostgreSQL.

#include <cstdint>

namespace iasql::pg {

enum class Wait { no, yes };

// Takes the lock of the account whose hash `account` is; whether it was taken. Waiting honours lock_timeout, cancel and
// deadlock detection. Taken already by this transaction: true at once. From then on the transaction refuses PREPARE.
bool take_writers_lock(std::uint64_t account, Wait wait);

// How pg_locks shows it: an advisory lock of database 0 with this objsubid.
inline constexpr std::uint16_t writers_lock_subid = 0x1A50;

} // namespace iasql::pg
