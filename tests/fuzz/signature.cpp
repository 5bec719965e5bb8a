// The signer: a byte for what is signed where, a line each for method, URL and headers, an empty line and the body.

#include "aws/sign.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

#include <algorithm>

namespace iasql::fuzz {

void run(std::string_view bytes) {
  unsigned choice = take_byte(bytes);
  net::HttpRequest request;
  request.method = take_until(bytes, "\n");
  request.url = "https://" + std::string(take_until(bytes, "\n"));
  net::HttpResponse rest = response_of(bytes);
  request.headers = rest.headers;
  request.body = rest.body;

  aws::SigningOptions options;
  options.region = "eu-west-2";
  options.service = "ec2";
  options.place = choice & 1 ? aws::SignatureIn::query : aws::SignatureIn::headers;
  options.path = choice & 2 ? aws::PathStyle::as_is : choice & 4 ? aws::PathStyle::encoded : aws::PathStyle::normalized;
  options.session_token = choice & 8 ? aws::SessionToken::appended : aws::SessionToken::is_signed;
  options.content_hash_header = choice & 16;
  aws::Credentials credentials("AKID", "secret", choice & 32 ? "token" : "");
  aws::SignedRequest first = aws::sign(request, credentials, options);
  require(first.signature.size() == 64, "a signature is 32 bytes in hexadecimal");
  if (options.place == aws::SignatureIn::headers)
    require(aws::sign(first.request, credentials, options).signature == first.signature,
            "a request that is signed again has the same signature");
}

} // namespace iasql::fuzz
