#include "extension/pg/wait.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <storage/latch.h>
#include <utils/wait_event.h>
}

namespace iasql::pg {

void wait_readable(int descriptor, std::chrono::milliseconds timeout) {
  throw_if_interrupted();
  int events = WL_LATCH_SET | WL_SOCKET_READABLE | WL_POSTMASTER_DEATH;
  long milliseconds = -1;
  if (timeout.count() >= 0) {
    events |= WL_TIMEOUT;
    milliseconds = static_cast<long>(timeout.count());
  }
  int happened = 0;
  call(Guard::outside, [&] {
    happened = WaitLatchOrSocket(MyLatch, events, descriptor, milliseconds, PG_WAIT_EXTENSION);
    if (happened & WL_LATCH_SET) ResetLatch(MyLatch);
  });
  if (happened & WL_POSTMASTER_DEATH) throw Error("57P01", "the server's main process has died");
  throw_if_interrupted();
}

} // namespace iasql::pg
