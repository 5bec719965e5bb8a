#include "extension/pg/relation_changes.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/xact.h>
#include <utils/inval.h>
}

namespace iasql::pg {

namespace {

bool changed = true;
bool seen_through_old_snapshot = false; // what was asked for since then may be older than the change
bool registered = false;

void note_change(Datum, ::Oid) {
  changed = true;
}

void at_transaction_end(XactEvent event, void*) {
  if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
  changed = changed || seen_through_old_snapshot;
  seen_through_old_snapshot = false;
}

} // namespace

bool relations_changed() {
  if (!registered) {
    call([] {
      RegisterXactCallback(at_transaction_end, nullptr);
      CacheRegisterRelcacheCallback(note_change, 0);
    });
    registered = true;
  }
  auto result = changed;
  changed = false;
  if (result && IsolationUsesXactSnapshot()) seen_through_old_snapshot = true;
  return result;
}

} // namespace iasql::pg
