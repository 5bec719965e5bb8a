#include "console/guard.hpp"

#include <algorithm>

namespace iasql::console {

namespace {

bool is_own_host(const std::string& host, const Site& site) {
  return std::find(site.hosts.begin(), site.hosts.end(), host) != site.hosts.end();
}

bool is_json(std::string_view content_type) {
  return content_type.substr(0, content_type.find(';')) == "application/json";
}

} // namespace

std::optional<Response> refuse(const Request& request, const Site& site) {
  const auto& host = request.header("host");
  if (!is_own_host(host, site))
    return error_response(421, "this is not the console of that host", "Use the address that `iasql status` shows.");
  const auto& fetched_from = request.header("sec-fetch-site");
  if (request.method == "GET") {
    // "none": typed, or a bookmark. A link on another site may lead to the page, not to what is behind it.
    const bool from_elsewhere = !fetched_from.empty() && fetched_from != "same-origin" && fetched_from != "none";
    if (from_elsewhere && request.path != "/")
      return error_response(403, "this was not asked for by a page of the console");
    return std::nullopt;
  }
  if (request.method != "POST" && request.method != "DELETE")
    return error_response(405, "the console knows GET, POST and DELETE");
  const auto own_origin = (site.transport == Transport::tls ? "https://" : "http://") + host;
  if (request.header("origin") != own_origin || (!fetched_from.empty() && fetched_from != "same-origin"))
    return error_response(403, "this was not sent by a page of the console");
  if (!is_json(request.header("content-type"))) return error_response(403, "a request's content is JSON");
  return std::nullopt;
}

void add_security_headers(Response& response, const Site& site) {
  auto& headers = response.headers;
  headers.emplace_back("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; "
                                                  "frame-ancestors 'none'; object-src 'none'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  headers.emplace_back("Cache-Control", "no-store");
  if (site.transport == Transport::tls) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

} // namespace iasql::console
