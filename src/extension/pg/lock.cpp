#include "extension/pg/lock.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/xact.h>
#include <storage/lock.h>
#include <utils/resowner.h>
}

namespace iasql::pg {

namespace {

bool held = false; // by this transaction

void at_transaction_end(XactEvent event, void*) {
  switch (event) {
  case XACT_EVENT_PRE_PREPARE:
    if (held)
      ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                      errmsg("cannot PREPARE a transaction that has changed the AWS account or read it anew"),
                      errhint("Commit it with COMMIT.")));
    break;
  case XACT_EVENT_COMMIT:
  case XACT_EVENT_ABORT:
    held = false;
    break;
  default:
    break;
  }
}

} // namespace

bool take_writers_lock(std::uint64_t account, Wait wait) {
  static bool registered = false;
  if (!registered) {
    call([] { RegisterXactCallback(at_transaction_end, nullptr); });
    registered = true;
  }
  if (held) return true;
  bool taken = false;
  call(Guard::subtransaction, [&] {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, InvalidOid, static_cast<uint32>(account >> 32), static_cast<uint32>(account),
                         writers_lock_subid);
    const ResourceOwner current = CurrentResourceOwner;
    CurrentResourceOwner = TopTransactionResourceOwner;
    taken = LockAcquire(&tag, ExclusiveLock, false, wait == Wait::no) != LOCKACQUIRE_NOT_AVAIL;
    CurrentResourceOwner = current;
  });
  held = taken;
  return taken;
}

} // namespace iasql::pg
