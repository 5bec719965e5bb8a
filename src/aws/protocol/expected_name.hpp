#pragma once

// A name that an element or member of a document probably has: it is compared eight bytes at a time, for which the
// document has room behind it.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

class ExpectedName {
  static constexpr std::size_t word_size = sizeof(std::uint64_t);

public:
  // The document with that room: zeros.
  static std::string with_room(std::string_view document) {
    std::string copy;
    copy.reserve(document.size() + word_size);
    copy.append(document).append(word_size, '\0');
    return copy;
  }

  explicit ExpectedName(std::string_view name) : m_words(name.size() / word_size) {
    for (std::size_t i = 0; i < m_words.size(); ++i)
      m_words[i] = word_at(name.data() + i * word_size);
    // The rest and the NUL behind it; what follows that is somebody else's.
    std::array<char, word_size> rest{}, mask{};
    const std::size_t rest_size = name.size() % word_size;
    name.copy(rest.data(), rest_size, name.size() - rest_size);
    std::fill_n(mask.begin(), rest_size + 1, '\xff');
    m_rest = word_at(rest.data());
    m_mask = word_at(mask.data());
  }

  // Whether this is `name`, which ends with NUL and stands in a document: up to seven bytes behind the NUL are read.
  bool is(const char* name) const {
    for (const std::uint64_t word : m_words) {
      if (word_at(name) != word) return false;
      name += word_size;
    }
    return (word_at(name) & m_mask) == m_rest;
  }

private:
  static std::uint64_t word_at(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, word_size);
    return word;
  }

  std::vector<std::uint64_t> m_words; // the whole ones
  std::uint64_t m_rest = 0, m_mask = 0;
};

} // namespace iasql::aws
