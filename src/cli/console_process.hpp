#pragma once

// The console as `iasql up` starts it: this very program again, as `iasql console`.

#include "hosting/data_folder.hpp"
#include "hosting/state.hpp"

#include <string>

namespace iasql::cli {

struct StartedConsole {
  hosting::Listener listener;
  std::string address; // as the console says it; the first time with the administrator's password, which is in no log
};

// Starts it on that port of 127.0.0.1, or the next that is free, and waits until it takes requests. PostgreSQL must
// run, and state.json say so. Throws Failure.
StartedConsole start_console(const hosting::DataFolder& folder, int port);
void stop_console(const hosting::Listener& console);
std::string console_url(const hosting::Listener& console);

} // namespace iasql::cli
