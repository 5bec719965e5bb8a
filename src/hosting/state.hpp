#pragma once

// What runs: the file state.json in the data folder, which `up` writes and `down`, `status` and `connect` read.

#include "hosting/data_folder.hpp"
#include "hosting/process.hpp"

#include <optional>
#include <string>

namespace iasql::hosting {

struct Listener {
  Process process;
  int port = 0;
};

struct State {
  std::optional<Listener> postgres, emulator, console; // as last started; ask is_running()
};

// An empty state where there is no file. Throws Failure where the file cannot be read.
State read_state(const DataFolder& folder);
void write_state(const DataFolder& folder, const State& state);

bool is_running(const std::optional<Listener>& listener);
// "http://127.0.0.1:4566"
std::string emulator_url(const Listener& emulator);

// Keeps other commands of this program out until it is destroyed; waits for them. The file is made where there is none.
// Throws Failure.
class FileLock {
public:
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

private:
  int m_file;
};

} // namespace iasql::hosting
