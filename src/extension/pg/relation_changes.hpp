#pragma once

namespace iasql::pg {

// Whether any table of the database may have been created, altered or dropped, by this session or another, since this
// was last asked; true the first time.
bool relations_changed();

} // namespace iasql::pg
