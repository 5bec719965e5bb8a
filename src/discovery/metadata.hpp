#pragma once

// The HTTP services beside a container or an instance that hand out its role's keys.

#include "net/environment.hpp"
#include "net/http.hpp"

#include <chrono>
#include <string>

namespace iasql::discovery {

struct MetadataLimits {
  std::chrono::milliseconds timeout;
  int attempts;
  std::chrono::milliseconds pause;
};

// The service's answer, whatever its status, after as many attempts as are allowed of which none was answered with 200,
// or with another status that is final (400, 401, 403, 404, 405). Throws net::TransportError where none answered at
// all. Redirects are not followed.
net::task<net::HttpResponse> fetch_metadata(net::Http& http, net::Clock& clock, net::HttpRequest request,
                                            MetadataLimits limits);

// The host of a URL as the HTTP client reads it, without the brackets of an IPv6 address, and whether it is https; host
// "" where it is no http or https URL or has a user in it.
struct UrlHost {
  std::string host;
  bool is_encrypted = false;
};
UrlHost host_of(const std::string& url);

// Whether the host is an address of this machine itself.
bool is_loopback(const std::string& host);

} // namespace iasql::discovery
