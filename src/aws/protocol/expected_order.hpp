#pragma once

// What a structure consists of, in the order in which it is expected: AWS writes the members of all structures of a
// shape in one order, mostly the model's. So the next member costs one comparison of names and no search.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace iasql::aws {

template <typename Part>
class ExpectedOrder {
public:
  struct Element {
    Part part;
    std::uint64_t bit; // in Place::m_seen, or 0 for none
    Element* follower; // what came after it the last time, at first what was added after it; or nullptr
  };

  // Where in a structure a reader is.
  class Place {
  public:
    // What probably comes next, or nullptr.
    Element* guess() const { return *m_guess; }
    // That is what came.
    void pass(Element& element) {
      *m_guess = &element;
      m_guess = &element.follower;
    }
    // Whether the element is surely the first of its kind in the structure; from now on it is not.
    bool is_first(const Element& element) {
      const bool is_first = element.bit != 0 && (m_seen & element.bit) == 0;
      m_seen |= element.bit;
      return is_first;
    }

  private:
    friend ExpectedOrder;
    Element** m_guess = nullptr;
    std::uint64_t m_seen = 0;
  };

  // Room for that many elements.
  explicit ExpectedOrder(std::size_t most) { m_elements.reserve(most); }
  ExpectedOrder(const ExpectedOrder&) = delete;
  ExpectedOrder& operator=(const ExpectedOrder&) = delete;

  void add(Part part) {
    const std::size_t place = m_elements.size();
    const std::uint64_t bit = place < 64 ? std::uint64_t{1} << place : 0;
    Element& added = m_elements.emplace_back(Element{std::move(part), bit, nullptr});
    (place == 0 ? m_first : m_elements[place - 1].follower) = &added;
  }

  // The first element that the predicate holds for, or nullptr.
  template <typename Predicate>
  Element* search(Predicate predicate) {
    auto found = std::find_if(m_elements.begin(), m_elements.end(), predicate);
    return found == m_elements.end() ? nullptr : &*found;
  }

  Place begin() {
    Place place;
    place.m_guess = &m_first;
    return place;
  }

  // A structure had that many members.
  void learn_size(std::size_t size) {
    if (size < m_usual_size)
      m_usual_size -= (m_usual_size - size) / 4;
    else
      m_usual_size = std::min(size, longest_guess);
  }
  // How many members to make room for: what is guessed too much for one large structure is soon forgotten.
  std::size_t usual_size() const { return m_usual_size; }

private:
  static constexpr std::size_t longest_guess = 64;

  std::vector<Element> m_elements;
  Element* m_first = nullptr; // what came first the last time
  std::size_t m_usual_size = 0;
};

} // namespace iasql::aws
