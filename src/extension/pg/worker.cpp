#include "extension/pg/worker.hpp"

#include "extension/build_id.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/worker_segment.hpp"

extern "C" {
#include <access/xact.h>
#include <postmaster/bgworker.h>
#include <storage/latch.h>
#include <storage/proc.h>
#include <utils/memutils.h>
#include <utils/wait_event.h>
}

#include <chrono>

namespace iasql::pg {

namespace {

// Plain pointers into TopTransactionContext, which outlives the callbacks below.
struct Channel {
  BackgroundWorkerHandle* worker = nullptr;
  dsm_segment* segment = nullptr;
  shm_mq_handle* requests = nullptr;
  shm_mq_handle* answers = nullptr;
  int unread = 0;         // answers under way that nobody waits for any more
  bool is_broken = false; // a request that was sent in part, or a worker that was given up
};
Channel channel;

// PostgreSQL's macros count a volatile up with ++, which C++20 deprecates.
void hold_interrupts() {
  InterruptHoldoffCount = InterruptHoldoffCount + 1;
}
void resume_interrupts() {
  InterruptHoldoffCount = InterruptHoldoffCount - 1;
}

// Ends the worker and waits until it is gone. Raises nothing: also called while a transaction aborts.
void stop_worker() {
  if (channel.segment != nullptr) dsm_detach(channel.segment);
  if (channel.worker != nullptr) {
    // Idle, it ends because its queue is gone; one that waits for something inside a commit has to be told.
    if (channel.unread > 0 || channel.is_broken) TerminateBackgroundWorker(channel.worker);
    hold_interrupts();
    WaitForBackgroundWorkerShutdown(channel.worker);
    resume_interrupts();
  }
  channel = Channel();
}

void at_transaction_end(XactEvent event, void*) {
  if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_ABORT) stop_worker();
}

// The body of start_worker() inside call(); whether there was a slot.
bool launch(const char* build) {
  const MemoryContext former = MemoryContextSwitchTo(TopTransactionContext);
  channel.segment = dsm_create(WorkerSegment::size(), 0);
  dsm_pin_mapping(channel.segment);
  auto* shared = static_cast<WorkerSegment*>(dsm_segment_address(channel.segment));
  shared->database = MyDatabaseId;
  strlcpy(shared->build_id, build, sizeof shared->build_id);
  shm_mq* requests = shm_mq_create(shared->requests(), WorkerSegment::queue_size);
  shm_mq* answers = shm_mq_create(shared->answers(), WorkerSegment::queue_size);
  shm_mq_set_sender(requests, MyProc);
  shm_mq_set_receiver(answers, MyProc);
  channel.requests = shm_mq_attach(requests, channel.segment, nullptr);
  channel.answers = shm_mq_attach(answers, channel.segment, nullptr);

  BackgroundWorker worker = {};
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
  worker.bgw_restart_time = BGW_NEVER_RESTART;
  worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(channel.segment));
  worker.bgw_notify_pid = MyProcPid;
  strlcpy(worker.bgw_library_name, "iasql", sizeof worker.bgw_library_name);
  strlcpy(worker.bgw_function_name, "iasql_journal_worker", sizeof worker.bgw_function_name);
  strlcpy(worker.bgw_type, "iasql journal", sizeof worker.bgw_type);
  pg_snprintf(worker.bgw_name, sizeof worker.bgw_name, "iasql journal of %d", MyProcPid);
  const bool registered = RegisterDynamicBackgroundWorker(&worker, &channel.worker);
  if (registered) {
    shm_mq_set_handle(channel.requests, channel.worker);
    shm_mq_set_handle(channel.answers, channel.worker);
  }
  MemoryContextSwitchTo(former);
  return registered;
}

[[noreturn]] void throw_gone() {
  throw Error(sqlstate::no_worker, "the journal's worker is gone",
              "It died, or the session could not start it; without it no change is recorded and none is made",
              "See the server's log for the reason, then try again: what was made so far is known");
}

// How long one request may wait for the worker, and for what.
class Patience {
public:
  explicit Patience(Cancel cancel)
      : m_cancel(cancel), m_end(Clock::now() + (cancel == Cancel::waits ? longest_wait : usual_wait)) {}

  // Calls `attempt` again and again, until it says that it succeeded. Throws Error (no_worker), Interrupted.
  template <typename Attempt>
  void wait_for(Attempt attempt) const {
    for (;;) {
      shm_mq_result result = SHM_MQ_DETACHED;
      call(Guard::outside, [&] { result = attempt(); });
      if (result == SHM_MQ_SUCCESS) return;
      if (result == SHM_MQ_DETACHED) throw_gone();
      call(Guard::outside, [&] {
        WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, longest_nap, PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
      });
      if (Clock::now() < m_end) continue;
      if (m_cancel == Cancel::waits) give_up();
      throw_if_interrupted();
    }
  }

private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto longest_wait = std::chrono::milliseconds(10'000);
  // A healthy worker answers within it: a cancel then leaves nothing in doubt.
  static constexpr auto usual_wait = std::chrono::milliseconds(300);
  static constexpr long longest_nap = 100; // milliseconds

  [[noreturn]] static void give_up() {
    channel.is_broken = true;
    throw Error(sqlstate::no_worker, "the journal's worker did not answer within 10 seconds",
                "It waits for a lock on a table of schema iasql or for a synchronous standby. What AWS said last is "
                "not recorded, so the change is in doubt; nothing more was sent",
                "Remove what it waits for; the next iasql_apply() or iasql_sync() finds out what was done");
  }

  Cancel m_cancel;
  Clock::time_point m_end;
};

} // namespace

void start_worker() {
  static bool registered = false;
  if (!registered) {
    call([] { RegisterXactCallback(at_transaction_end, nullptr); });
    registered = true;
  }
  if (channel.unread > 0 || channel.is_broken) call(Guard::outside, [] { stop_worker(); });
  if (channel.worker != nullptr) {
    pid_t pid = 0;
    if (GetBackgroundWorkerPid(channel.worker, &pid) == BGWH_STARTED) return;
    call(Guard::outside, [] { stop_worker(); });
  }
  const std::string build = extension::build_id();
  const char* build_text = build.c_str();
  bool launched = false;
  try {
    call([&] { launched = launch(build_text); });
  } catch (...) {
    call(Guard::outside, [] { stop_worker(); });
    throw;
  }
  if (launched) return;
  call(Guard::outside, [] { stop_worker(); });
  throw Error(sqlstate::no_worker, "no background worker is free for the journal",
              "Every change of the AWS account is recorded by a worker before it is made; nothing was changed",
              "Try again, or raise max_worker_processes and restart the server");
}

std::string ask_worker(Request request, const std::string& body, Cancel cancel) {
  if (channel.worker == nullptr || channel.is_broken) throw_gone();
  if (cancel == Cancel::ends_wait) throw_if_interrupted();
  const Patience patience(cancel);
  const std::string message = static_cast<char>(request) + body;
  const char* const bytes = message.data();
  const Size size = message.size();
  channel.is_broken = true; // until all of it is sent
  patience.wait_for([&] { return shm_mq_send(channel.requests, size, bytes, true, true); });
  channel.is_broken = false;
  ++channel.unread;
  std::string answer;
  while (channel.unread > 0) { // answers come in the order of the requests: ours is the last
    patience.wait_for([&] {
      void* received = nullptr;
      Size received_size = 0;
      const shm_mq_result result = shm_mq_receive(channel.answers, &received_size, &received, true);
      if (result == SHM_MQ_SUCCESS) answer.assign(static_cast<const char*>(received), received_size);
      return result;
    });
    --channel.unread;
  }
  if (answer.empty()) throw_gone();
  if (answer[0] == static_cast<char>(Answer::done)) return answer.substr(1);
  throw Error(answer.substr(1, 5), "the journal could not be written: " + answer.substr(6));
}

} // namespace iasql::pg
