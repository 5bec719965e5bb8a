#pragma once

// The local AWS emulator: the Python package emulator/ in an environment of its own.

#include "cli/data_folder.hpp"
#include "cli/state.hpp"

namespace iasql::cli {

// Starts it on that port of 127.0.0.1 and waits until it is ready (seconds: it loads its catalogues first). It starts
// empty. Throws Failure where it is not installed or does not start.
Listener start_emulator(const DataFolder& folder, int port);
void stop_emulator(const Listener& emulator);

} // namespace iasql::cli
