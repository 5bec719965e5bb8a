#pragma once

// The checks that keep requests, and the signatures in them, at AWS or where the operator points.

#include <string>
#include <string_view>

namespace iasql::aws {

// A text that a user wrote, for a message: at most 64 printable ASCII characters of it in quotes.
std::string quoted_input(std::string_view text);

// A message with text in it that a user wrote: printable ASCII, at most 300 characters.
std::string printable_message(std::string_view text);

// Throws Error (invalid_value) where the text is no name of a region: at most 63 lower-case letters, digits and
// hyphens that a partition has or may have one day.
void check_region(std::string_view region);

// Scheme and host in lower case and the scheme's own port left out, as they will be in the Host header; without a "/"
// at the end. Throws Error (invalid_value) for what is not http:// or https:// and a host.
std::string checked_endpoint_url(std::string_view url);

// Throws Error (invalid_value) unless the URL is https, without user and port, its host a name in one of AWS's domains
// and its path free of what would end it.
void check_aws_url(std::string_view url);

// Throws Error (invalid_value) unless the URL has the scheme of `own` (as checked_endpoint_url returns it) and its host
// and port, or those of a name below it.
void check_url_at(std::string_view own, std::string_view url);

// Throws Error (invalid_value) for what is no host's name: labels of letters, digits and hyphens with at most 63
// characters, 253 in all.
void check_host(std::string_view host);

} // namespace iasql::aws
