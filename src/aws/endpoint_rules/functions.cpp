#include "aws/endpoint_rules/functions.hpp"

#include "aws/uri.hpp"

#include <algorithm>
#include <charconv>

namespace iasql::aws {

namespace {

constexpr std::size_t longest_label = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What stands before the separator; the text is left with what stands after it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

bool is_ipv4_address(std::string_view text) {
  for (int number = 0; number < 4; ++number) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 3) return false;
    text.remove_prefix(digits);
    const bool is_last = number == 3;
    if (is_last) break;
    if (text.empty() || text[0] != '.') return false;
    text.remove_prefix(1);
  }
  return text.empty();
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || (failure == std::errc() && rest == text.data() + text.size() && number <= 65535);
}

std::string normalized(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
  }
  std::string result = "/";
  for (std::string_view segment : segments)
    result += percent_encode(segment) + "/";
  return result;
}

} // namespace

std::optional<Arn> parse_arn(std::string_view text) {
  if (std::count(text.begin(), text.end(), ':') < 5 || take_until(text, ':') != "arn") return std::nullopt;
  Arn arn;
  for (std::string_view* part : {&arn.partition, &arn.service, &arn.region, &arn.account_id})
    *part = take_until(text, ':');
  if (arn.partition.empty() || arn.service.empty() || text.empty()) return std::nullopt;
  while (true) {
    const std::string_view part = text.substr(0, text.find_first_of(":/"));
    arn.resource_id.push_back(part);
    if (part.size() == text.size()) return arn;
    text.remove_prefix(part.size() + 1);
  }
}

std::optional<RuleUrl> parse_rule_url(std::string_view text) {
  RuleUrl url;
  const auto colon = text.find("://");
  if (colon == text.npos) return std::nullopt;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "https" && url.scheme != "http") return std::nullopt;
  text = text.substr(colon + 3);
  text = text.substr(0, text.find('#'));
  const auto authority_end = std::min(text.find_first_of("/?"), text.size());
  url.authority = text.substr(0, authority_end);
  url.path = text.substr(authority_end);
  const auto question = url.path.find('?');
  if (question != url.path.npos) {
    if (question + 1 < url.path.size()) return std::nullopt;
    url.path = url.path.substr(0, question);
  }
  std::string_view host = url.authority.substr(url.authority.rfind('@') + 1); // npos + 1 is 0
  const auto bracket = host.rfind(']');
  const auto port = host.find(':', bracket == host.npos ? 0 : bracket);
  if (port != host.npos) {
    if (!is_port(host.substr(port + 1))) return std::nullopt;
    host = host.substr(0, port);
  }
  url.is_ip = is_ipv4_address(host) || host.starts_with('[');
  url.normalized_path = normalized(url.path);
  return url;
}

bool is_valid_host_label(std::string_view text, Subdomains subdomains) {
  if (subdomains == Subdomains::allowed) {
    while (text.find('.') != text.npos)
      if (!is_valid_host_label(take_until(text, '.'), Subdomains::refused)) return false;
  }
  auto is_allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= longest_label && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

bool is_virtual_hostable_bucket(std::string_view name, Subdomains subdomains) {
  auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return name.size() >= 3 && std::none_of(name.begin(), name.end(), is_capital) && !is_ipv4_address(name) &&
         is_valid_host_label(name, subdomains);
}

std::optional<std::string_view> rule_substring(std::string_view text, std::size_t start, std::size_t stop,
                                               CountFrom from) {
  auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 128; };
  if (start >= stop || text.size() < stop || !std::all_of(text.begin(), text.end(), is_ascii)) return std::nullopt;
  return text.substr(from == CountFrom::start ? start : text.size() - stop, stop - start);
}

} // namespace iasql::aws
