#pragma once

// Texts whose spelling is not their meaning: CIDR blocks, instants, policy documents. Each function gives the one
// spelling that all texts of the same meaning share, or nothing for a text that is none of its kind.

#include "base/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iasql::engine {

// "10.0.3.7/16" → "10.0.0.0/16"; an address without a length is a network of one address. IPv4 and IPv6.
std::optional<std::string> canonical_network(const std::string& text);

// Microseconds since 1970-01-01 UTC of an ISO 8601 instant with an offset, "T" or a space before the time of day.
std::optional<std::int64_t> instant(std::string_view text);

// The instant as AWS's values have it: "2026-11-22T08:00:00Z", fractions of a second only where there are any.
std::string instant_text(std::int64_t microseconds);

// A policy: members and list elements in one order, a list of one element as that element, numbers and booleans as
// text, because IAM reads all of these alike. Nothing for text that is not JSON.
std::optional<std::string> canonical_document(const std::string& text);

// "%7B%22Version%22…" as text: IAM returns documents percent-encoded (RFC 3986). A '%' without two digits stays.
std::string percent_decoded(const std::string& text);

} // namespace iasql::engine
