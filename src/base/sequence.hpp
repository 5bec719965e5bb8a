#pragma once

// A vector of 16 bytes whose elements are its own or lie in memory that somebody else gives back at one stroke
// (tree_memory.hpp). What lies there is never freed or destroyed one by one, and is only read once it has
// been made: a copy always has elements of its own.

#include "base/tree_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace iasql {

template <typename T>
class Sequence {
public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Sequence() = default;
  Sequence(std::initializer_list<T> elements) : Sequence(elements.begin(), elements.end()) {}
  template <std::forward_iterator Iterator>
  Sequence(Iterator first, Iterator last) : Sequence() {
    append(first, last);
  }
  // None yet, with room for that many in `memory`.
  Sequence(TreeMemory& memory, std::size_t room) {
    if (room > 0) put(static_cast<T*>(memory.allocate(checked(room) * sizeof(T), alignof(T))), room, true);
  }
  Sequence(const Sequence& other) : Sequence(other.begin(), other.end()) {}
  Sequence(Sequence&& other) noexcept : m_place(std::exchange(other.m_place, Place())) {}
  Sequence& operator=(const Sequence& other) {
    Sequence(other).swap(*this);
    return *this;
  }
  Sequence& operator=(Sequence&& other) noexcept {
    Sequence(std::move(other)).swap(*this);
    return *this;
  }
  ~Sequence() {
    if (m_place.capacity > 0 && !m_place.is_foreign) {
      std::destroy(begin(), end());
      std::allocator<T>().deallocate(m_place.data, m_place.capacity);
    }
  }

  bool empty() const { return m_place.size == 0; }
  std::size_t size() const { return m_place.size; }
  const T* begin() const { return m_place.data; }
  const T* end() const { return m_place.data + m_place.size; }
  T* begin() { return m_place.data; }
  T* end() { return m_place.data + m_place.size; }
  const T& operator[](std::size_t index) const { return m_place.data[index]; }
  T& operator[](std::size_t index) { return m_place.data[index]; }
  const T& front() const { return m_place.data[0]; }
  T& front() { return m_place.data[0]; }
  const T& back() const { return m_place.data[m_place.size - 1]; }
  T& back() { return m_place.data[m_place.size - 1]; }

  void reserve(std::size_t count) {
    if (count <= m_place.capacity) return;
    Sequence larger;
    larger.put(std::allocator<T>().allocate(checked(count)), count, false);
    move_to(std::move(larger));
  }

  template <typename... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    // What is added may be within what moves.
    if (m_place.size == m_place.capacity) {
      T added(std::forward<Arguments>(arguments)...);
      reserve(grown());
      return append(std::move(added));
    }
    return append(std::forward<Arguments>(arguments)...);
  }
  void push_back(const T& element) { emplace_back(element); }
  void push_back(T&& element) { emplace_back(std::move(element)); }

  // As emplace_back(), of a sequence whose elements lie in `memory`, or that has none yet.
  template <typename... Arguments>
  T& emplace_back_in(TreeMemory& memory, Arguments&&... arguments) {
    if (m_place.size == m_place.capacity) move_to(Sequence(memory, grown()));
    return append(std::forward<Arguments>(arguments)...);
  }

  template <std::forward_iterator Iterator>
  void append(Iterator first, Iterator last) {
    const std::size_t count = size() + static_cast<std::size_t>(std::distance(first, last));
    if (count > m_place.capacity) reserve(empty() ? count : std::max(count, grown()));
    for (; first != last; ++first)
      emplace_back(*first);
  }

  // Removes the elements from `first` on.
  void truncate(const T* first) {
    while (end() != first)
      std::destroy_at(m_place.data + --m_place.size);
  }

  void clear() { truncate(begin()); }
  void pop_back() { truncate(end() - 1); }
  void erase(T* element) {
    std::move(element + 1, end(), element);
    pop_back();
  }
  template <typename Predicate>
  void erase_if(Predicate predicate) {
    truncate(std::remove_if(begin(), end(), predicate));
  }

  void swap(Sequence& other) noexcept { std::swap(m_place, other.m_place); }

  friend bool operator==(const Sequence& left, const Sequence& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end());
  }

private:
  static constexpr std::size_t limit = std::numeric_limits<std::uint32_t>::max() / 2;

  static std::size_t checked(std::size_t count) {
    if (count > limit) throw std::length_error("too many elements");
    return count;
  }
  std::size_t grown() const { return std::max<std::size_t>(2, std::size_t{2} * m_place.capacity); }

  template <typename... Arguments>
  T& append(Arguments&&... arguments) {
    T* added = std::construct_at(m_place.data + m_place.size, std::forward<Arguments>(arguments)...);
    ++m_place.size;
    return *added;
  }

  void move_to(Sequence&& larger) {
    std::uninitialized_move(begin(), end(), larger.m_place.data);
    larger.m_place.size = m_place.size;
    swap(larger);
  }
  void put(T* data, std::size_t capacity, bool is_foreign) {
    m_place.data = data;
    m_place.capacity = static_cast<std::uint32_t>(capacity) & 0x7fffffffu;
    m_place.is_foreign = is_foreign;
  }

  struct Place {
    T* data = nullptr;
    std::uint32_t size = 0;
    std::uint32_t capacity : 31 = 0;
    std::uint32_t is_foreign : 1 = 0;
  };
  Place m_place;
};

} // namespace iasql
