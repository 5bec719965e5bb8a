#pragma once

// One HTTP exchange as values in, values out. The client over libcurl is CurlHttp; tests give their own.

#include "base/error.hpp"
#include "net/loop.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace iasql::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method; // "GET", "POST", …
  std::string url;    // absolute, http or https, already percent-encoded
  Headers headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers; // names in lower case
  std::string body;

  // The first header of that lower-case name, or "".
  const std::string& header(std::string_view name) const;
};

// What bounds one exchange.
struct HttpLimits {
  Milliseconds connect_timeout{10'000};
  Milliseconds total_timeout{60'000};
  std::size_t body_bytes = 64u << 20;
  std::size_t header_bytes = 256u << 10;
};

// No complete response arrived. `sent` says whether the request may have reached the server: nothing of it when name
// resolution, connect or TLS failed, maybe in every other case (also when the response was cut short or too large).
class TransportError : public Error {
public:
  enum class Sent { nothing, maybe };
  TransportError(Sent sent, const std::string& message) : Error(sqlstate::network_failed, message), m_sent(sent) {}
  Sent sent() const { return m_sent; }

private:
  Sent m_sent;
};

class Http {
public:
  virtual ~Http() = default;
  // Sends the request once. Throws TransportError. Never follows a redirect, never uses a proxy from the environment.
  virtual task<HttpResponse> send(HttpRequest request, HttpLimits limits) = 0;
};

// Where connections may go, whatever a name resolves to: see is_public_address().
enum class Addresses { all, public_only };

// Over libcurl's multi interface, sockets in the loop's epoll descriptor; connections are pooled and reused.
// The loop must outlive it.
std::unique_ptr<Http> make_curl_http(Loop& loop, Addresses addresses = Addresses::all);

} // namespace iasql::net
