#pragma once

// Texts whose spelling is not their meaning: CIDR blocks, policy documents. Each function gives the one spelling that
// all texts of the same meaning share, or nothing for a text that is none of its kind.

#include "base/value.hpp"

#include <optional>
#include <string>

namespace iasql::engine {

// "10.0.3.7/16" → "10.0.0.0/16"; an address without a length is a network of one address. IPv4 and IPv6.
std::optional<std::string> canonical_network(const std::string& text);

// A policy: members and list elements in one order, a list of one element as that element, numbers and booleans as
// text, because IAM reads all of these alike. Nothing for text that is not JSON.
std::optional<std::string> canonical_document(const std::string& text);

// "%7B%22Version%22…" as text: IAM returns documents percent-encoded (RFC 3986). A '%' without two digits stays.
std::string percent_decoded(const std::string& text);

} // namespace iasql::engine
