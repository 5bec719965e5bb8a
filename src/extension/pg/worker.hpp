#pragma once

// The backend's end of the journal's worker: a dynamic background worker that commits at once what it is told. It ends
// with the transaction that started it, before the writer's lock goes. Includes nothing of PostgreSQL.

#include <string>

namespace iasql::pg {

// What the worker is asked; the body is a JSON document (worker_main.cpp has the statements).
enum class Request : char { probe = 'p', intent = 'i', outcome = 'o' };

// Whether a cancel ends the wait for the answer: then the worker may still do what it was asked.
enum class Cancel {
  ends_wait,
  waits, // for ten seconds; a worker that has not answered by then (a dead synchronous standby, a lock) is given up
};

// Starts a worker unless this transaction has one that can be used. Throws Error (no_worker) when there is no free
// slot.
void start_worker();

// The worker's answer once it has committed: an intent's id, otherwise "". Throws Error: no_worker when there is none
// or it died or was given up, otherwise with the SQLSTATE of what the worker met.
std::string ask_worker(Request request, const std::string& body, Cancel cancel);

} // namespace iasql::pg
