#pragma once

#include "engine/reconcile.hpp"

namespace iasql::engine {

// Writes rows and registry as reconciled. Returns the rows changed, as a listing.
std::vector<PlanRow> write_reconciliation(Context& context, const Bindings& bindings, const Base& base,
                                          Reconciliation& reconciliation);

// Makes aws_regions and aws_account, where they are installed, say what AWS and the connection say.
void write_configuration(Context& context, const Bindings& bindings, const std::vector<Region>& regions);

} // namespace iasql::engine
