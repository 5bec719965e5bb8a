#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace iasql::aws {

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// Reads RFC 3339 ("2019-12-16T22:48:18.5-01:00"), the HTTP date ("Sun, 02 Jan 2000 20:34:56 GMT") or seconds since 1970
// ("946845296.789"), years 0 to 9999. Digits after the millisecond are dropped. Nothing for anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);

// The same for a number of seconds since 1970.
std::optional<Timestamp> timestamp_from_seconds(double seconds);

// `format` is the model's timestampFormat: "iso8601" (RFC 3339 in UTC, milliseconds only where there are some),
// "rfc822" or "unixTimestamp"; anything else is taken for "iso8601".
std::string format_timestamp(Timestamp timestamp, std::string_view format);

} // namespace iasql::aws
