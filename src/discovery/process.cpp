// A program that prints keys. It is started without a shell, as the user, with this process's environment, input and
// error output: it may have to ask somebody.

#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "discovery/document.hpp"
#include "discovery/sources.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace iasql::discovery {

namespace {

class Descriptor {
public:
  explicit Descriptor(int number) : m_number(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int number() const { return m_number; }
  void close() {
    if (m_number >= 0) ::close(m_number);
    m_number = -1;
  }

private:
  int m_number;
};

[[noreturn]] void refuse(const std::string& whose, const std::string& reason) {
  throw Error(sqlstate::not_connected, whose + " " + reason);
}

pid_t start(std::vector<std::string> words, int output, const std::string& whose) {
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = 0;
  const int failed = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) refuse(whose, "cannot start " + words[0] + ": " + std::strerror(failed));
  return process;
}

// What it prints, up to the limit and a byte.
void read_output(int descriptor, std::string& text) {
  std::array<char, 4096> block;
  while (text.size() <= aws::largest_config_file) {
    const auto size = read(descriptor, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    if (text.capacity() < text.size() + static_cast<std::size_t>(size)) { // growing by itself it would leave copies
      SecretText longer;
      longer.text.reserve(2 * text.size() + block.size());
      longer.text = text;
      std::swap(text, longer.text);
    }
    text.append(block.data(), static_cast<std::size_t>(size));
  }
  explicit_bzero(block.data(), block.size());
}

class ProcessCredentials : public aws::CredentialsProvider {
public:
  ProcessCredentials(std::string profile, std::vector<std::string> words)
      : m_whose("profile " + profile + ": its credential_process"), m_words(std::move(words)) {}

  // Waits for the program; nothing else of this process goes on meanwhile.
  net::task<aws::Credentials> credentials() override {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) refuse(m_whose, std::string("gets no pipe: ") + std::strerror(errno));
    Descriptor output(ends[0]), input(ends[1]);
    const auto process = start(m_words, input.number(), m_whose);
    input.close();
    SecretText printed;
    read_output(output.number(), printed.text);
    output.close();
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    // Nobody reads what is too much, which then may be what ended the program.
    if (printed.text.size() > aws::largest_config_file) refuse(m_whose, "printed more than 1 MiB");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      refuse(m_whose, WIFEXITED(status) ? "ended with exit status " + std::to_string(WEXITSTATUS(status))
                                        : "was ended by signal " + std::to_string(WTERMSIG(status)));
    auto document = take_json(printed.text);
    if (!document.is_object()) refuse(m_whose, "printed no JSON object");
    if (!(document["Version"] == Value(1))) refuse(m_whose, "printed another Version than 1");
    co_return take_credentials(document, "SessionToken", "what " + m_whose + " printed");
  }

private:
  std::string m_whose;
  std::vector<std::string> m_words;
};

} // namespace

Finding from_process(const Search& search, const std::string& profile) {
  const auto& section = settings_of(search, profile);
  if (!section.has("credential_process")) return {nullptr, "profile " + profile + " has no credential_process"};
  if (search.processes == Processes::refused)
    return {nullptr, "profile " + profile + " has a credential_process, and programs are not started here"};
  auto words = shell_words(section.get("credential_process"));
  if (!words || words->empty())
    throw Error(sqlstate::not_connected, "profile " + profile + ": its credential_process is no command");
  auto& clock = search.parts.clock;
  return {aws::refreshing_credentials(std::make_unique<ProcessCredentials>(profile, std::move(*words)), clock), {}};
}

} // namespace iasql::discovery
