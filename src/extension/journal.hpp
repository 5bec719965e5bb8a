#pragma once

// engine::Journal over the journal's worker: a background worker that INSERTs and commits each intent and outcome at
// once, whatever becomes of the calling transaction. PgStore::begin_writing() starts it; it ends with the transaction.

#include "engine/store.hpp"

namespace iasql::extension {

class PgJournal final : public engine::Journal {
public:
  // Of the changes in that account; "" while none is connected.
  explicit PgJournal(std::string account) : m_account(std::move(account)) {}

  // The account's records by the latest snapshot, without those that were marked before every snapshot of this
  // transaction and that no reading of AWS can contradict any more.
  engine::Records read() override;
  // Both wait for the worker's commit and throw Error (no_worker) before begin_writing(), or when the worker is gone.
  // A cancel ends the wait for an intent, whose call is then never made; an outcome is acknowledged first, or given up
  // after ten seconds (no_worker).
  engine::IntentId intend(const engine::Intent& intent) override;
  void conclude(const engine::Outcome& outcome) override;

private:
  std::string m_account;
};

} // namespace iasql::extension
