#pragma once

namespace iasql::pg {
class WrittenRow;
}

namespace iasql::extension {

// What the trigger iasql.check_row() of every module table does before a row is inserted or updated. What the extension
// itself writes passes untouched. Of a client's row it
//   - keeps outputs as AWS set them (with a NOTICE where the client gave something else),
//   - fills columns that have a default, and the region, where the client gave NULL or '',
//   - refuses, in changed input columns, values that AWS would refuse: Error (invalid_value) with what is allowed.
void check_row(pg::WrittenRow& row);

} // namespace iasql::extension
