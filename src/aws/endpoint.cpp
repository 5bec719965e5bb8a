#include "aws/endpoint.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

// A region is "<prefix>-<letters>-<number>"; botocore's partitions.json, without what single services deviate in.
struct Partition {
  std::string_view region_prefixes; // separated by blanks
  std::string_view dns_suffix;
  std::string_view global_region; // where its global services are signed for
};

constexpr Partition partitions[] = {
    {"us eu ap sa ca me af il mx", "amazonaws.com", "us-east-1"},
    {"cn", "amazonaws.com.cn", "cn-northwest-1"},
    {"us-gov", "amazonaws.com", "us-gov-west-1"},
    {"eusc-de", "amazonaws.eu", "eusc-de-east-1"},
    {"us-iso", "c2s.ic.gov", "us-iso-east-1"},
    {"us-isob", "sc2s.sgov.gov", "us-isob-east-1"},
    {"eu-isoe", "cloud.adc-e.uk", "eu-isoe-west-1"},
    {"us-isof", "csp.hci.ic.gov", "us-isof-south-1"},
};

// Their models name a global endpoint from before they were regional.
constexpr std::string_view regional_all_the_same[] = {"s3", "sts"};

bool is_all(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t start = 0; start <= words.size();) {
    auto end = std::min(words.find(' ', start), words.size());
    if (words.substr(start, end - start) == word) return true;
    start = end + 1;
  }
  return false;
}

const Partition* partition_of(std::string_view region) {
  if (region.size() > 64) return nullptr;
  auto number = region.rfind('-');
  if (number == region.npos || number == 0 || !is_all(region.substr(number + 1), is_digit)) return nullptr;
  auto place = region.rfind('-', number - 1);
  if (place == region.npos || !is_all(region.substr(place + 1, number - place - 1), is_letter)) return nullptr;
  for (const auto& partition : partitions)
    if (has_word(partition.region_prefixes, region.substr(0, place))) return &partition;
  return nullptr;
}

// A region as a user wrote it, short and without control characters, for a message.
std::string quoted(std::string_view region) {
  std::string text = "\"";
  for (char c : region.substr(0, 64))
    text += c >= ' ' && c <= '~' ? c : '?';
  return text + (region.size() > 64 ? "…\"" : "\"");
}

// Scheme and host in lower case and the scheme's own port left out, as they will be in the Host header.
std::string checked_endpoint_url(std::string_view url) {
  auto refuse = [&] {
    throw Error(sqlstate::invalid_value, "the endpoint URL " + quoted(url) + " is not usable", {},
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

} // namespace

std::string with_host_prefix(std::string_view url, std::string_view prefix) {
  const auto host = url.find("://") + 3;
  std::string result(url.substr(0, host));
  result += prefix;
  return result += url.substr(host);
}

Endpoint resolve_endpoint(const Service& service, std::string_view region, std::string_view endpoint_url) {
  const Partition* partition = partition_of(region);
  if (!partition)
    throw Error(sqlstate::invalid_value, "there is no AWS region " + quoted(region), {},
                "A region's name is like eu-west-2 or us-east-1");

  bool is_global = !service.global_endpoint.empty() &&
                   std::find(std::begin(regional_all_the_same), std::end(regional_all_the_same), service.name) ==
                       std::end(regional_all_the_same);
  Endpoint endpoint;
  endpoint.signing_region = is_global ? partition->global_region : region;
  if (!endpoint_url.empty()) {
    endpoint.url = checked_endpoint_url(endpoint_url);
  } else if (is_global && partition == &partitions[0]) {
    endpoint.url = "https://" + service.global_endpoint;
  } else {
    endpoint.url = "https://" + service.endpoint_prefix + "." + endpoint.signing_region + ".";
    endpoint.url += partition->dns_suffix;
  }
  return endpoint;
}

} // namespace iasql::aws
