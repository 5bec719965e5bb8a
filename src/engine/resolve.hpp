#pragma once

// In-doubt intents: operations that were sent and whose outcome nobody recorded. Looks up, never repeats (journal.md,
// "In doubt").

#include "engine/settle.hpp"

namespace iasql::engine {

// Finds out what became of each intent and concludes it in the journal. Waits where "nothing happened" counts only
// later: for the service's read lag, and for a create until a late request can no longer arrive, unless a token or a
// unique name makes AWS itself refuse a twin and `wanted` says that a row still asks for the object.
net::task<void> resolve_in_doubt(Context& context, const Bindings& bindings, const Base& base,
                                 std::vector<Intent> in_doubt, std::function<bool(const Intent&)> wanted);

} // namespace iasql::engine
