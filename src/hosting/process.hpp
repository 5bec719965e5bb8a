#pragma once

// Programs that the command line starts: to wait for, or to leave running.

#include "hosting/data_folder.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace iasql::hosting {

struct Program {
  std::vector<std::string> arguments; // the first is the program's path
  User user;                          // whom it runs as: this user, or with root's rights any
};

struct Finished {
  int status = 0;     // exit status; 128 + the signal's number where a signal ended it
  std::string output; // standard output and standard error together
};

// No program that this process starts from here on, by a thread or child that it does not have yet either, has more
// rights than it. Throws Failure.
void refuse_more_rights();
// This process is that user's from here on, for good and with all its threads. Nothing happens to the user of a process
// that is not root's. Throws Failure.
void become(const User& user);

// Runs the program to its end, with no standard input and from the root folder.
Finished run(const Program& program);

// A process that goes on when this one has ended. Its start tells it from another that later gets the same id.
struct Process {
  pid_t id = 0;
  std::uint64_t start = 0; // clock ticks since the system's boot
};

// Starts a program in a session of its own, its standard error appended to `log`, and waits for the first line that it
// writes to standard output. Throws Failure, with the end of the log, when it ends before that or `patience` has
// passed.
struct Started {
  Process process;
  std::string first_line;
};
Started start(const Program& program, const std::filesystem::path& log, std::chrono::seconds patience);

// The process of that id; start is 0 where there is none.
Process find_process(pid_t id);
bool is_running(const Process& process);
// Asks it to end (SIGTERM) and after `patience` makes it (SIGKILL). Returns when it is gone.
void stop(const Process& process, std::chrono::seconds patience);

} // namespace iasql::hosting
