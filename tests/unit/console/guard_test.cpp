#include "console/guard.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace iasql::console {
namespace {

const Site plain{.transport = Transport::plain, .hosts = {"127.0.0.1:8080", "localhost:8080"}};
const Site tls{.transport = Transport::tls, .hosts = {"console.example:8443"}};

struct Case {
  const char* name;
  std::string method;
  Headers headers;
  int status; // 0: it may go on
  std::string path = "/api/login";
};

class Refuse : public testing::TestWithParam<Case> {};

TEST_P(Refuse, WhatNoPageOfOursSent) {
  const auto& parameter = GetParam();
  const auto refusal = refuse(
      {.method = parameter.method, .path = parameter.path, .headers = parameter.headers, .body = {}, .address = {}},
      plain);
  EXPECT_EQ(refusal ? refusal->status : 0, parameter.status);
}

const std::string json = "application/json", here = "http://127.0.0.1:8080";

INSTANTIATE_TEST_SUITE_P(
    Requests, Refuse,
    testing::Values(
        Case{"get", "GET", {{"host", "127.0.0.1:8080"}}, 0},
        Case{"get_localhost", "GET", {{"host", "localhost:8080"}}, 0}, Case{"no_host", "GET", {}, 421},
        Case{"rebound", "GET", {{"host", "evil.example:8080"}}, 421},
        Case{"other_port", "GET", {{"host", "127.0.0.1:8081"}}, 421},
        Case{"two_hosts", "GET", {{"host", "127.0.0.1:8080, evil.example"}}, 421},
        Case{"typed", "GET", {{"host", "127.0.0.1:8080"}, {"sec-fetch-site", "none"}}, 0},
        Case{"linked_page", "GET", {{"host", "127.0.0.1:8080"}, {"sec-fetch-site", "cross-site"}}, 0, "/"},
        Case{"linked_api", "GET", {{"host", "127.0.0.1:8080"}, {"sec-fetch-site", "cross-site"}}, 403},
        Case{"same_site_api", "GET", {{"host", "127.0.0.1:8080"}, {"sec-fetch-site", "same-site"}}, 403},
        Case{"post", "POST", {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json}}, 0},
        Case{"post_fetched",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json}, {"sec-fetch-site", "same-origin"}},
             0},
        Case{"post_charset",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json + ";charset=utf-8"}},
             0},
        Case{"post_no_origin", "POST", {{"host", "127.0.0.1:8080"}, {"content-type", json}}, 403},
        Case{"post_null_origin", "POST", {{"host", "127.0.0.1:8080"}, {"origin", "null"}, {"content-type", json}}, 403},
        Case{"post_other_origin",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", "http://127.0.0.1:9090"}, {"content-type", json}},
             403},
        Case{"post_other_scheme",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", "https://127.0.0.1:8080"}, {"content-type", json}},
             403},
        Case{"post_other_loopback_name",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", "http://localhost:8080"}, {"content-type", json}},
             403},
        Case{"post_cross_site",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json}, {"sec-fetch-site", "cross-site"}},
             403},
        Case{"post_form",
             "POST",
             {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", "application/x-www-form-urlencoded"}},
             403},
        Case{"post_text", "POST", {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", "text/plain"}}, 403},
        Case{"delete", "DELETE", {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json}}, 0},
        Case{"put", "PUT", {{"host", "127.0.0.1:8080"}, {"origin", here}, {"content-type", json}}, 405},
        Case{"options", "OPTIONS", {{"host", "127.0.0.1:8080"}}, 405},
        Case{"trace", "TRACE", {{"host", "127.0.0.1:8080"}}, 405}),
    [](const auto& info) { return info.param.name; });

TEST(Refuse, WithTlsTheOriginIsHttps) {
  Request request{
      .method = "POST",
      .path = "/api/login",
      .headers = {{"host", "console.example:8443"}, {"origin", "https://console.example:8443"}, {"content-type", json}},
      .body = {},
      .address = {}};
  EXPECT_FALSE(refuse(request, tls));
  request.headers["origin"] = "http://console.example:8443";
  EXPECT_EQ(refuse(request, tls)->status, 403);
}

std::string header(const Response& response, const std::string& name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

TEST(SecurityHeaders, AllowNothingInlineAndNobodyElse) {
  Response response;
  add_security_headers(response, plain);
  const auto policy = header(response, "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
  EXPECT_EQ(header(response, "Strict-Transport-Security"), "");
}

TEST(SecurityHeaders, SayThatTlsStays) {
  Response response;
  add_security_headers(response, tls);
  EXPECT_EQ(header(response, "Strict-Transport-Security"), "max-age=31536000");
}

} // namespace
} // namespace iasql::console
