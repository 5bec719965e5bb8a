#pragma once

// The local AWS emulator: the Python package emulator/ in an environment of its own.

#include "hosting/data_folder.hpp"
#include "hosting/state.hpp"

namespace iasql::cli {

// Starts it on that port of 127.0.0.1 and waits until it is ready (seconds: it loads its catalogues first). It starts
// empty. Throws Failure where it is not installed or does not start.
hosting::Listener start_emulator(const hosting::DataFolder& folder, int port);
void stop_emulator(const hosting::Listener& emulator);

} // namespace iasql::cli
