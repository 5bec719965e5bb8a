#pragma once

// In-doubt intents: operations that were sent and whose outcome nobody recorded. Looks up, never repeats (journal.md,
// "In doubt").

#include "engine/settle.hpp"

namespace iasql::engine {

// Finds out what became of each intent and concludes it in the journal. Waits where "nothing happened" counts only
// later: when the request can no longer arrive and the service's read lag after that is over.
net::task<void> resolve_in_doubt(Context& context, const Bindings& bindings, const Base& base,
                                 std::vector<Intent> in_doubt, std::set<std::string> enabled);

} // namespace iasql::engine
