#include "aws/packed_json.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <charconv>
#include <cstring>
#include <string>
#include <unordered_map>

namespace iasql::aws {

namespace {

constexpr std::uint32_t format = 0x6b706a31; // changes whenever the layout does
constexpr std::uint32_t largest_payload = (1u << 29) - 1;

// The words in front of a packed document.
enum Header : std::uint32_t { format_word, root_word, texts_word, table_word, bytes_word, header_words };

[[noreturn]] void broken(const char* what) {
  throw Error(sqlstate::invalid_document, std::string("packed document is broken: ") + what);
}

struct HashWords {
  std::size_t operator()(const PackedWords& words) const {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint32_t)});
  }
};

class Packer {
public:
  explicit Packer(std::uint32_t first_word) : m_nodes(first_word) {}

  std::uint32_t add(const Value& value) {
    if (value.is_null()) return 0;
    if (value.is_boolean()) return value.boolean() ? 2 : 1;
    if (value.is_string()) return node(3, text(value.string()));
    if (value.is_number()) return node(4, text(write_json(value)));
    PackedWords words;
    if (value.is_array()) {
      words.push_back(static_cast<std::uint32_t>(value.array().size()));
      for (const Value& element : value.array())
        words.push_back(add(element));
      return node(5, place(std::move(words)));
    }
    words.push_back(static_cast<std::uint32_t>(value.object().size()));
    for (const auto& [name, member] : value.object()) {
      words.push_back(text(name));
      words.push_back(add(member));
    }
    return node(6, place(std::move(words)));
  }

  PackedWords finish(std::uint32_t root) {
    m_nodes[format_word] = format;
    m_nodes[root_word] = root;
    m_nodes[texts_word] = static_cast<std::uint32_t>(m_starts.size());
    m_nodes[table_word] = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes[bytes_word] = static_cast<std::uint32_t>(m_bytes.size());
    m_nodes.insert(m_nodes.end(), m_starts.begin(), m_starts.end());
    m_nodes.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    std::size_t end = m_nodes.size();
    m_nodes.resize(end + (m_bytes.size() + 3) / 4);
    std::memcpy(m_nodes.data() + end, m_bytes.data(), m_bytes.size());
    return std::move(m_nodes);
  }

private:
  static std::uint32_t node(std::uint32_t kind, std::size_t payload) {
    if (payload > largest_payload) throw Error(sqlstate::invalid_document, "document is too large to be packed");
    return static_cast<std::uint32_t>(payload) << 3 | kind;
  }

  std::uint32_t text(const std::string& text) {
    auto [found, is_new] = m_numbers.try_emplace(text, static_cast<std::uint32_t>(m_starts.size()));
    if (is_new) {
      m_starts.push_back(static_cast<std::uint32_t>(m_bytes.size()));
      m_bytes += text;
    }
    return found->second;
  }

  std::size_t place(PackedWords words) {
    auto found = m_places.find(words);
    if (found != m_places.end()) return found->second;
    std::size_t begin = m_nodes.size();
    m_nodes.insert(m_nodes.end(), words.begin(), words.end());
    m_places.emplace(std::move(words), begin);
    return begin;
  }

  PackedWords m_nodes, m_starts;
  std::string m_bytes;
  std::unordered_map<std::string, std::uint32_t> m_numbers;
  std::unordered_map<PackedWords, std::size_t, HashWords> m_places;
};

} // namespace

PackedWords pack_json(const Value& document) {
  Packer packer(header_words);
  std::uint32_t root = packer.add(document);
  return packer.finish(root);
}

PackedJson::PackedJson(std::span<const std::uint32_t> words) : m_words(words) {
  if (words.size() < header_words || words[format_word] != format) broken("it has another format");
  m_root = words[root_word];
  m_texts = words[texts_word];
  m_table = words[table_word];
  std::uint64_t bytes_begin = std::uint64_t{m_table} + m_texts + 1;
  std::uint64_t bytes = words[bytes_word];
  if (m_table < header_words || bytes_begin + (bytes + 3) / 4 != words.size()) broken("its size is wrong");
  m_bytes = {reinterpret_cast<const char*>(words.data() + bytes_begin), bytes};
}

std::uint32_t PackedJson::word(std::uint64_t index) const {
  if (index >= m_table) broken("a node lies outside");
  return m_words[index];
}

std::string_view PackedJson::text(std::uint32_t number) const {
  if (number >= m_texts) broken("a text is missing");
  std::uint32_t begin = m_words[m_table + number], end = m_words[m_table + number + 1];
  if (begin > end || end > m_bytes.size()) broken("a text lies outside");
  return m_bytes.substr(begin, end - begin);
}

std::string_view PackedJson::Node::text() const {
  return kind() == Kind::text ? m_document->text(payload()) : std::string_view();
}

std::optional<double> PackedJson::Node::number() const {
  if (kind() != Kind::number) return std::nullopt;
  std::string_view text = m_document->text(payload());
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) broken("a number is none");
  return number;
}

std::uint32_t PackedJson::Node::size() const {
  return is_array() || is_object() ? m_document->word(payload()) : 0;
}

PackedJson::Node PackedJson::Node::element(std::uint32_t index) const {
  return Node(m_document, m_document->word(std::uint64_t{payload()} + 1 + index));
}

std::pair<PackedJson::Node, PackedJson::Node> PackedJson::Node::member(std::uint32_t index) const {
  std::uint64_t at = std::uint64_t{payload()} + 1 + 2 * std::uint64_t{index};
  std::uint32_t name = m_document->word(at) << 3 | static_cast<std::uint32_t>(Kind::text);
  return {Node(m_document, name), Node(m_document, m_document->word(at + 1))};
}

PackedJson::Node PackedJson::Node::operator[](std::string_view name) const {
  if (!is_object()) return {};
  for (std::uint32_t i = 0, count = size(); i < count; ++i) {
    auto [key, value] = member(i);
    if (key.text() == name) return value;
  }
  return {};
}

Value PackedJson::Node::value() const {
  switch (kind()) {
  case Kind::null:
    return {};
  case Kind::no:
    return false;
  case Kind::yes:
    return true;
  case Kind::text:
    return text();
  case Kind::number:
    return read_json(m_document->text(payload()));
  case Kind::array: {
    Array array;
    for (std::uint32_t i = 0, count = size(); i < count; ++i)
      array.push_back(element(i).value());
    return array;
  }
  case Kind::object: {
    Object object;
    for (std::uint32_t i = 0, count = size(); i < count; ++i) {
      auto [name, value] = member(i);
      object.add(std::string(name.text()), value.value());
    }
    return object;
  }
  }
  broken("a node is of no kind");
}

} // namespace iasql::aws
