// What single headers and scalars hold: lists, instants, base64, percent-encoding. What is written is read to the same.

#include "aws/base64.hpp"
#include "aws/protocol/header_list.hpp"
#include "aws/protocol/timestamp.hpp"
#include "aws/uri.hpp"
#include "base/instant.hpp"
#include "fuzz/target.hpp"

#include <algorithm>

namespace iasql::fuzz {

namespace {

void check_instant(std::string_view text) {
  for (auto found : {instant(text), http_date(text)}) {
    if (!found) continue;
    require(instant(instant_text(*found)) == found, "an instant's text is that instant");
    constexpr std::int64_t second = 1'000'000;
    std::int64_t whole = *found - (*found % second + second) % second;
    require(http_date(http_date_text(*found)) == whole, "a date of HTTP is that instant's second");
  }
  if (auto found = aws::parse_timestamp(text))
    for (const char* format : {"iso8601", "rfc822", "unixTimestamp"})
      aws::format_timestamp(*found, format);
}

void check_list(std::string_view text) {
  using aws::HeaderList;
  for (HeaderList kind : {HeaderList::strings, HeaderList::dates, HeaderList::plain}) {
    auto elements = aws::split_header_list(text, kind);
    auto joined = aws::join_header_list(elements, kind);
    // Blanks around an element get lost.
    auto has_blanks = [](const std::string& text) {
      return text.starts_with(' ') || text.ends_with(' ') || text.find('\t') != text.npos;
    };
    if (kind == HeaderList::strings && std::none_of(elements.begin(), elements.end(), has_blanks))
      require(aws::split_header_list(joined, kind) == elements, "a list in a header is read as it was written");
  }
}

} // namespace

void run(std::string_view bytes) {
  check_instant(bytes);
  check_list(bytes);
  require(aws::percent_decode(aws::percent_encode(bytes)) == bytes, "what is percent-encoded decodes to what it was");
  aws::percent_decode(bytes);
  require(aws::base64_bytes(aws::base64_text(bytes)) == bytes, "base64 stands for what it was made of");
  if (aws::is_base64(bytes)) require(aws::base64_bytes(bytes).size() <= bytes.size(), "base64 does not grow");
}

} // namespace iasql::fuzz
