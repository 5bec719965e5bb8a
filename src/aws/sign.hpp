#pragma once

// AWS Signature Version 4 as a pure function, with every stage of it in the result. What is canonical is defined in
// AWS's documentation, "Create a signed AWS API request"; the steps there are the steps here.

#include "aws/credentials.hpp"
#include "net/environment.hpp"
#include "net/http.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace iasql::aws {

enum class SignatureIn {
  headers, // Authorization and X-Amz-Date
  query,   // a presigned URL, valid for `expires`
};

// What becomes of the URL's path before it is signed.
enum class PathStyle {
  normalized, // dot segments and repeated slashes removed, encoded once more: every service but S3
  encoded,    // encoded once more, otherwise as it is
  as_is,      // S3: the path as it is sent
};

enum class SessionToken {
  is_signed, // part of what is signed
  appended,  // added after signing
};

struct SigningOptions {
  std::string region;  // "eu-west-2"
  std::string service; // the model's signing name, "ec2"
  net::Time time;
  SignatureIn place = SignatureIn::headers;
  PathStyle path = PathStyle::normalized;
  SessionToken session_token = SessionToken::is_signed;
  // Whether X-Amz-Content-Sha256 is sent (S3 demands it).
  bool content_hash_header = false;
  // The payload's hash in lower-case hexadecimal or a word such as "UNSIGNED-PAYLOAD"; "" means the body's SHA-256.
  std::string payload_hash = {};
  std::chrono::seconds expires{3600}; // of a presigned URL, 1 s to 7 days
};

struct SignedRequest {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature; // lower-case hexadecimal
  net::HttpRequest request;
};

// Signs every header of the request but those that proxies change (user-agent, x-amzn-trace-id, connection, …).
// Host is taken from the header of that name or, where there is none, from the URL, and not added; so that it is what
// will be sent, the result's URL has its host in lower case and without the scheme's own port. Throws Error
// (internal_error) for a URL that is not absolute, Error (invalid_value) for a presigned URL that would be valid for
// less than a second or more than seven days.
SignedRequest sign(net::HttpRequest request, const Credentials& credentials, const SigningOptions& options);

// The SHA-256 of the text in lower-case hexadecimal.
std::string sha256_hex(std::string_view text);

} // namespace iasql::aws
