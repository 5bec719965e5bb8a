#pragma once

// The console's process with the server's rights: it answers the questions of questions.hpp, and nothing else. Nothing
// of what browsers send is parsed in it.

#include "console/accounts.hpp"
#include "console/lines.hpp"

namespace iasql::console {

// Answers, several at a time, until the other process is gone or somebody hangs up.
void answer_questions(Switchboard& switchboard, Accounts& accounts);

} // namespace iasql::console
