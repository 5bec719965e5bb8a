#pragma once

// What the user reads on the way. Includes nothing of PostgreSQL.

#include <string>

namespace iasql::pg {

enum class Level { debug, log, info, notice, warning };

// Sends one message at once (flushed: a NOTICE shows while the statement runs). Empty `detail` and `hint` are left out.
void tell(Level level, const std::string& message, const std::string& detail = {}, const std::string& hint = {});

} // namespace iasql::pg
