#include "base/instant.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace iasql {

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

  // ".5", ".123456"; 0 where there is no fraction. Digits after the microsecond are dropped.
  microseconds fraction() {
    if (!accept(".")) return {};
    int scale = 100'000, result = 0;
    if (m_rest.empty() || m_rest[0] < '0' || m_rest[0] > '9') m_ok = false;
    while (!m_rest.empty() && m_rest[0] >= '0' && m_rest[0] <= '9') {
      result += (m_rest[0] - '0') * scale;
      scale /= 10;
      m_rest.remove_prefix(1);
    }
    return microseconds(result);
  }

  bool ok() const { return m_ok; }
  bool finished() const { return m_ok && m_rest.empty(); }

private:
  std::string_view m_rest;
  bool m_ok = true;
};

std::optional<std::int64_t> make(int year_number, int month_number, int day_number, int hour, int minute, int second,
                                 microseconds fraction, minutes offset) {
  year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                      day(static_cast<unsigned>(day_number))};
  // A leap second (60) is the first second of the next minute.
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const sys_time<microseconds> time =
      sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
  // An offset may lead out of the years that have four digits.
  constexpr sys_days first = year(0) / January / 1, after_last = year(10000) / January / 1;
  if (time < first || time >= after_last) return std::nullopt;
  return time.time_since_epoch().count();
}

// An instant as a calendar and a clock have it.
struct Broken {
  explicit Broken(std::int64_t count)
      : time(microseconds(count)), day(floor<days>(time)), date(day), clock(time - day),
        fraction(static_cast<int>(clock.subseconds().count())) {}

  sys_time<microseconds> time;
  sys_days day;
  year_month_day date;
  hh_mm_ss<microseconds> clock;
  int fraction;

  int year_number() const { return static_cast<int>(date.year()); }
  unsigned month_number() const { return static_cast<unsigned>(date.month()); }
  unsigned day_number() const { return static_cast<unsigned>(date.day()); }
  int hours() const { return static_cast<int>(clock.hours().count()); }
  int minutes() const { return static_cast<int>(clock.minutes().count()); }
  int seconds() const { return static_cast<int>(clock.seconds().count()); }
};

// Writes an instant's parts, which are not negative. Answers have an instant in every object, and printf would take
// longer than all else that is done for one.
class DigitWriter {
public:
  DigitWriter& digits(int number, std::size_t width) {
    for (std::size_t i = width; i-- > 0; number /= 10)
      m_text[m_size + i] = static_cast<char>('0' + number % 10);
    m_size += width;
    return *this;
  }
  DigitWriter& character(char one) {
    m_text[m_size++] = one;
    return *this;
  }
  std::string text() const { return {m_text.data(), m_size}; }

private:
  std::array<char, std::string_view("2026-11-22T08:00:00.123456Z").size()> m_text;
  std::size_t m_size = 0;
};

} // namespace

std::optional<std::int64_t> instant(std::string_view text) {
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
  microseconds fraction = scan.fraction();
  minutes offset{0};
  char sign = scan.one_of("Zz+-");
  if (sign == '+' || sign == '-') {
    int offset_hours = scan.digits(2), offset_minutes = 0;
    if (!scan.finished()) {
      scan.accept(":");
      offset_minutes = scan.digits(2);
    }
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = (hours(offset_hours) + minutes(offset_minutes)) * (sign == '-' ? -1 : 1);
  }
  if (!scan.finished()) return std::nullopt;
  return make(year_number, month_number, day_number, hour, minute, second, fraction, offset);
}

std::string instant_text(std::int64_t microseconds) {
  const Broken broken(microseconds);
  if (const int year_number = broken.year_number(); year_number < 0 || year_number > 9999) {
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", year_number, broken.month_number(),
                  broken.day_number(), broken.hours(), broken.minutes(), broken.seconds());
    return text;
  }
  DigitWriter text;
  text.digits(broken.year_number(), 4).character('-').digits(static_cast<int>(broken.month_number()), 2);
  text.character('-').digits(static_cast<int>(broken.day_number()), 2).character('T').digits(broken.hours(), 2);
  text.character(':').digits(broken.minutes(), 2).character(':').digits(broken.seconds(), 2);
  if (broken.fraction != 0) {
    const bool is_whole = broken.fraction % 1000 == 0;
    text.character('.').digits(is_whole ? broken.fraction / 1000 : broken.fraction, is_whole ? 3 : 6);
  }
  return text.character('Z').text();
}

bool is_instant_text(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  if (text.size() != form.size() || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text[19] != 'Z')
    return false;
  // The number of two digits, 100 or more where they are none.
  auto two = [&](std::size_t at) {
    const unsigned first = static_cast<unsigned char>(text[at] - '0');
    const unsigned second = static_cast<unsigned char>(text[at + 1] - '0');
    return first * 10 + (second <= 9 ? second : 100);
  };
  // Of months every day to the 28th; the others are for instant() to judge.
  return two(0) <= 99 && two(2) <= 99 && two(5) - 1 <= 11 && two(8) - 1 <= 27 && two(11) <= 23 && two(14) <= 59 &&
         two(17) <= 59;
}

std::optional<std::int64_t> http_date(std::string_view text) {
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
  microseconds fraction = scan.fraction();
  scan.expect(" ");
  if (!scan.accept("GMT")) scan.expect("UTC");
  if (!scan.finished() || month_number == 0) return std::nullopt;
  return make(year_number, month_number, day_number, hour, minute, second, fraction, minutes(0));
}

std::string http_date_text(std::int64_t microseconds) {
  const Broken broken(microseconds);
  char date[64];
  std::snprintf(date, sizeof date, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                weekdays[weekday(broken.day).c_encoding()].data(), broken.day_number(),
                months[broken.month_number() - 1].data(), broken.year_number(), broken.hours(), broken.minutes(),
                broken.seconds());
  return date;
}

} // namespace iasql
