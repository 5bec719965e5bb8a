#include "extension/pg/transaction.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/parallel.h>
#include <access/transam.h>
#include <access/xact.h>
#include <access/xlog.h>
#include <utils/snapmgr.h>
}

namespace iasql::pg {

std::uint64_t transaction_id() {
  std::uint64_t result = 0;
  call([&] { result = U64FromFullTransactionId(GetTopFullTransactionId()); });
  return result;
}

std::optional<std::uint64_t> transaction_id_if_any() {
  const FullTransactionId transaction = GetTopFullTransactionIdIfAny();
  if (!FullTransactionIdIsValid(transaction)) return std::nullopt;
  return U64FromFullTransactionId(transaction);
}

bool has_fixed_snapshot() {
  return IsolationUsesXactSnapshot();
}

bool is_own(std::uint32_t transaction) {
  return TransactionIdIsCurrentTransactionId(transaction);
}

std::uint64_t oldest_unfinished() {
  std::uint64_t result = 0;
  call([&] {
    GetTransactionSnapshot(); // there is one from here on, and TransactionXmin with it
    const std::uint64_t next = U64FromFullTransactionId(ReadNextFullTransactionId());
    result = next - static_cast<TransactionId>(static_cast<TransactionId>(next) - TransactionXmin);
  });
  return result;
}

bool in_recovery() {
  return RecoveryInProgress();
}

bool is_read_only() {
  return XactReadOnly;
}

bool in_parallel_mode() {
  return IsInParallelMode() || IsParallelWorker();
}

bool in_restricted_operation() {
  return InSecurityRestrictedOperation();
}

std::string asking_role() {
  std::string result;
  call([&] {
    char* name = GetUserNameFromId(GetOuterUserId(), false);
    result = name;
    pfree(name);
  });
  return result;
}

int backend_pid() {
  return MyProcPid;
}

} // namespace iasql::pg
