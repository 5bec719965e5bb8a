#pragma once

// What one call of an SQL function gives the engine to work with, from the loop to the client.

#include "engine/engine.hpp"
#include "net/loop.hpp"

#include <memory>

namespace iasql::extension {

// Lives within one call of an SQL function; nothing of it, curl's connections included, is kept.
class Connection {
public:
  enum class Reach {
    database, // rows, registry and journal: nothing is decrypted, no network
    aws,      // and AWS with the connected account's key, never with one from the environment or a profile
  };
  // Throws Error (not_connected) where AWS is to be reached and no account is connected.
  explicit Connection(Reach reach);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  engine::Context& context();

  // Runs the engine's coroutine to its end in this connection's loop. Throws what it throws, and Interrupted.
  template <typename T>
  T run(net::task<T> work) {
    return loop().run(std::move(work));
  }

private:
  net::Loop& loop();
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

} // namespace iasql::extension
