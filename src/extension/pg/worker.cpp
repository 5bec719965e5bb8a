#include "extension/pg/worker.hpp"

#include "extension/build_id.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/worker_segment.hpp"

extern "C" {
#include <access/xact.h>
#include <postmaster/bgworker.h>
#include <storage/proc.h>
#include <utils/memutils.h>
}

namespace iasql::pg {

namespace {

// Plain pointers into TopTransactionContext, which outlives the callbacks below.
struct Channel {
  BackgroundWorkerHandle* worker = nullptr;
  dsm_segment* segment = nullptr;
  shm_mq_handle* requests = nullptr;
  shm_mq_handle* answers = nullptr;
  bool awaiting = false; // an answer is under way that nobody read
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
    if (channel.awaiting) TerminateBackgroundWorker(channel.worker);
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

} // namespace

void start_worker() {
  static bool registered = false;
  if (!registered) {
    call([] { RegisterXactCallback(at_transaction_end, nullptr); });
    registered = true;
  }
  if (channel.awaiting) call([] { stop_worker(); });
  if (channel.worker != nullptr) {
    pid_t pid = 0;
    if (GetBackgroundWorkerPid(channel.worker, &pid) == BGWH_STARTED) return;
    call([] { stop_worker(); });
  }
  const std::string build = extension::build_id();
  const char* build_text = build.c_str();
  bool launched = false;
  try {
    call([&] { launched = launch(build_text); });
  } catch (...) {
    call([] { stop_worker(); });
    throw;
  }
  if (launched) return;
  call([] { stop_worker(); });
  throw Error(sqlstate::no_worker, "no background worker is free for the journal",
              "Every change of the AWS account is recorded by a worker before it is made; nothing was changed",
              "Try again, or raise max_worker_processes and restart the server");
}

std::string ask_worker(Request request, const std::string& body, Cancel cancel) {
  if (channel.worker == nullptr || channel.awaiting) throw_gone();
  const std::string message = static_cast<char>(request) + body;
  const char* const bytes = message.data();
  const Size size = message.size();
  std::string answer;
  shm_mq_result result = SHM_MQ_DETACHED;
  channel.awaiting = true;
  call([&] {
    if (cancel == Cancel::waits) hold_interrupts();
    void* received = nullptr;
    Size received_size = 0;
    result = shm_mq_send(channel.requests, size, bytes, false, true);
    if (result == SHM_MQ_SUCCESS) result = shm_mq_receive(channel.answers, &received_size, &received, false);
    if (cancel == Cancel::waits) resume_interrupts();
    if (result == SHM_MQ_SUCCESS) answer.assign(static_cast<const char*>(received), received_size);
  });
  if (result != SHM_MQ_SUCCESS || answer.empty()) throw_gone();
  channel.awaiting = false;
  if (answer[0] == static_cast<char>(Answer::done)) return answer.substr(1);
  throw Error(answer.substr(1, 5), "the journal could not be written: " + answer.substr(6));
}

} // namespace iasql::pg
