#include "base/utf8.hpp"

#include <algorithm>

namespace iasql {

namespace {

// Of so many bytes that the compiler looks at many at once.
constexpr std::size_t ascii_block = 128;

bool is_ascii_block(const char* text) {
  unsigned char any = 0;
  for (std::size_t i = 0; i < ascii_block; ++i)
    any |= static_cast<unsigned char>(text[i]);
  return any < 0x80;
}

// How many bytes the character has that begins there, 0 where none does.
std::size_t character_size(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  unsigned first = byte(at), second = byte(at + 1);
  std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  // Overlong forms, surrogates and what lies beyond Unicode.
  const bool is_excluded = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                           (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return is_excluded ? 0 : length;
}

} // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // Most texts are ASCII.
    while (at + ascii_block <= text.size() && is_ascii_block(text.data() + at))
      at += ascii_block;
    for (const std::size_t end = std::min(at + ascii_block, text.size()); at < end;) {
      const std::size_t size = character_size(text, at);
      if (size == 0) return false;
      at += size;
    }
  }
  return true;
}

std::string excerpt(std::string_view text, std::size_t most) {
  auto is_continuation = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
  std::size_t end = std::min(most, text.size());
  while (end > 0 && end < text.size() && is_continuation(end))
    --end;
  std::string result(text.substr(0, end));
  if (!is_utf8(result))
    std::replace_if(
        result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return result;
}

} // namespace iasql
