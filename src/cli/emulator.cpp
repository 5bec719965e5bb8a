#include "cli/emulator.hpp"

#include "hosting/failure.hpp"

#include <unistd.h>

#include <chrono>

namespace iasql::cli {

using namespace hosting;

namespace {

using namespace std::chrono_literals;

// The first of these that has a Python: what IASQL_EMULATOR names, the data folder's, and the one beside
// this program, as in a build folder: no path of the machine that built it, where others may write on this one.
std::filesystem::path environment(const DataFolder& folder) {
  std::vector<std::filesystem::path> places;
  if (const char* named = std::getenv("IASQL_EMULATOR")) places.emplace_back(named);
  places.push_back(folder.emulator());
  places.push_back(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "emulator");
  std::string looked;
  for (const auto& place : places) {
    if (access((place / "bin/python").c_str(), X_OK) == 0) return place;
    looked += "\n  " + place.string();
  }
  throw Failure("the AWS emulator is not installed; it was looked for in" + looked,
                "`tools/make_venv emulator/requirements.txt FOLDER emulator/iasql_emulator` installs it, "
                "IASQL_EMULATOR=FOLDER names it, --no-emulator does without.");
}

} // namespace

Listener start_emulator(const DataFolder& folder, int port) {
  const auto started = start({.arguments = {(environment(folder) / "bin/python").string(), "-m", "iasql_emulator",
                                            "--port", std::to_string(port)},
                              .user = server_user()},
                             folder.log() / "emulator.log", 120s);
  return {.process = started.process, .port = port};
}

void stop_emulator(const Listener& emulator) {
  stop(emulator.process, 10s);
}

} // namespace iasql::cli
