#pragma once

// What the console's two processes speak over: the one that serves HTTP asks, the other one, which has the server's
// rights, answers. Each question has a line of its own, a pair of sockets of which one end is handed over.

#include "base/value.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace iasql::console {

// An open file that is closed when its owner is gone.
class File {
public:
  explicit File(int number) : m_number(number) {}
  ~File();
  File(File&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  File& operator=(File&& other) noexcept;
  int number() const { return m_number; }

private:
  int m_number;
};

// One question and its answers, a JSON document each.
class Line {
public:
  explicit Line(File file) : m_file(std::move(file)) {}
  // Throw Failure where the other process is gone, and for a document that is too long.
  void send(const Value& document);
  Value receive();

private:
  File m_file;
};

// Either end of what the processes have in common from their beginning.
class Switchboard {
public:
  explicit Switchboard(File file) : m_file(std::move(file)) {}
  // Two that belong together. Throws Failure.
  static std::pair<Switchboard, Switchboard> make();

  // For the one that asks. Throws Failure where the other one is gone.
  Line open();
  // For the one that answers: waits for the next line; nothing once the other one is gone, or after hang_up(). Any
  // number of threads may wait.
  std::optional<Line> accept();
  // Closes this end, without a word to whoever has it as well, as a process does with its child's.
  void close_here() { m_file = File(-1); }
  // Ends the other process' waiting, and one's own. From any thread.
  void hang_up();
  // For the one that asks: returns when the other one is gone.
  void wait_for_the_end();

private:
  File m_file;
};

} // namespace iasql::console
