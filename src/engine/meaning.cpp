#include "engine/meaning.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <vector>

namespace iasql::engine {

namespace {

// A number that takes up all of `text`.
std::optional<int> number(std::string_view text) {
  int result = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return result;
}

} // namespace

std::optional<std::string> canonical_network(const std::string& text) {
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const int bits = family == AF_INET ? 32 : 128;
  unsigned char bytes[16];
  if (inet_pton(family, address.c_str(), bytes) != 1) return {};
  int length = bits;
  if (slash != std::string::npos) {
    const auto given = number(std::string_view(text).substr(slash + 1));
    if (!given || *given < 0 || *given > bits) return {};
    length = *given;
  }
  for (int bit = length; bit < bits; ++bit)
    bytes[bit / 8] &= static_cast<unsigned char>(~(0x80 >> (bit % 8)));
  char printed[INET6_ADDRSTRLEN];
  inet_ntop(family, bytes, printed, sizeof printed);
  return std::string(printed) + "/" + std::to_string(length);
}

std::optional<std::int64_t> instant(std::string_view text) {
  // Fixed places up to the seconds: 2026-11-22T08:00:00
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return {};
  const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
  const auto hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)),
             second = number(text.substr(17, 2));
  if (!year || !month || !day || !hour || !minute || !second) return {};
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 24 || *minute > 59 || *second > 60) return {};

  text.remove_prefix(19);
  std::int64_t fraction = 0;
  if (text.starts_with('.')) {
    std::size_t digits = 1;
    for (std::int64_t weight = 100'000; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      fraction += (text[digits] - '0') * weight;
      weight /= 10;
    }
    text.remove_prefix(digits);
  }

  int offset_minutes = 0;
  if (text != "Z" && text != "z") {
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return {};
    const auto hours = number(text.substr(1, 2));
    const auto rest = text.substr(3);
    const auto minutes = rest.empty() ? std::optional(0) : number(rest.substr(rest[0] == ':' ? 1 : 0));
    if (!hours || !minutes) return {};
    offset_minutes = (*hours * 60 + *minutes) * (text[0] == '-' ? -1 : 1);
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + *hour) * 60 + *minute - offset_minutes) * 60 + *second;
  return seconds * 1'000'000 + fraction;
}

std::string instant_text(std::int64_t microseconds) {
  using namespace std::chrono;
  const sys_time<std::chrono::microseconds> time{std::chrono::microseconds(microseconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<std::chrono::microseconds> clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string result = text;
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    std::snprintf(text, sizeof text, fraction % 1000 == 0 ? ".%03d" : ".%06d",
                  static_cast<int>(fraction % 1000 == 0 ? fraction / 1000 : fraction));
    result += text;
  }
  return result + "Z";
}

namespace {

std::string canonical(const Value& value) {
  std::vector<std::string> parts;
  if (value.is_array()) {
    for (const Value& element : value.array())
      parts.push_back(canonical(element));
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    if (parts.size() == 1) return parts.front();
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.object())
      parts.push_back(write_json(name) + ":" + canonical(member));
    std::sort(parts.begin(), parts.end());
  } else {
    return write_json(value.text());
  }
  std::string joined = value.is_array() ? "[" : "{";
  for (const std::string& part : parts)
    joined += part + ",";
  return joined + (value.is_array() ? "]" : "}");
}

} // namespace

std::optional<std::string> canonical_document(const std::string& text) {
  try {
    return canonical(read_json(text));
  } catch (const Error&) {
    return {};
  }
}

std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    const char* digits = text.data() + at + 1;
    const bool is_code =
        text[at] == '%' && at + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    decoded += is_code ? static_cast<char>(value) : text[at];
    if (is_code) at += 2;
  }
  return decoded;
}

} // namespace iasql::engine
