#include "aws/sign.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

// 2015-08-30T12:36:00Z
const net::Time time_of_signing = std::chrono::system_clock::from_time_t(1440938160);

SigningOptions options_for(std::string service) {
  SigningOptions options;
  options.region = "us-east-1";
  options.service = std::move(service);
  options.time = time_of_signing;
  return options;
}

const Credentials key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

std::string header(const net::HttpRequest& request, const std::string& name) {
  for (const auto& [candidate, value] : request.headers)
    if (candidate == name) return value;
  return {};
}

std::string line(const std::string& text, int number) {
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i)
    begin = text.find('\n', begin) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

} // namespace

TEST(Sign, HostKeepsItsPort) {
  auto found = sign({"POST", "http://127.0.0.1:4566/", {}, "x"}, key, options_for("ec2"));
  EXPECT_EQ(line(found.canonical_request, 3), "host:127.0.0.1:4566");
  EXPECT_EQ(header(found.request, "Host"), "");
  EXPECT_EQ(found.request.body, "x");
}

// What the public vectors leave out, with the signatures that botocore makes of the same requests.
TEST(Sign, AgreesWithBotocoreOnPortsEncodedPathsAndRegions) {
  const Credentials with_token("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok/en==");
  const net::Headers headers = {{"Content-Type", "text/plain"}};
  SigningOptions options = options_for("ec2");
  options.region = "eu-west-2";
  EXPECT_EQ(sign({"POST", "http://127.0.0.1:4566/", headers, "body"}, with_token, options).signature,
            "8b42694955ae406c14bbc32530a940aadcc57b4bbbb1dcf3d7be2c894c8b3995");
  options = options_for("execute-api");
  options.region = "us-west-1";
  const std::string url = "https://x.example.com:8443/a%20b//./c/..?b=2&a=%2F&a=1";
  EXPECT_EQ(sign({"POST", url, headers, "body"}, with_token, options).signature,
            "d22a30c2fa1c1eee25fb853848921f36b0df45e81e42a0dac2cf5b501d84027e");
}

TEST(Sign, PathIsEncodedAsTheServiceWants) {
  const std::string url = "https://bucket.s3.amazonaws.com/a%20b//./c";
  SigningOptions options = options_for("s3");
  EXPECT_EQ(line(sign({"GET", url, {}, ""}, key, options).canonical_request, 1), "/a%2520b/c");
  options.path = PathStyle::encoded;
  EXPECT_EQ(line(sign({"GET", url, {}, ""}, key, options).canonical_request, 1), "/a%2520b//./c");
  options.path = PathStyle::as_is;
  EXPECT_EQ(line(sign({"GET", url, {}, ""}, key, options).canonical_request, 1), "/a%20b//./c");
  EXPECT_EQ(line(sign({"GET", "https://example.com", {}, ""}, key, options).canonical_request, 1), "/");
  EXPECT_EQ(line(sign({"GET", "https://example.com?a=1", {}, ""}, key, options).canonical_request, 2), "a=1");
}

TEST(Sign, PayloadHashMayBeGiven) {
  SigningOptions options = options_for("s3");
  options.payload_hash = "UNSIGNED-PAYLOAD";
  options.content_hash_header = true;
  auto found = sign({"PUT", "https://example.com/", {}, "body"}, key, options);
  EXPECT_EQ(header(found.request, "x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_TRUE(found.canonical_request.ends_with("\nUNSIGNED-PAYLOAD"));
  options.payload_hash.clear();
  found = sign({"PUT", "https://example.com/", {}, "body"}, key, options);
  EXPECT_TRUE(found.canonical_request.ends_with("\n" + sha256_hex("body")));
}

TEST(Sign, SigningAgainReplacesTheFormerSignature) {
  auto once = sign({"POST", "https://example.com/", {{"Content-Type", "text/plain"}}, ""}, key, options_for("x"));
  auto twice = sign(once.request, key, options_for("x"));
  EXPECT_EQ(once.signature, twice.signature);
  EXPECT_EQ(once.request.headers, twice.request.headers);
}

TEST(Sign, HeadersThatProxiesChangeAreNotSigned) {
  for (const char* name :
       {"User-Agent", "X-Amzn-Trace-Id", "connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Transfer-Encoding",
        "Expect", "traceparent", "tracestate", "baggage", "Proxy-Authenticate", "Proxy-Authorization"}) {
    auto found = sign({"GET", "https://example.com/", {{name, "y"}}, ""}, key, options_for("x"));
    EXPECT_EQ(line(found.canonical_request, 6), "host;x-amz-date") << name;
  }
}

TEST(Sign, TheHostIsSignedAsItIsSent) {
  struct Case {
    const char *url, *host, *sent;
  };
  for (const auto& [url, host, sent] : {Case{"https://EXAMPLE.com/A", "example.com", "https://example.com/A"},
                                        {"https://example.com:443/?B=C", "example.com", "https://example.com/?B=C"},
                                        {"http://example.com:80", "example.com", "http://example.com"},
                                        {"https://example.com:80/", "example.com:80", "https://example.com:80/"},
                                        {"http://example.com:443/", "example.com:443", "http://example.com:443/"},
                                        {"http://[FE80::A]:80/", "[fe80::a]", "http://[fe80::a]/"},
                                        {"http://[::1]:4566/", "[::1]:4566", "http://[::1]:4566/"}}) {
    auto found = sign({"GET", url, {}, ""}, key, options_for("x"));
    EXPECT_EQ(line(found.canonical_request, 3), std::string("host:") + host);
    EXPECT_EQ(found.request.url, sent);
  }
}

TEST(Sign, APresignedUrlIsValidForASecondToSevenDays) {
  SigningOptions options = options_for("x");
  options.place = SignatureIn::query;
  for (std::chrono::seconds valid : {std::chrono::seconds(1), std::chrono::seconds(604'800)}) {
    options.expires = valid;
    EXPECT_NO_THROW(sign({"GET", "https://example.com/", {}, ""}, key, options));
  }
  for (std::chrono::seconds invalid :
       {std::chrono::seconds(-1), std::chrono::seconds(0), std::chrono::seconds(604'801)}) {
    options.expires = invalid;
    EXPECT_THROW(sign({"GET", "https://example.com/", {}, ""}, key, options), Error);
  }
}

TEST(Sign, TheSecretIsNowhereInTheResult) {
  Credentials with_token("AKIDEXAMPLE", "a-very-secret-key", "token");
  for (auto place : {SignatureIn::headers, SignatureIn::query}) {
    SigningOptions options = options_for("x");
    options.place = place;
    auto found = sign({"GET", "https://example.com/?a=b", {}, ""}, with_token, options);
    std::string everything = found.canonical_request + found.string_to_sign + found.request.url;
    for (const auto& [name, value] : found.request.headers)
      everything += value;
    EXPECT_EQ(everything.find("a-very-secret-key"), std::string::npos);
  }
}

TEST(Sign, AUrlWithoutSchemeIsAnError) {
  EXPECT_THROW(sign({"GET", "example.com/", {}, ""}, key, options_for("x")), Error);
}

TEST(Sign, Sha256) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

} // namespace iasql::aws
