#pragma once

// Instants as texts: RFC 3339 ("2026-11-22T08:00:00.5Z"), which AWS, JSON and PostgreSQL write, and the date of HTTP
// ("Sun, 22 Nov 2026 08:00:00 GMT"). An instant is a number of microseconds since 1970-01-01 UTC; those that are read
// lie in the years 0 to 9999 of UTC, so that what is written has four digits for the year and can be read again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iasql {

// An RFC 3339 instant, "T", "t" or a blank before the time of day, an offset of hours alone allowed. Digits after the
// microsecond are dropped. Nothing for any other text.
std::optional<std::int64_t> instant(std::string_view text);

// In UTC; fractions of a second only where there are any, three digits where those are enough.
std::string instant_text(std::int64_t microseconds);

// Whether the text is surely one that instant_text() writes, of whole seconds. A glance: false says nothing.
bool is_instant_text(std::string_view text);

// The date of HTTP (RFC 9110, 5.6.7), read also with hyphens in the date and with a fraction of a second, written in
// whole seconds.
std::optional<std::int64_t> http_date(std::string_view text);
std::string http_date_text(std::int64_t microseconds);

} // namespace iasql
