#include "extension/pg/relation_changes.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <utils/inval.h>
}

namespace iasql::pg {

namespace {

bool changed = true;
bool registered = false;

void note_change(Datum, ::Oid) {
  changed = true;
}

} // namespace

bool relations_changed() {
  if (!registered) call([] { CacheRegisterRelcacheCallback(note_change, 0); });
  registered = true;
  auto result = changed;
  changed = false;
  return result;
}

} // namespace iasql::pg
