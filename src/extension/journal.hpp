#pragma once

// engine::Journal over the journal's worker: a background worker that INSERTs and commits each intent and outcome at
// once, whatever becomes of the calling transaction. PgStore::begin_writing() starts it; it ends with the transaction.

#include "engine/store.hpp"

namespace iasql::extension {

class PgJournal final : public engine::Journal {
public:
  engine::Records read() override;
  // Both wait for the worker's commit without honouring a cancel. Throw Error (no_worker) before begin_writing(), or
  // when the worker is gone.
  engine::IntentId intend(const engine::Intent& intent) override;
  void conclude(const engine::Outcome& outcome) override;
};

} // namespace iasql::extension
