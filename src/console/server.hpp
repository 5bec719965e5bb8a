#pragma once

// HTTP/1.1 over TCP, with or without TLS, by Boost.Beast: bytes to requests, answers to bytes.
//
// Every step has a deadline that does not move while bytes trickle in: a client that sends a header a byte at a time is
// cut off as one that sends nothing. Sizes of header and content are bounded before they are read.

#include "console/http.hpp"

#include <functional>
#include <memory>
#include <string>

namespace iasql::console {

struct Listen {
  std::string address = "127.0.0.1";      // an IP address
  int port = 0;                           // 0: any free one
  std::string certificate_file, key_file; // PEM; "" for plain HTTP
};

class Server {
public:
  using Answer = std::function<Response(const Request&)>;
  using Finish = std::function<void(Response&)>;

  // Listens from here on; connections wait until run(). Throws Failure where the address is taken or the certificate
  // cannot be read, and for an address beyond loopback without a certificate.
  Server(const Listen& listen);
  ~Server();

  int port() const;
  // Answers requests, several at a time, until stop(). Every answer goes through `finish` before it is written, also
  // one to what could not be read. Neither must throw.
  void run(Answer answer, Finish finish);
  // May be called from any thread; run() returns when the answers under way are made.
  void stop();

private:
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

} // namespace iasql::console
