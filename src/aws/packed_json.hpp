#pragma once

// A JSON document in words of 32 bits that is read where it lies: nothing is parsed, copied or allocated to get at one
// member. Every distinct text is there once, and so is every distinct array and object; service models say the same
// things over and over and shrink to a quarter.
//
// A node is one word: its kind in the low three bits, above them the number of a text (texts, and numbers as JSON
// writes them) or the word at which an array or object begins. An array is its size and that many nodes; an object is
// its size and that many pairs of a text's number and a node, in the document's order. In front stand five words (see
// Header), at the end the table of texts and the texts. The byte order is the machine's.

#include "base/value.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace iasql::aws {

using PackedWords = std::vector<std::uint32_t>;

// Throws Error (invalid_document) for a document of more than 2^29 words or texts.
PackedWords pack_json(const Value& document);

// A document that lies elsewhere and must stay there. What does not fit together is an Error (invalid_document) where
// it is met; nothing outside `words` is ever read.
class PackedJson {
public:
  explicit PackedJson(std::span<const std::uint32_t> words);

  class Node {
  public:
    Node() = default; // null
    bool is_null() const { return kind() == Kind::null; }
    bool is_string() const { return kind() == Kind::text; }
    bool is_array() const { return kind() == Kind::array; }
    bool is_object() const { return kind() == Kind::object; }
    bool is_true() const { return kind() == Kind::yes; }

    // "" for what is no string.
    std::string_view text() const;
    // The text's number, the same for equal texts of one document. The node must be a string.
    std::uint32_t text_number() const { return payload(); }
    // Nothing for what is no number.
    std::optional<double> number() const;
    // Elements or members; 0 for what has none.
    std::uint32_t size() const;
    // An array's element. `index` is below size().
    Node element(std::uint32_t index) const;
    // An object's member in the document's order: its name and value.
    std::pair<Node, Node> member(std::uint32_t index) const;
    // The member of that name; null where there is none or the node is no object.
    Node operator[](std::string_view name) const;
    // The whole of it, copied.
    Value value() const;

  private:
    friend class PackedJson;
    enum class Kind : std::uint32_t { null, no, yes, text, number, array, object };
    Node(const PackedJson* document, std::uint32_t word) : m_document(document), m_word(word) {}
    Kind kind() const { return static_cast<Kind>(m_word & 7); }
    std::uint32_t payload() const { return m_word >> 3; }

    const PackedJson* m_document = nullptr;
    std::uint32_t m_word = 0;
  };

  Node root() const { return Node(this, m_root); }
  std::uint32_t texts() const { return m_texts; }

private:
  std::uint32_t word(std::uint64_t index) const;
  std::string_view text(std::uint32_t number) const;

  std::span<const std::uint32_t> m_words;
  std::uint32_t m_root = 0, m_texts = 0;
  std::uint32_t m_table = 0; // the word at which the table of texts begins: where the nodes end
  std::string_view m_bytes;  // the texts, one after the other
};

} // namespace iasql::aws
