#pragma once

// The settings of class iasql (docs/reference/settings.md), as values.

#include "engine/engine.hpp"

#include <optional>
#include <string>

namespace iasql::extension {

enum class LogLevel {
  warning, // the server's log gets what PostgreSQL itself puts there
  debug,   // and a line for each attempt of each AWS call
};

struct Settings {
  engine::Settings engine;
  std::optional<int> max_attempts; // of one AWS call, the first one included; none: what AWS recommends
  LogLevel log_level = LogLevel::warning;
  std::string key_file;     // path of the file with the key that opens stored credentials
  std::string endpoint_url; // "" means AWS itself
  bool use_fips_endpoint = false;
  bool use_dualstack_endpoint = false;
};

// Tells PostgreSQL of them; once, when the library is loaded.
void define_settings();

// What they are in this session now.
Settings settings();

} // namespace iasql::extension
