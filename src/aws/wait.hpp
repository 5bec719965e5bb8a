#pragma once

#include "aws/caller.hpp"
#include "net/environment.hpp"

namespace iasql::aws {

// Polls as the service model's waiter of that name says (operation, acceptors) until it succeeds: after half a second,
// then less and less often up to the model's delay, for at most its attempts times its delay. Returns the last output.
// Throws CallError where AWS refuses, Error (change_failed) where the waiter's failure state is reached or its time is
// used up.
net::task<Value> wait_until(Caller& caller, net::Clock& clock, std::string service, std::string waiter,
                            std::string region, Value input);

} // namespace iasql::aws
