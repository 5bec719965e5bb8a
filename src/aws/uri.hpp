#pragma once

#include <string>
#include <string_view>

namespace iasql::aws {

// Percent-encodes every byte but A-Z a-z 0-9 - . _ ~ (RFC 3986's unreserved characters) and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = {});
// The same at the end of `to`.
void append_percent_encoded(std::string& to, std::string_view text, std::string_view keep = {});

// The bytes that a percent-encoded text stands for; a "%" without two hexadecimal digits stays as it is.
std::string percent_decode(std::string_view text);

struct UrlParts {
  std::string scheme, authority, path, query; // path begins with "/" or is "", query is without "?"
};

// Cuts an absolute URL; a fragment is dropped. Throws Error (internal_error) where there is no scheme.
UrlParts split_url(std::string_view url);

} // namespace iasql::aws
