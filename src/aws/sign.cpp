#include "aws/sign.hpp"

// A request goes through AWS's four steps: the canonical request, the string to sign, the signature under a key
// derived from secret, day, region and service, and the signature's place in headers or URL. The steps are functions
// of their own below, in that order, because each is what the conformance cases compare; sign() is their sequence.

#include "aws/uri.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

namespace iasql::aws {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    result += {digits[byte >> 4], digits[byte & 15]};
  }
  return result;
}

std::string hmac(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
            text.size(), digest, &size))
    throw Error(sqlstate::internal_error, "HMAC-SHA-256 failed");
  std::string result(reinterpret_cast<char*>(digest), size);
  OPENSSL_cleanse(digest, sizeof digest);
  return result;
}

// "20150830T123600Z"
std::string basic_time(net::Time time) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  auto days = std::chrono::floor<std::chrono::days>(seconds);
  std::chrono::year_month_day date(days);
  std::chrono::hh_mm_ss clock(seconds - days);
  char text[40];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

// Without the segments "." and "..", and without repeated slashes; a slash at the end stays.
std::string normalize_path(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::string_view rest = path; !rest.empty();) {
    std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string result;
  for (std::string_view segment : segments)
    result += "/" + std::string(segment);
  if (result.empty() || path.ends_with('/')) result += '/';
  return result;
}

std::string canonical_path(const std::string& path, PathStyle style) {
  if (path.empty()) return "/";
  if (style == PathStyle::as_is) return path;
  return percent_encode(style == PathStyle::normalized ? normalize_path(path) : path, "/");
}

using Parameters = std::vector<std::pair<std::string, std::string>>; // percent-encoded

Parameters split_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    auto ampersand = query.find('&');
    std::string_view parameter = query.substr(0, ampersand);
    query = ampersand == std::string_view::npos ? std::string_view() : query.substr(ampersand + 1);
    if (parameter.empty()) continue;
    auto equals = parameter.find('=');
    std::string_view value = equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
    parameters.emplace_back(percent_encode(percent_decode(parameter.substr(0, equals))),
                            percent_encode(percent_decode(value)));
  }
  return parameters;
}

std::string join_query(const Parameters& parameters) {
  std::string result;
  for (const auto& [name, value] : parameters)
    result += (result.empty() ? "" : "&") + name + "=" + value;
  return result;
}

std::string canonical_query(Parameters parameters) {
  std::sort(parameters.begin(), parameters.end());
  return join_query(parameters);
}

// Headers that a proxy may change or that belong to one connection, and the one that carries the signature.
bool is_signed_header(const std::string& name) {
  static constexpr std::string_view unsigned_names[] = {"authorization",
                                                        "baggage",
                                                        "connection",
                                                        "expect",
                                                        "keep-alive",
                                                        "traceparent",
                                                        "tracestate",
                                                        "proxy-authenticate",
                                                        "te",
                                                        "trailer",
                                                        "upgrade",
                                                        "proxy-authorization",
                                                        "user-agent",
                                                        "transfer-encoding",
                                                        "x-amzn-trace-id"};
  return std::find(std::begin(unsigned_names), std::end(unsigned_names), name) == std::end(unsigned_names);
}

// Without white space at both ends, and with one space for each run of it inside.
std::string canonical_value(std::string_view value) {
  std::string result;
  for (char c : value) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

struct CanonicalHeaders {
  std::string block; // "host:example.com\n…"
  std::string names; // "host;x-amz-date"
};

CanonicalHeaders canonical_headers(const net::Headers& headers, const std::string& host, SessionToken session_token) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : headers) {
    std::string lower = lower_case(name);
    if (!is_signed_header(lower)) continue;
    if (lower == "x-amz-security-token" && session_token == SessionToken::appended) continue;
    auto [place, is_new] = values.emplace(lower, canonical_value(value));
    if (!is_new) place->second += "," + canonical_value(value);
  }
  values.emplace("host", host);
  CanonicalHeaders result;
  for (const auto& [name, value] : values) {
    result.block += name + ":" + value + "\n";
    result.names += (result.names.empty() ? "" : ";") + name;
  }
  return result;
}

std::string derive_signature(const std::string& secret, const std::string& day, const SigningOptions& options,
                             const std::string& string_to_sign) {
  std::string key = "AWS4" + secret;
  for (std::string_view part : {std::string_view(day), std::string_view(options.region),
                                std::string_view(options.service), std::string_view("aws4_request")}) {
    std::string next = hmac(key, part);
    OPENSSL_cleanse(key.data(), key.size());
    key = std::move(next);
  }
  std::string signature = hexadecimal(hmac(key, string_to_sign));
  OPENSSL_cleanse(key.data(), key.size());
  return signature;
}

void check_expiry(std::chrono::seconds expires) {
  using namespace std::chrono_literals;
  if (expires < 1s || expires > 7 * 24h)
    throw Error(sqlstate::invalid_value,
                "a presigned URL cannot be valid for " + std::to_string(expires.count()) + " seconds", {},
                "AWS takes 1 second to 7 days (604800 seconds)");
}

// Host and port as curl sends them for the URL, and as the server therefore verifies them: a scheme's own port is left
// out. In lower case, as host names are compared.
std::string sent_authority(const UrlParts& url) {
  std::string authority = lower_case(url.authority);
  const std::string_view own_port = lower_case(url.scheme) == "https" ? ":443" : ":80";
  if (authority.ends_with(own_port)) authority.erase(authority.size() - own_port.size());
  return authority;
}

// What an earlier signature left behind.
void remove_signature_headers(net::Headers& headers) {
  std::erase_if(headers, [](const auto& header) {
    std::string name = lower_case(header.first);
    return name == "authorization" || name == "x-amz-date" || name == "x-amz-security-token" ||
           name == "x-amz-content-sha256";
  });
}

} // namespace

std::string sha256_hex(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr))
    throw Error(sqlstate::internal_error, "SHA-256 failed");
  return hexadecimal({reinterpret_cast<char*>(digest), size});
}

SignedRequest sign(net::HttpRequest request, const Credentials& credentials, const SigningOptions& options) {
  if (options.place == SignatureIn::query) check_expiry(options.expires);
  UrlParts url = split_url(request.url);
  url.authority = sent_authority(url);
  const std::string time = basic_time(options.time);
  const std::string day = time.substr(0, 8);
  const std::string scope = day + "/" + options.region + "/" + options.service + "/aws4_request";
  const std::string payload_hash = options.payload_hash.empty() ? sha256_hex(request.body) : options.payload_hash;
  const bool in_query = options.place == SignatureIn::query;

  remove_signature_headers(request.headers);
  if (!in_query) {
    if (!credentials.session_token.empty())
      request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
    request.headers.emplace_back("X-Amz-Date", time);
    if (options.content_hash_header) request.headers.emplace_back("x-amz-content-sha256", payload_hash);
  }
  const CanonicalHeaders headers = canonical_headers(request.headers, url.authority, options.session_token);

  Parameters parameters = split_query(url.query);
  Parameters added;
  if (in_query) {
    added = {{"X-Amz-Algorithm", std::string(algorithm)},
             {"X-Amz-Credential", percent_encode(credentials.access_key_id + "/" + scope)},
             {"X-Amz-Date", time},
             {"X-Amz-SignedHeaders", percent_encode(headers.names)},
             {"X-Amz-Expires", std::to_string(options.expires.count())}};
    parameters.insert(parameters.end(), added.begin(), added.end());
    if (!credentials.session_token.empty()) {
      added.emplace_back("X-Amz-Security-Token", percent_encode(credentials.session_token));
      if (options.session_token == SessionToken::is_signed) parameters.push_back(added.back());
    }
  }

  // Step 1: the canonical request.
  SignedRequest result;
  result.canonical_request = request.method + "\n" + canonical_path(url.path, options.path) + "\n" +
                             canonical_query(std::move(parameters)) + "\n" + headers.block + "\n" + headers.names +
                             "\n" + payload_hash;
  // Steps 2 and 3: the string to sign, with the canonical request's hash.
  result.string_to_sign =
      std::string(algorithm) + "\n" + time + "\n" + scope + "\n" + sha256_hex(result.canonical_request);
  // Steps 4 and 5: the signing key and the signature.
  result.signature = derive_signature(credentials.secret_access_key, day, options, result.string_to_sign);
  // Step 6: the signature's place in the request.
  if (in_query) {
    added.emplace_back("X-Amz-Signature", result.signature);
    url.query += (url.query.empty() ? "" : "&") + join_query(added);
  } else {
    request.headers.emplace_back("Authorization", std::string(algorithm) + " Credential=" + credentials.access_key_id +
                                                      "/" + scope + ", SignedHeaders=" + headers.names +
                                                      ", Signature=" + result.signature);
  }
  request.url = url.scheme + "://" + url.authority + url.path + (url.query.empty() ? "" : "?") + url.query;
  result.request = std::move(request);
  return result;
}

} // namespace iasql::aws
