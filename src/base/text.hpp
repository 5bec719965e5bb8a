#pragma once

// A text of 16 bytes that is its own copy or one that stands somewhere else.

#include <cstdint>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace iasql {

class Text {
public:
  Text() = default;
  Text(std::string_view text) : m_size(checked(text.size())), m_holding(Holding::own) {
    if (text.empty()) return;
    char* copy = new char[text.size()];
    text.copy(copy, text.size());
    m_data = copy;
  }
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const std::string& text) : Text(std::string_view(text)) {}

  // A text that stays where it is for the life of the process.
  static Text permanent(std::string_view text) { return {text, Holding::permanent}; }
  // A text that stays for as long as this one does; a copy of this one is a copy of it.
  static Text foreign(std::string_view text) { return {text, Holding::foreign}; }

  Text(const Text& other) {
    if (other.m_holding == Holding::permanent) {
      set(other);
    } else {
      Text copy(other.view());
      take(copy);
    }
  }
  Text(Text&& other) noexcept { take(other); }
  Text& operator=(const Text& other) { return *this = Text(other); }
  Text& operator=(Text&& other) noexcept {
    if (this == &other) return *this;
    drop();
    take(other);
    return *this;
  }
  ~Text() { drop(); }

  std::string_view view() const { return {m_data, m_size}; }
  operator std::string_view() const { return view(); }
  operator std::string() const { return std::string(view()); }
  bool empty() const { return m_size == 0; }
  std::size_t size() const { return m_size; }
  const char* data() const { return m_data; } // without a NUL at its end

  friend bool operator==(const Text& left, const Text& right) { return left.view() == right.view(); }
  friend bool operator==(const Text& left, std::string_view right) { return left.view() == right; }
  friend bool operator==(const Text& left, const std::string& right) { return left.view() == right; }
  friend bool operator==(const Text& left, const char* right) { return left.view() == right; }
  friend auto operator<=>(const Text& left, const Text& right) { return left.view() <=> right.view(); }
  friend std::string operator+(std::string left, const Text& right) { return std::move(left += right.view()); }
  friend std::string operator+(const Text& left, std::string_view right) { return std::string(left.view()) += right; }
  friend std::ostream& operator<<(std::ostream& out, const Text& text) { return out << text.view(); }

private:
  enum class Holding : std::uint8_t { own, foreign, permanent };

  Text(std::string_view text, Holding holding)
      : m_data(text.data()), m_size(checked(text.size())), m_holding(holding) {}

  static std::uint32_t checked(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a text is too long");
    return static_cast<std::uint32_t>(size);
  }
  void set(const Text& other) {
    m_data = other.m_data;
    m_size = other.m_size;
    m_holding = other.m_holding;
  }
  void take(Text& other) {
    set(other);
    other.m_size = 0;
    other.m_holding = Holding::foreign;
  }
  void drop() {
    if (m_holding == Holding::own) delete[] m_data;
  }

  const char* m_data = nullptr;
  std::uint32_t m_size = 0;
  Holding m_holding = Holding::own;
};

} // namespace iasql
