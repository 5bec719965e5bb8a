#include "aws/protocol/timestamp.hpp"

#include "base/instant.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace iasql::aws {

namespace {

using namespace std::chrono;

Timestamp timestamp_of(std::int64_t instant) {
  return floor<milliseconds>(sys_time<microseconds>(microseconds(instant)));
}

std::optional<Timestamp> parse_seconds(std::string_view text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return timestamp_from_seconds(number);
}

} // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  if (auto found = instant(text)) return timestamp_of(*found);
  if (auto found = http_date(text)) return timestamp_of(*found);
  return parse_seconds(text);
}

std::optional<Timestamp> timestamp_from_seconds(double seconds) {
  constexpr double first = -62167219200.0, last = 253402300799.999; // the years 0 to 9999
  if (!(seconds >= first && seconds <= last)) return std::nullopt;
  return Timestamp(milliseconds(std::llround(seconds * 1000)));
}

std::string format_timestamp(Timestamp timestamp, std::string_view format) {
  const std::int64_t instant = duration_cast<microseconds>(timestamp.time_since_epoch()).count();
  if (format == "rfc822") return http_date_text(instant);
  if (format != "unixTimestamp") return instant_text(instant);
  const auto whole = floor<seconds>(timestamp);
  const auto fraction = static_cast<int>((timestamp - whole).count());
  const long long count = whole.time_since_epoch().count();
  char text[64];
  // Before 1970 the fraction is counted from the second below, not towards it.
  if (fraction == 0)
    std::snprintf(text, sizeof text, "%lld", count);
  else if (count < 0)
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(timestamp.time_since_epoch().count()) / 1000);
  else
    std::snprintf(text, sizeof text, "%lld.%03d", count, fraction);
  return text;
}

} // namespace iasql::aws
