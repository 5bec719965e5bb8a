#include "hosting/state.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "hosting/failure.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace iasql::hosting {

namespace {

Value write_listener(const std::optional<Listener>& listener) {
  if (!listener) return nullptr;
  Object result;
  result.set("pid", static_cast<std::int64_t>(listener->process.id));
  result.set("start", static_cast<std::int64_t>(listener->process.start));
  result.set("port", listener->port);
  return result;
}

std::optional<Listener> read_listener(const Value& value) {
  if (!value.is_object()) return std::nullopt;
  Listener result;
  result.process.id = static_cast<pid_t>(value["pid"].integer());
  result.process.start = static_cast<std::uint64_t>(value["start"].integer());
  result.port = static_cast<int>(value["port"].integer());
  return result;
}

} // namespace

State read_state(const DataFolder& folder) {
  const auto content = read_file(folder.state_file());
  if (!content) return {};
  try {
    const Value state = read_json(*content);
    return {.postgres = read_listener(state["postgres"]),
            .emulator = read_listener(state["emulator"]),
            .console = read_listener(state["console"])};
  } catch (const Error& error) {
    throw Failure("cannot read " + folder.state_file().string() + ": " + error.what(),
                  "The file only says what runs: when nothing does, remove it.");
  }
}

void write_state(const DataFolder& folder, const State& state) {
  Object content;
  content.set("postgres", write_listener(state.postgres));
  content.set("emulator", write_listener(state.emulator));
  content.set("console", write_listener(state.console));
  write_file(folder.state_file(), write_json(content) + "\n", 0644, current_user());
}

bool is_running(const std::optional<Listener>& listener) {
  return listener && is_running(listener->process);
}

std::string emulator_url(const Listener& emulator) {
  return "http://127.0.0.1:" + std::to_string(emulator.port);
}

FileLock::FileLock(const std::filesystem::path& path)
    : m_file(open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600)) {
  if (m_file < 0) throw Failure("cannot open " + path.string() + ": " + std::strerror(errno));
  while (flock(m_file, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int reason = errno;
    close(m_file);
    throw Failure("cannot lock " + path.string() + ": " + std::strerror(reason));
  }
}

FileLock::~FileLock() {
  close(m_file);
}

} // namespace iasql::hosting
