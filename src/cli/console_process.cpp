#include "cli/console_process.hpp"

#include "hosting/process.hpp"

#include <chrono>
#include <filesystem>

namespace iasql::cli {

using namespace std::chrono_literals;

StartedConsole start_console(const hosting::DataFolder& folder, int port) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto started = hosting::start(
      {.arguments = {program, "console", "--data", folder.root.string(), "--port", std::to_string(port), "--or-next"},
       .user = hosting::current_user()},
      folder.log() / "console.log", 60s);
  // "http://127.0.0.1:8080/", perhaps with more after it
  const auto colon = started.first_line.find(':', started.first_line.find("//"));
  return {.listener = {.process = started.process, .port = std::stoi(started.first_line.substr(colon + 1))},
          .address = started.first_line};
}

void stop_console(const hosting::Listener& console) {
  hosting::stop(console.process, 10s);
}

std::string console_url(const hosting::Listener& console) {
  return "http://127.0.0.1:" + std::to_string(console.port) + "/";
}

} // namespace iasql::cli
