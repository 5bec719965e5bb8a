#pragma once

#include "engine/resource.hpp"

namespace iasql::modules {

// AWS deletes an instance with a last snapshot of its data only when told the snapshot's name, which nothing may have
// yet: the instance's name and the token of this delete.
void name_final_snapshot(const engine::Making& making, engine::Request& request);

// A change that AWS accepted is shown beside the old value until it is carried out, minutes later: the object as it
// will be, so that a sync in between does not take the change back.
Value with_pending_changes(Value object);

} // namespace iasql::modules
