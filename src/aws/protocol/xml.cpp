#include "aws/protocol/xml.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <charconv>
#include <cstdint>

namespace iasql::aws {

namespace {

[[noreturn]] void invalid(const std::string& what) {
  throw Error(sqlstate::invalid_document, what);
}

// References such as "&#xD800;" are to half a surrogate pair, to what is beyond Unicode or to NUL, which would end the
// text. (Not so in a CDATA section, where they are what they look like; there they are refused, too.) Other characters
// that XML 1.0 excludes are taken: S3 lists keys with them.
void check_references(std::string_view text) {
  for (auto at = text.find("&#"); at != text.npos; at = text.find("&#", at + 2)) {
    const bool is_hexadecimal = text.substr(at + 2, 1) == "x";
    std::uint32_t character = 0;
    const char* end = text.data() + text.size();
    auto [rest, error] =
        std::from_chars(text.data() + at + (is_hexadecimal ? 3 : 2), end, character, is_hexadecimal ? 16 : 10);
    if (error == std::errc::invalid_argument) continue;
    if (error != std::errc() || character == 0 || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000))
      invalid("not XML: a reference to what is no character (at byte " + std::to_string(at) + ")");
  }
}

// Walks the tree without recursion, since its depth is what is in question.
void check_depth(const pugi::xml_document& document, int depth_limit) {
  int depth = 0;
  pugi::xml_node node = document.first_child();
  while (node) {
    if (node.first_child()) {
      if (++depth > depth_limit) invalid("XML is nested deeper than " + std::to_string(depth_limit) + " levels");
      node = node.first_child();
      continue;
    }
    while (node != document && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node == document) return;
    node = node.next_sibling();
  }
}

} // namespace

XmlDocument::XmlDocument(std::string_view text, int depth_limit) {
  if (!is_utf8(text)) invalid("not XML: it is not UTF-8");
  check_references(text);
  // White space alone in an element is its text; a document type is kept only to be refused. The first piece of text is
  // its element's value instead of a node of its own.
  constexpr unsigned options =
      pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype | pugi::parse_embed_pcdata;
  auto outcome = m_document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
  if (!outcome)
    invalid("not XML: " + std::string(outcome.description()) + " (at byte " + std::to_string(outcome.offset) + ")");
  int roots = 0;
  for (pugi::xml_node node : m_document.children()) {
    if (node.type() == pugi::node_doctype) invalid("XML with a document type is not accepted");
    if (node.type() == pugi::node_element) ++roots;
  }
  if (roots != 1) invalid("not XML: " + std::to_string(roots) + " root elements");
  check_depth(m_document, depth_limit);
}

std::string_view local_name(XmlElement element) {
  std::string_view name = element.name();
  return name.substr(name.find(':') + 1); // npos + 1 is 0
}

XmlElement child_element(XmlElement parent, std::string_view name) {
  for (XmlElement child : parent.children())
    if (child.type() == pugi::node_element && local_name(child) == name) return child;
  return {};
}

std::string element_text(XmlElement element) {
  std::string text = element.value();
  for (pugi::xml_node child : element.children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  return text;
}

} // namespace iasql::aws
