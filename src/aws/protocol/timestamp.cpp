#include "aws/protocol/timestamp.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace iasql::aws {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// Takes a text apart from its front; once something does not fit it stays failed.
class Scanner {
public:
  explicit Scanner(std::string_view text) : m_rest(text) {}

  // A number of exactly `width` digits.
  int digits(std::size_t width) {
    int number = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (i >= m_rest.size() || m_rest[i] < '0' || m_rest[i] > '9') {
        m_ok = false;
        return 0;
      }
      number = number * 10 + (m_rest[i] - '0');
    }
    m_rest.remove_prefix(width);
    return number;
  }

  // One of the characters, which is returned; '\0' where there is none of them.
  char one_of(std::string_view characters) {
    if (m_rest.empty() || characters.find(m_rest[0]) == std::string_view::npos) {
      m_ok = false;
      return '\0';
    }
    char found = m_rest[0];
    m_rest.remove_prefix(1);
    return found;
  }

  bool accept(std::string_view prefix) {
    if (m_rest.substr(0, prefix.size()) != prefix) return false;
    m_rest.remove_prefix(prefix.size());
    return true;
  }

  void expect(std::string_view prefix) { m_ok = accept(prefix) && m_ok; }

  // ".5", ".123456" as milliseconds; 0 where there is no fraction.
  milliseconds fraction() {
    if (!accept(".")) return {};
    int scale = 100, result = 0;
    if (m_rest.empty() || m_rest[0] < '0' || m_rest[0] > '9') m_ok = false;
    while (!m_rest.empty() && m_rest[0] >= '0' && m_rest[0] <= '9') {
      result += (m_rest[0] - '0') * scale;
      scale /= 10;
      m_rest.remove_prefix(1);
    }
    return milliseconds(result);
  }

  bool ok() const { return m_ok; }
  bool finished() const { return m_ok && m_rest.empty(); }

private:
  std::string_view m_rest;
  bool m_ok = true;
};

std::optional<Timestamp> make(int year_number, int month_number, int day_number, int hour, int minute, int second,
                              milliseconds fraction, minutes offset) {
  year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                      day(static_cast<unsigned>(day_number))};
  // A leap second (60) is the first second of the next minute.
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Timestamp(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Scanner scan(text);
  int year_number = scan.digits(4);
  scan.expect("-");
  int month_number = scan.digits(2);
  scan.expect("-");
  int day_number = scan.digits(2);
  scan.one_of("Tt ");
  int hour = scan.digits(2);
  scan.expect(":");
  int minute = scan.digits(2);
  scan.expect(":");
  int second = scan.digits(2);
  milliseconds fraction = scan.fraction();
  minutes offset{0};
  char sign = scan.one_of("Zz+-");
  if (sign == '+' || sign == '-') {
    int offset_hours = scan.digits(2);
    scan.accept(":");
    int offset_minutes = scan.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = (hours(offset_hours) + minutes(offset_minutes)) * (sign == '-' ? -1 : 1);
  }
  if (!scan.finished()) return std::nullopt;
  return make(year_number, month_number, day_number, hour, minute, second, fraction, offset);
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  auto comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  Scanner scan(text.substr(comma + 2));
  int day_number = scan.digits(2);
  scan.one_of(" -");
  int month_number = 0;
  for (std::size_t i = 0; i < months.size() && month_number == 0; ++i)
    if (scan.accept(months[i])) month_number = static_cast<int>(i) + 1;
  scan.one_of(" -");
  int year_number = scan.digits(4);
  scan.expect(" ");
  int hour = scan.digits(2);
  scan.expect(":");
  int minute = scan.digits(2);
  scan.expect(":");
  int second = scan.digits(2);
  milliseconds fraction = scan.fraction();
  scan.expect(" ");
  if (!scan.accept("GMT")) scan.expect("UTC");
  if (!scan.finished() || month_number == 0) return std::nullopt;
  return make(year_number, month_number, day_number, hour, minute, second, fraction, minutes(0));
}

std::optional<Timestamp> parse_seconds(std::string_view text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return timestamp_from_seconds(number);
}

} // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  if (auto found = parse_rfc3339(text)) return found;
  if (auto found = parse_http_date(text)) return found;
  return parse_seconds(text);
}

std::optional<Timestamp> timestamp_from_seconds(double seconds) {
  constexpr double first = -62167219200.0, last = 253402300799.999; // the years 0 to 9999
  if (!(seconds >= first && seconds <= last)) return std::nullopt;
  return Timestamp(milliseconds(std::llround(seconds * 1000)));
}

std::string format_timestamp(Timestamp timestamp, std::string_view format) {
  auto whole = floor<seconds>(timestamp);
  auto fraction = static_cast<int>((timestamp - whole).count());
  char text[64], fraction_text[8] = "";
  if (fraction != 0) std::snprintf(fraction_text, sizeof fraction_text, ".%03d", fraction);
  if (format == "unixTimestamp") {
    long long count = whole.time_since_epoch().count();
    // Before 1970 the fraction is counted from the second below, not towards it.
    if (count < 0 && fraction != 0) {
      std::snprintf(text, sizeof text, "%.3f", static_cast<double>(timestamp.time_since_epoch().count()) / 1000);
      return text;
    }
    std::snprintf(text, sizeof text, "%lld%s", count, fraction_text);
    return text;
  }
  auto days_part = floor<days>(whole);
  year_month_day date(days_part);
  hh_mm_ss clock(whole - days_part);
  auto year_number = static_cast<int>(date.year());
  auto month_number = static_cast<unsigned>(date.month()), day_number = static_cast<unsigned>(date.day());
  auto hour = static_cast<int>(clock.hours().count()), minute = static_cast<int>(clock.minutes().count()),
       second = static_cast<int>(clock.seconds().count());
  if (format == "rfc822")
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d%s GMT",
                  weekdays[weekday(days_part).c_encoding()].data(), day_number, months[month_number - 1].data(),
                  year_number, hour, minute, second, fraction_text);
  else
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d%sZ", year_number, month_number, day_number, hour,
                  minute, second, fraction_text);
  return text;
}

} // namespace iasql::aws
