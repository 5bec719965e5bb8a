#include "aws/protocol/timestamp.hpp"
#include "aws/sign.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace iasql::aws {

namespace {

namespace fs = std::filesystem;
using conformance::read_file;

// A request as it is written on the wire, and what is needed to write it again.
struct RawRequest {
  net::HttpRequest request;
  std::string target;
};

std::string without_carriage_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

RawRequest read_request(const std::string& text) {
  RawRequest raw;
  std::size_t at = text.find('\n');
  std::string line = text.substr(0, at);
  std::size_t first = line.find(' '), last = line.rfind(" HTTP/1.1");
  raw.request.method = line.substr(0, first);
  raw.target = line.substr(first + 1, last - first - 1);
  std::string host;
  while (at != std::string::npos) {
    std::size_t begin = at + 1;
    at = text.find('\n', begin);
    line = text.substr(begin, at == std::string::npos ? at : at - begin);
    if (line.empty()) {
      if (at != std::string::npos) raw.request.body = text.substr(at + 1);
      break;
    }
    if (line[0] == ' ' || line[0] == '\t') {
      raw.request.headers.back().second += "\n" + line;
      continue;
    }
    std::size_t colon = line.find(':');
    raw.request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    if (line.substr(0, colon) == "Host") host = line.substr(colon + 1);
  }
  raw.request.url = "https://" + host + raw.target;
  return raw;
}

std::string write_request(const net::HttpRequest& request) {
  std::string target = request.url.substr(request.url.find('/', std::string("https://").size()));
  std::string text = request.method + " " + target + " HTTP/1.1\n";
  for (const auto& [name, value] : request.headers)
    text += name + ":" + value + "\n";
  return text + "\n" + request.body;
}

std::string header(const net::Headers& headers, const std::string& name) {
  for (const auto& [candidate, value] : headers)
    if (candidate == name) return value;
  return {};
}

// The session token that the canonical request has, or "".
std::string signed_token(const std::string& canonical_request) {
  const std::string name = "x-amz-security-token:";
  std::size_t at = canonical_request.find(name);
  if (at == std::string::npos) return {};
  at += name.size();
  return canonical_request.substr(at, canonical_request.find('\n', at) - at);
}

} // namespace

TEST(Signing, CasesOfTheAwsCSdk) {
  auto folder = conformance::shared_folder("sigv4/v4");
  if (!folder) GTEST_SKIP() << "no shared/conformance/sigv4: the AWS C SDK's signing cases are not run";
  int cases = 0, signatures = 0, stages = 0, all_signatures = 0, all_stages = 0;
  for (const fs::path& place : conformance::folders_of(*folder)) {
    SCOPED_TRACE(place.filename().string());
    ++cases;
    Value context = read_json(read_file(place / "context.json"));
    const Value& key = context["credentials"];
    Credentials credentials(key["access_key_id"].string(), key["secret_access_key"].string(), key["token"].text());
    for (auto where : {SignatureIn::headers, SignatureIn::query}) {
      SigningOptions options;
      options.region = context["region"].string();
      options.service = context["service"].string();
      options.time = *parse_timestamp(context["timestamp"].string());
      options.place = where;
      options.path = context["normalize"].boolean() ? PathStyle::normalized : PathStyle::encoded;
      options.session_token =
          context["omit_session_token"] == Value(true) ? SessionToken::appended : SessionToken::is_signed;
      options.content_hash_header = context["sign_body"].boolean();
      options.expires = std::chrono::seconds(context["expiration_in_seconds"].integer());
      SignedRequest found = sign(read_request(read_file(place / "request.txt")).request, credentials, options);

      const std::string prefix = where == SignatureIn::headers ? "header-" : "query-";
      auto check = [&](const std::string& stage, const std::string& text, int& passed, int& all) {
        std::string expected = read_file(place / (prefix + stage + ".txt"));
        EXPECT_EQ(text, expected) << prefix << stage;
        passed += text == expected;
        ++all;
      };
      check("canonical-request", found.canonical_request, stages, all_stages);
      check("string-to-sign", found.string_to_sign, stages, all_stages);
      check("signature", found.signature, signatures, all_signatures);
      check("signed-request", write_request(found.request), stages, all_stages);
    }
  }
  EXPECT_EQ(cases, 38);
  std::cout << "signing, AWS C SDK: " << cases << " cases, " << signatures << "/" << all_signatures << " signatures, "
            << stages << "/" << all_stages << " stages\n";
}

TEST(Signing, VectorsOfBotocore) {
  int vectors = 0, passed = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(conformance::botocore_tests() / "auth" / "aws4_testsuite")) {
    if (entry.path().extension() != ".req") continue;
    SCOPED_TRACE(entry.path().stem().string());
    ++vectors;
    auto expected = [&](const char* extension) {
      return without_carriage_returns(read_file(fs::path(entry.path()).replace_extension(extension)));
    };
    RawRequest raw = read_request(without_carriage_returns(read_file(entry.path())));
    Credentials credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", signed_token(expected(".creq")));
    SigningOptions options;
    options.region = "us-east-1";
    options.service = "service";
    options.time = *parse_timestamp("2015-08-30T12:36:00Z");
    SignedRequest found = sign(raw.request, credentials, options);
    std::string authorization = header(found.request.headers, "Authorization");
    EXPECT_EQ(found.canonical_request, expected(".creq"));
    EXPECT_EQ(found.string_to_sign, expected(".sts"));
    EXPECT_EQ(authorization, expected(".authz"));
    passed += found.canonical_request == expected(".creq") && found.string_to_sign == expected(".sts") &&
              authorization == expected(".authz");
  }
  EXPECT_EQ(vectors, 34);
  std::cout << "signing, botocore: " << passed << "/" << vectors << " vectors\n";
}

} // namespace iasql::aws
