#pragma once

// The functions of the rules' language that are more than a comparison, each on plain texts.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

// The parts of an ARN, within the text that was parsed.
struct Arn {
  std::string_view partition, service, region, account_id; // the last two may be ""
  std::vector<std::string_view> resource_id;               // cut at "/" and ":"
};

// Nothing where the text is no ARN: fewer than six parts, or no partition, service or resource.
std::optional<Arn> parse_arn(std::string_view text);

// The parts of a URL, within the text that was parsed.
struct RuleUrl {
  std::string_view scheme, authority, path; // scheme as it is written
  std::string normalized_path;              // without dot segments and repeated slashes; begins and ends with "/"
  bool is_ip = false;
};

// Nothing where the text is no http or https URL, has a query, or has a port that is no number up to 65535.
std::optional<RuleUrl> parse_rule_url(std::string_view text);

enum class Subdomains { refused, allowed };

// Whether the text is 1 to 63 letters, digits and hyphens, without a hyphen at either end; where subdomains are
// allowed, several of those with dots between them.
bool is_valid_host_label(std::string_view text, Subdomains subdomains);

// Whether a bucket of that name can stand before a host: a valid host label of at least three characters without
// capitals that is no IPv4 address.
bool is_virtual_hostable_bucket(std::string_view name, Subdomains subdomains);

enum class CountFrom { start, end };

// The characters from `start` up to `stop`, counted from the text's start or end; nothing where the text is not ASCII
// or has not that many.
std::optional<std::string_view> rule_substring(std::string_view text, std::size_t start, std::size_t stop,
                                               CountFrom from);

} // namespace iasql::aws
