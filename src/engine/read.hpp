#pragma once

// Reads objects of one table from AWS: all of them, one by id, those of an identity, those a parent brought, those that
// carry an intent's tag. Never a partial list: any failure of any page is an error.

#include "aws/caller.hpp"
#include "engine/marshal.hpp"

namespace iasql::engine {

// Cloud ids of the parents' objects in that region, for resources that are read for each of them.
using ParentIds = std::vector<std::string>;

// Every object of the table in the region ("global" resources: in the region the caller gives). At most `parallelism`
// calls at a time. Throws CallError.
net::task<std::vector<Observed>> read_all(aws::Caller& caller, const Binding& binding, std::string region,
                                          ParentIds parents, int parallelism);

// The object with that id, or nothing.
net::task<std::optional<Observed>> read_one(aws::Caller& caller, const Binding& binding, std::string region,
                                            std::string cloud_id);

// Whether what AWS still shows although it is gone (Read::gone) counts.
enum class Gone { left_out, shown };
// The object with that id as AWS returns it, or null.
net::task<Value> read_object(aws::Caller& caller, const Binding& binding, std::string region, std::string cloud_id,
                             Gone gone);
// The objects with those ids, in whatever state AWS shows them.
net::task<std::vector<Observed>> read_named(aws::Caller& caller, const Binding& binding, std::string region,
                                            std::vector<std::string> cloud_ids);

// Objects whose given columns have the given values (references as cloud ids; null values are not compared). Where the
// resource is read for each parent and a parent's column is given, only that parent is asked.
net::task<std::vector<Observed>> read_matching(aws::Caller& caller, const Binding& binding, std::string region,
                                               Row columns, ParentIds parents);

// Objects that carry the intent's token in the hidden tag; none where the service keeps no tags.
net::task<std::vector<Observed>> read_by_intent(aws::Caller& caller, const Binding& binding, std::string region,
                                                std::string token, ParentIds parents);

} // namespace iasql::engine
