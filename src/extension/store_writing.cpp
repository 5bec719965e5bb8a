// The beginning of whatever writes: the five steps of the journal's protocol, in its order. Nothing has had an effect
// outside the transaction when one of them fails.

#include "base/error.hpp"
#include "extension/pg/lock.hpp"
#include "extension/pg/message.hpp"
#include "extension/pg/server.hpp"
#include "extension/pg/transaction.hpp"
#include "extension/pg/worker.hpp"
#include "extension/store.hpp"

namespace iasql::extension {

namespace {

constexpr std::string_view read_only_transaction = "25006";
constexpr std::string_view wrong_state = "55000"; // object_not_in_prerequisite_state

// FNV-1a: the same in every database of the cluster and in every version.
std::uint64_t hash(std::string_view text) {
  std::uint64_t result = 0xcbf29ce484222325;
  for (const char character : text)
    result = (result ^ static_cast<unsigned char>(character)) * 0x100000001b3;
  return result;
}

void refuse_where_impossible(const pg::Snapshot& snapshot) {
  if (pg::in_recovery())
    throw Error(read_only_transaction, "the server is in recovery: it can plan, but not change the AWS account", {},
                "Connect to the primary server");
  if (pg::is_read_only())
    throw Error(read_only_transaction,
                "a read-only transaction can plan, but not change the AWS account or read it anew", {},
                "SET TRANSACTION READ WRITE, or set default_transaction_read_only to off");
  if (pg::in_parallel_mode())
    throw Error(wrong_state, "the AWS account cannot be changed from within a parallel query");
  if (pg::in_restricted_operation())
    throw Error(wrong_state,
                "the AWS account cannot be changed from within an index, a view's refresh or a table's owner's "
                "trigger that iasql fires");
  // Its rows are not there yet for any other process, the journal's worker among them.
  const pg::Rows extension = pg::run({.text = "SELECT xmin FROM pg_extension WHERE extname = 'iasql'",
                                      .as = pg::as_extension_owner,
                                      .sees = pg::Sees::held,
                                      .held = &snapshot});
  if (!extension.rows.empty() && pg::is_own(static_cast<std::uint32_t>(std::stoul(extension.rows[0][0].value()))))
    throw Error(sqlstate::no_worker, "the extension iasql was created or altered in this very transaction",
                "The journal's worker, a process of its own, cannot see its tables yet", "COMMIT first");
}

// Who holds the lock of that account, in words.
std::string holder_of(std::uint64_t account) {
  const pg::Rows rows = pg::run({.text = R"(
         SELECT format('process %s of %s in database "%s", since %s', a.pid, a.usename, a.datname,
                       to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ'))
         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND l.granted AND l.database = 0
           AND l.classid = $1::oid AND l.objid = $2::oid AND l.objsubid = $3::smallint)",
                                 .parameters = {std::to_string(account >> 32), std::to_string(account & 0xffffffff),
                                                std::to_string(pg::writers_lock_subid)},
                                 .as = pg::as_extension_owner});
  return rows.rows.empty() ? "another session" : rows.rows[0][0].value_or("another session");
}

void take_lock(const Account& account) {
  const std::uint64_t key = hash(account.id.empty() ? "database " + std::to_string(pg::database_oid()) : account.id);
  if (pg::take_writers_lock(key, pg::Wait::no)) return;
  pg::tell(pg::Level::notice, "waiting for " + holder_of(key),
           "Only one apply, sync, install or uninstall at a time works on an AWS account");
  pg::take_writers_lock(key, pg::Wait::yes);
}

// An apply that was rolled back leaves the epoch as it was, and a fixed snapshot cannot see what came of it.
void refuse_stale_snapshot(const pg::Snapshot& snapshot) {
  if (!pg::has_fixed_snapshot()) return;
  const pg::Rows rows = pg::run({.text = "SELECT DISTINCT transaction FROM iasql.intent WHERE transaction >= $1::xid8",
                                 .parameters = {std::to_string(pg::oldest_unfinished())},
                                 .as = pg::as_extension_owner,
                                 .sees = pg::Sees::latest});
  const std::uint64_t own = pg::transaction_id();
  for (const pg::TextRow& row : rows.rows) {
    const std::uint64_t transaction = std::stoull(row[0].value());
    if (transaction != own && !snapshot.finished(transaction))
      throw Error(sqlstate::serialization_failure,
                  "could not serialize access: another session changed the AWS account meanwhile", {},
                  "Roll back and run the transaction again");
  }
}

} // namespace

void PgStore::begin_writing(engine::Writing) {
  refuse_where_impossible(*m_snapshot);
  take_lock(m_account);
  pg::run({.text = "UPDATE iasql.epoch SET value = value + 1", .as = pg::as_extension_owner});
  m_snapshot->refresh();
  refuse_stale_snapshot(*m_snapshot);
  pg::run({.text = "SET CONSTRAINTS ALL IMMEDIATE"});
  m_constraints_immediate = true;
  m_snapshot->refresh();
  pg::start_worker();
  pg::ask_worker(pg::Request::probe, "{}", pg::Cancel::ends_wait);
}

} // namespace iasql::extension
