#pragma once

// Facts about the calling transaction. Includes nothing of PostgreSQL.

#include <cstdint>
#include <optional>
#include <string>

namespace iasql::pg {

// Its top-level id (xid8); it is given one if it has none yet. Throws Error in recovery.
std::uint64_t transaction_id();
std::optional<std::uint64_t> transaction_id_if_any();
// REPEATABLE READ or SERIALIZABLE: one snapshot for the whole transaction.
bool has_fixed_snapshot();
// Whether the transaction, by its 32-bit id, is the calling one or a savepoint of it.
bool is_own(std::uint32_t transaction);

// Every transaction before this one (xid8) is over as each of this transaction's snapshots sees it.
std::uint64_t oldest_unfinished();

bool in_recovery();
bool is_read_only();
bool in_parallel_mode();
// Inside an index expression, a REFRESH, an ANALYZE: code that may not change the session.
bool in_restricted_operation();

// The role that asked: the session's, or the one of SET ROLE; never that of a SECURITY DEFINER function.
std::string asking_role();
int backend_pid();

} // namespace iasql::pg
