#include "discovery/metadata.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

namespace iasql::discovery {

namespace {

bool is_final(int status) {
  constexpr int statuses[] = {200, 400, 401, 403, 404, 405};
  return std::find(std::begin(statuses), std::end(statuses), status) != std::end(statuses);
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

} // namespace

net::task<net::HttpResponse> fetch_metadata(net::Http& http, net::Clock& clock, net::HttpRequest request,
                                            MetadataLimits limits) {
  net::HttpLimits http_limits;
  http_limits.connect_timeout = http_limits.total_timeout = limits.timeout;
  http_limits.body_bytes = 64u << 10;
  for (int attempt = 1;; ++attempt) {
    std::optional<net::HttpResponse> response;
    try {
      auto sending = http.send(request, http_limits);
      response = co_await std::move(sending);
    } catch (const net::TransportError&) {
      if (attempt >= limits.attempts) throw;
    }
    if (response && (is_final(response->status) || attempt >= limits.attempts)) co_return std::move(*response);
    auto pause = clock.sleep(limits.pause);
    co_await std::move(pause);
  }
}

UrlHost host_of(const std::string& text) {
  std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return {};
  const auto scheme = part(url.get(), CURLUPART_SCHEME);
  if ((scheme != "http" && scheme != "https") || !part(url.get(), CURLUPART_USER).empty()) return {};
  auto host = part(url.get(), CURLUPART_HOST);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return {host, scheme == "https"};
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace iasql::discovery
