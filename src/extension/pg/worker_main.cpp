// The journal's worker, a process of its own: takes requests from the backend's queue, runs each as one transaction,
// and answers once that is committed. It ends when the backend lets go of the queue. What ALTER DATABASE … SET may have
// done to a session in this database is undone first: a journal that is not durable, or not writable, is none.

#include "extension/build_id.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/sql.hpp"
#include "extension/pg/worker.hpp"
#include "extension/pg/worker_segment.hpp"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <pgstat.h>
#include <postmaster/bgworker.h>
#include <storage/ipc.h>
#include <storage/proc.h>
#include <storage/procarray.h>
#include <tcop/tcopprot.h>
#include <utils/backend_status.h>
#include <utils/guc.h>
#include <utils/snapmgr.h>
}

#include <exception>

extern "C" PGDLLEXPORT void iasql_journal_worker(Datum argument);

namespace iasql::pg {

namespace {

struct Setting {
  const char* name;
  const char* value;
};

constexpr Setting settings[] = {
    {"role", "none"},
    {"synchronous_commit", "on"},
    {"default_transaction_read_only", "off"},
    {"default_transaction_isolation", "read committed"},
    {"default_transaction_deferrable", "off"},
    {"search_path", "pg_catalog, pg_temp"},
    {"statement_timeout", "0"},
    {"lock_timeout", "0"},
    {"idle_in_transaction_session_timeout", "0"},
    {"idle_session_timeout", "0"},
    {"transaction_timeout", "0"}, // PostgreSQL 17
    {"session_replication_role", "origin"},
    {"row_security", "off"},
    {"log_statement", "none"},
    {"log_min_duration_statement", "-1"},
    {"log_min_duration_sample", "-1"},
    {"log_transaction_sample_rate", "0"},
    {"log_min_error_statement", "panic"},
    {"log_parameter_max_length", "0"},
    {"log_parameter_max_length_on_error", "0"},
    {"debug_print_parse", "off"},
    {"debug_print_rewritten", "off"},
    {"debug_print_plan", "off"},
    {"default_tablespace", ""},
};

constexpr const char* insert_intent = R"(
  WITH written AS (
    INSERT INTO iasql.intent (account, transaction, backend, at, role, effect, table_name, region, table_oid, row_key,
                              cloud_id, description, columns, service, operation, token, adoption, replaced)
    SELECT account, transaction, backend, timestamptz 'epoch' + microseconds * interval '1 microsecond', role, effect,
           table_name, region, table_oid, row_key, cloud_id, description, columns, service, operation, token, adoption,
           replaced
    FROM jsonb_to_record($1::jsonb) AS record (
           account text, transaction xid8, backend integer, microseconds bigint, role text, effect text,
           table_name text, region text, table_oid oid, row_key text, cloud_id text, description text, columns jsonb,
           service text, operation text, token text, adoption boolean, replaced text)
    RETURNING id)
  INSERT INTO iasql.unfolded SELECT id FROM written RETURNING intent)";

constexpr const char* insert_outcome = R"(
  INSERT INTO iasql.outcome (intent, at, result, cloud_id, columns, request_id, error)
  SELECT intent, timestamptz 'epoch' + microseconds * interval '1 microsecond', result, cloud_id, columns, request_id,
         error
  FROM jsonb_to_record($1::jsonb) AS record (
         intent bigint, microseconds bigint, result text, cloud_id text, columns jsonb, request_id text, error text))";

constexpr const char* update_probe = "UPDATE iasql.worker_probe SET at = clock_timestamp()";

// $1: the oldest transaction that some running snapshot may not see. A mark outlives its records by an hour, so that
// nobody who read them a moment ago misses it.
constexpr const char* archive = R"(
  WITH folded AS (
         SELECT intent.id FROM iasql.intent JOIN iasql.fold_mark ON fold_mark.intent = intent.id
         WHERE intent.at < clock_timestamp() - interval '1 hour' AND fold_mark.transaction < $1::xid8),
       intents AS (
         DELETE FROM iasql.intent USING folded WHERE intent.id = folded.id RETURNING intent.*),
       outcomes AS (
         DELETE FROM iasql.outcome USING folded WHERE outcome.intent = folded.id RETURNING outcome.*)
  INSERT INTO iasql.history_archive (intent, at, role, effect, table_name, region, description, cloud_id, concluded_at,
                                     result, request_id, error)
  SELECT intents.id, intents.at, intents.role, intents.effect, intents.table_name, intents.region, intents.description,
         coalesce(nullif(outcomes.cloud_id, ''), intents.cloud_id), outcomes.at, outcomes.result, outcomes.request_id,
         outcomes.error
  FROM intents LEFT JOIN outcomes ON outcomes.intent = intents.id)";

// In REPEATABLE READ whoever marks an intent of its own does not see it here.
constexpr const char* forget_folded = R"(
  DELETE FROM iasql.unfolded USING iasql.fold_mark
  WHERE fold_mark.intent = unfolded.intent AND fold_mark.transaction < $1::xid8)";

constexpr const char* forget_marks = R"(
  DELETE FROM iasql.fold_mark
  USING iasql.history_archive
  WHERE history_archive.intent = fold_mark.intent AND history_archive.archived_at < clock_timestamp() - interval '1 hour'
    AND NOT EXISTS (SELECT FROM iasql.intent WHERE intent.id = fold_mark.intent))";

void override_settings() {
  for (const Setting& setting : settings)
    if (GetConfigOption(setting.name, true, false) != nullptr)
      SetConfigOption(setting.name, setting.value, PGC_SUSET, PGC_S_OVERRIDE);
}

// The oldest transaction that a running snapshot may not see, as xid8.
std::uint64_t horizon() {
  std::uint64_t result = 0;
  call([&] {
    const TransactionId oldest = GetOldestNonRemovableTransactionId(nullptr);
    const std::uint64_t next = U64FromFullTransactionId(ReadNextFullTransactionId());
    result = next - static_cast<TransactionId>(static_cast<TransactionId>(next) - oldest);
  });
  return result;
}

std::string in_transaction(char request, const std::string& body) {
  switch (static_cast<Request>(request)) {
  case Request::probe: {
    run({.text = update_probe, .as = as_extension_owner});
    const std::string oldest = std::to_string(horizon());
    run({.text = forget_folded, .parameters = {oldest}, .as = as_extension_owner});
    run({.text = archive, .parameters = {oldest}, .as = as_extension_owner});
    run({.text = forget_marks, .as = as_extension_owner});
    return {};
  }
  case Request::intent:
    return run({.text = insert_intent, .parameters = {body}, .as = as_extension_owner}).rows.at(0).at(0).value();
  case Request::outcome:
    run({.text = insert_outcome, .parameters = {body}, .as = as_extension_owner});
    return {};
  }
  throw Error(sqlstate::internal_error, "unknown request to the journal's worker");
}

std::string failed(std::string_view sqlstate, const std::string& message) {
  return static_cast<char>(Answer::failed) + std::string(sqlstate) + message;
}

// The answer to one message, which is never empty.
std::string answer(const std::string& message) {
  std::string reply;
  try {
    call([] {
      SetCurrentStatementStartTimestamp();
      StartTransactionCommand();
      PushActiveSnapshot(GetTransactionSnapshot());
    });
    reply = static_cast<char>(Answer::done) + in_transaction(message.at(0), message.substr(1));
    call([] {
      PopActiveSnapshot();
      CommitTransactionCommand();
    });
    return reply;
  } catch (const Error& error) {
    reply = failed(error.sqlstate(), error.what());
  } catch (const std::bad_alloc&) {
    reply = failed("53200", "out of memory");
  } catch (const std::exception& error) {
    reply = failed(sqlstate::internal_error, error.what());
  }
  forget_failure();
  call([] { AbortCurrentTransaction(); });
  return reply;
}

// Serves until the backend lets go.
void serve(shm_mq_handle* requests, shm_mq_handle* answers) {
  std::string message, reply;
  for (;;) {
    shm_mq_result result = SHM_MQ_DETACHED;
    call([&] {
      void* bytes = nullptr;
      Size size = 0;
      result = shm_mq_receive(requests, &size, &bytes, false);
      if (result == SHM_MQ_SUCCESS) message.assign(static_cast<const char*>(bytes), size);
    });
    if (result != SHM_MQ_SUCCESS) return;
    reply = answer(message);
    call([&] { result = shm_mq_send(answers, reply.size(), reply.data(), false, true); });
    if (result != SHM_MQ_SUCCESS) return;
    call([] { pgstat_report_stat(false); });
  }
}

} // namespace

} // namespace iasql::pg

void iasql_journal_worker(Datum argument) {
  using namespace iasql::pg;
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();

  dsm_segment* segment = dsm_attach(DatumGetUInt32(argument));
  if (segment == nullptr) return; // the backend is gone already
  auto* shared = static_cast<WorkerSegment*>(dsm_segment_address(segment));
  auto* requests_queue = static_cast<shm_mq*>(shared->requests());
  auto* answers_queue = static_cast<shm_mq*>(shared->answers());
  shm_mq_set_receiver(requests_queue, MyProc);
  shm_mq_set_sender(answers_queue, MyProc);
  shm_mq_handle* requests = shm_mq_attach(requests_queue, segment, nullptr);
  shm_mq_handle* answers = shm_mq_attach(answers_queue, segment, nullptr);

  if (iasql::extension::build_id() != shared->build_id) {
    constexpr std::string_view reply = "fIQ020the library iasql was replaced since this session loaded it: reconnect";
    shm_mq_send(answers, reply.size(), reply.data(), false, true);
    return;
  }
  BackgroundWorkerInitializeConnectionByOid(shared->database, InvalidOid, BGWORKER_BYPASS_ALLOWCONN);
  override_settings();
  try {
    serve(requests, answers);
  } catch (...) {
    // Told to end, or out of memory: the backend sees that its queue is gone.
  }
  CHECK_FOR_INTERRUPTS();
}
