#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace iasql {

// The candidate with the fewest insertions, deletions and replacements of characters (without regard to case), or ""
// where none is near enough to have been meant.
std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates);

// ASCII letters in lower case, as the names of HTTP headers and hosts are compared.
std::string lower_case(std::string_view text);

// A member's name as a column's: "CidrBlock" and "cidrBlock" become "cidr_block", "VPCId" "vpc_id", "CidrIpv4"
// "cidr_ipv4". A digit does not begin a word.
std::string snake_case(std::string_view name);

} // namespace iasql
