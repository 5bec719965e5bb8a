#include "hosting/process.hpp"

#include "hosting/failure.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace iasql::hosting {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds glance{20};
constexpr int exec_failed = 127;

enum class Session { shared, own };

// In the child, between fork and exec: takes on the user and the standard streams, never returns.
[[noreturn]] void run_in_child(const Program& program, int output, int errors, Session session) {
  const auto give_up = [&](const char* doing) {
    dprintf(errors, "cannot %s %s: %s\n", doing, program.arguments.front().c_str(), std::strerror(errno));
    _exit(exec_failed);
  };
  if (session == Session::own) setsid();
  const int file = open(program.arguments.front().c_str(), O_PATH | O_CLOEXEC);
  if (program.user.id != geteuid()) {
    const auto& user = program.user;
    if (initgroups(user.name.c_str(), user.group) != 0 || setgid(user.group) != 0 || setuid(user.id) != 0)
      give_up("change the user for");
  }
  const int nothing = open("/dev/null", O_RDONLY);
  if (chdir("/") != 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
      dup2(errors, STDERR_FILENO) < 0)
    give_up("prepare");
  std::vector<char*> arguments;
  for (const auto& argument : program.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execv(arguments.front(), arguments.data());
  // The operator may have built it where that user cannot enter, in root's home folder for one.
  if (errno == EACCES) fexecve(file, arguments.data(), environ);
  give_up("run");
  _exit(exec_failed);
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string last_lines(const std::filesystem::path& file, std::size_t count) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  std::string result;
  for (std::size_t i = lines.size() > count ? lines.size() - count : 0; i < lines.size(); ++i)
    result += (result.empty() ? "" : "\n") + lines[i];
  return result;
}

} // namespace

void refuse_more_rights() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    throw Failure(std::string("cannot refuse more rights: ") + std::strerror(errno));
}

void become(const User& user) {
  const auto check = [&](int result) {
    if (result != 0) throw Failure("cannot become user " + user.name + ": " + std::strerror(errno));
  };
  if (geteuid() == 0) {
    check(initgroups(user.name.c_str(), user.group));
    check(setgid(user.group));
    check(setuid(user.id));
  }
  check(chdir("/"));
}

Finished run(const Program& program) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Failure(std::string("cannot make a pipe: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) throw Failure(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) run_in_child(program, ends[1], ends[1], Session::shared);
  close(ends[1]);
  Finished result;
  char buffer[4096];
  for (;;) {
    const auto got = read(ends[0], buffer, sizeof buffer);
    if (got > 0) {
      result.output.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      break;
    }
  }
  close(ends[0]);
  result.status = wait_for(child);
  return result;
}

Started start(const Program& program, const std::filesystem::path& log, std::chrono::seconds patience) {
  // The server's user may write where the log is, and could have made it a link to a file of root's.
  const int errors = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (errors < 0) throw Failure("cannot write " + log.string() + ": " + std::strerror(errno));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Failure(std::string("cannot make a pipe: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) throw Failure(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) run_in_child(program, ends[1], errors, Session::own);
  close(ends[1]);
  close(errors);
  std::string line;
  const auto deadline = Clock::now() + patience;
  while (line.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd ready{ends[0], POLLIN, 0};
    char byte = 0;
    if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0 || read(ends[0], &byte, 1) <= 0) {
      close(ends[0]);
      kill(child, SIGKILL);
      wait_for(child);
      throw Failure(program.arguments.front() + " did not start",
                    "The end of " + log.string() + ":\n" + last_lines(log, 8));
    }
    line += byte;
  }
  close(ends[0]);
  line.pop_back();
  return {find_process(child), line};
}

Process find_process(pid_t id) {
  const auto content = read_file("/proc/" + std::to_string(id) + "/stat");
  if (!content) return {id, 0};
  // The second field is the program's name in parentheses and may hold anything; the start is the 22nd.
  std::istringstream fields(content->substr(content->rfind(')') + 2));
  std::string state, skipped;
  fields >> state;
  if (state == "Z") return {id, 0};
  for (int field = 4; field < 22; ++field)
    fields >> skipped;
  Process result{id, 0};
  fields >> result.start;
  return result;
}

bool is_running(const Process& process) {
  return process.id > 0 && process.start != 0 && find_process(process.id).start == process.start;
}

void stop(const Process& process, std::chrono::seconds patience) {
  const auto deadline = Clock::now() + patience;
  if (is_running(process)) kill(process.id, SIGTERM);
  bool killed = false;
  while (is_running(process)) {
    // One that this very process started stays a zombie until it is waited for.
    waitpid(process.id, nullptr, WNOHANG);
    if (!killed && Clock::now() > deadline) {
      kill(process.id, SIGKILL);
      killed = true;
    }
    std::this_thread::sleep_for(glance);
  }
}

} // namespace iasql::hosting
