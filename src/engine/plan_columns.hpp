#pragma once

// What a change does to columns, in values that a reviewer can read. Pure.

#include "engine/diff.hpp"

namespace iasql::engine {

// Column → {"from": what base has, "to": what the row has}:
// - of an update or a replace the inputs that change; of a create those that have a value, and the region, from null;
//   of a delete the columns that identify the object, and the region, to null;
// - a foreign key as the natural name of what it points at, followed by its cloud id where the names alone are the
// same;
//   a name that is followed by "(new)" is of an object that the same plan replaces;
// - any other column as its table shows it, and a part under its table's name, as an array of its rows;
// - "(secret)" for what the service model calls sensitive, whatever it is.
Object column_changes(const Bindings& bindings, const Base& base, const Diff& diff, const Change& change);

// Why a change needs another object, in words that name columns; "" for a change that does not.
std::string reason_to_replace(const Base& base, const Diff& diff, const Change& change);

} // namespace iasql::engine
