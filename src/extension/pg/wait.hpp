#pragma once

// Waiting inside PostgreSQL. Includes nothing of PostgreSQL.

#include <chrono>

namespace iasql::pg {

// Waits until `descriptor` is readable or `timeout` has passed (negative: no timeout). A cancel, a timeout of
// PostgreSQL or the end of the session ends the wait at once and throws Interrupted; the postmaster's death throws
// Error (57P01).
void wait_readable(int descriptor, std::chrono::milliseconds timeout);

} // namespace iasql::pg
