#include "aws/endpoint_url.hpp"

#include "aws/endpoint_rules/functions.hpp"
#include "aws/partition.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

constexpr std::size_t longest_region = 63, longest_host = 253;

// Domains of AWS that rule sets name and that are no partition's suffix.
constexpr std::string_view further_domains[] = {
    "on.aws",
    "signin.aws",
    "signin.amazonaws.cn",
    "signin.amazonaws-us-gov.com",
    "signin-fips.amazonaws-us-gov.com",
    "signin.amazonaws-eusc.eu",
    "signin.c2shome.ic.gov",
    "signin.sc2shome.sgov.gov",
    "signin.csphome.hci.ic.gov",
    "signin.csphome.adc-e.uk",
};

std::string printable(std::string_view text, std::size_t length) {
  std::string result;
  for (char c : text.substr(0, length))
    result += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > length ? result + "…" : result;
}

[[noreturn]] void refuse_url(std::string_view url, const std::string& why) {
  throw Error(sqlstate::invalid_value, "the endpoint " + quoted_input(url) + " is not called: " + why, {},
              "Nothing was sent. Region, bucket, ARN and account id become parts of a host's name: are they right?");
}

bool is_in_domain(std::string_view host, std::string_view domain) {
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool is_in_aws_domain(std::string_view host) {
  auto holds_host = [&](std::string_view domain) { return is_in_domain(host, domain); };
  return std::any_of(partitions().begin(), partitions().end(),
                     [&](const Partition& partition) {
                       return holds_host(partition.dns_suffix) || holds_host(partition.dual_stack_dns_suffix);
                     }) ||
         std::any_of(std::begin(further_domains), std::end(further_domains), holds_host);
}

bool is_plain_path(std::string_view path) {
  return std::all_of(path.begin(), path.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '?' && c != '#' && c != '\\'; });
}

bool is_host(std::string_view host) {
  return host.size() <= longest_host && is_valid_host_label(host, Subdomains::allowed);
}

// What follows the authority, from the first character that ends it.
std::string_view after_authority(std::string_view url, std::size_t authority_start) {
  return url.substr(std::min(url.find_first_of("/?#\\", authority_start), url.size()));
}

} // namespace

std::string quoted_input(std::string_view text) {
  return "\"" + printable(text, 64) + "\"";
}

std::string printable_message(std::string_view text) {
  return printable(text, 300);
}

void check_region(std::string_view region) {
  auto is_allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (region.size() > longest_region || !std::all_of(region.begin(), region.end(), is_allowed) ||
      !find_partition(region))
    throw Error(sqlstate::invalid_value, "there is no AWS region " + quoted_input(region), {},
                "A region's name is like eu-west-2 or us-east-1");
}

std::string checked_endpoint_url(std::string_view url) {
  auto refuse = [&] {
    throw Error(sqlstate::invalid_value, "the endpoint URL " + quoted_input(url) + " is not usable", {},
                "It is http:// or https:// and a host, such as http://127.0.0.1:4566");
  };
  auto is_allowed = [](char c) { return c > ' ' && c <= '~' && c != '@' && c != '#' && c != '?' && c != '\\'; };
  if (!std::all_of(url.begin(), url.end(), is_allowed)) refuse();
  auto scheme_end = url.find("://");
  if (scheme_end == url.npos) refuse();
  auto path_start = std::min(url.find('/', scheme_end + 3), url.size());
  std::string base(url.substr(0, path_start));
  std::transform(base.begin(), base.end(), base.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  bool is_encrypted = base.rfind("https://", 0) == 0;
  if (!is_encrypted && base.rfind("http://", 0) != 0) refuse();
  std::string own_port = is_encrypted ? ":443" : ":80";
  if (base.size() > own_port.size() && base.compare(base.size() - own_port.size(), own_port.size(), own_port) == 0)
    base.erase(base.size() - own_port.size());
  if (base.back() == '/' || base.back() == ':') refuse();
  base += url.substr(path_start);
  while (base.back() == '/')
    base.pop_back();
  return base;
}

void check_host(std::string_view host) {
  if (!is_host(host)) throw Error(sqlstate::invalid_value, quoted_input(host) + " is no host's name");
}

void check_aws_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) refuse_url(url, "it is not https");
  const std::string_view path = after_authority(url, scheme.size());
  const std::string_view host = url.substr(scheme.size(), url.size() - scheme.size() - path.size());
  if (!is_host(host)) refuse_url(url, "its host is no name of labels with at most 63 characters, 253 in all");
  if (!is_in_aws_domain(host)) refuse_url(url, "its host is in none of AWS's domains");
  if (!is_plain_path(path)) refuse_url(url, "its path has characters that it must not have");
}

void check_url_at(std::string_view own, std::string_view url) {
  const auto scheme_size = own.find("://") + 3;
  const std::string_view own_path = after_authority(own, scheme_size);
  const std::string_view own_authority = own.substr(scheme_size, own.size() - scheme_size - own_path.size());
  if (!url.starts_with(own.substr(0, scheme_size))) refuse_url(url, "it has not the scheme of the endpoint URL");
  const std::string_view path = after_authority(url, scheme_size);
  const std::string_view authority = url.substr(scheme_size, url.size() - scheme_size - path.size());
  if (authority != own_authority) {
    if (!is_in_domain(authority, own_authority)) refuse_url(url, "it is not at the host of the endpoint URL");
    if (!is_host(authority.substr(0, authority.size() - own_authority.size() - 1)))
      refuse_url(url, "what it has before the host of the endpoint URL is no name");
  }
  if (!is_plain_path(path)) refuse_url(url, "its path has characters that it must not have");
}

} // namespace iasql::aws
