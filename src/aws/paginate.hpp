#pragma once

#include "aws/caller.hpp"

#include <functional>

namespace iasql::aws {

// Calls the operation until its paginator has no further page and hands every page's output to `page`, in order.
// An operation without a paginator is one page. Throws CallError; Error (read_failed) where a token comes back that was
// sent already, or where AWS says that there is more and gives no token, so that a partial list is never taken for the
// whole.
net::task<void> for_each_page(Caller& caller, Call call, std::function<void(Value output)> page);

// All elements of the paginator's result keys, or of `items` (a member path of the output) where that is given.
net::task<Array> read_all(Caller& caller, Call call, std::string items = {});

} // namespace iasql::aws
