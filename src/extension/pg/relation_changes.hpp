#pragma once

namespace iasql::pg {

// Whether any table of the database may have been created, altered or dropped, by this session or another, since this
// was last asked; true the first time, and again after a transaction that asked and cannot see what others did since it
// began.
bool relations_changed();

} // namespace iasql::pg
