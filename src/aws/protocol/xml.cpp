#include "aws/protocol/xml.hpp"

#include "aws/protocol/expected_name.hpp"
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

class DepthCheck : public pugi::xml_tree_walker {
public:
  bool for_each(pugi::xml_node&) override {
    if (depth() > xml_depth_limit) refuse_xml_depth();
    return true;
  }
};

} // namespace

XmlDocument::XmlDocument(std::string_view text, XmlDepth depth)
    : m_tree(std::make_shared<Tree>(ExpectedName::with_room(text))) {
  // pugixml takes NUL for its end.
  if (text.find('\0') != text.npos) invalid("not XML: it has a NUL byte");
  if (!is_utf8(text)) invalid("not XML: it is not UTF-8");
  check_references(text);
  // White space alone in an element is its text; a document type is kept only to be refused. The first piece of text is
  // its element's value instead of a node of its own.
  constexpr unsigned options =
      pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype | pugi::parse_embed_pcdata;
  auto outcome = m_document.load_buffer_inplace(m_tree->document.data(), text.size(), options, pugi::encoding_utf8);
  if (!outcome)
    invalid("not XML: " + std::string(outcome.description()) + " (at byte " + std::to_string(outcome.offset) + ")");
  int roots = 0;
  for (pugi::xml_node node : m_document.children()) {
    if (node.type() == pugi::node_doctype) invalid("XML with a document type is not accepted");
    if (node.type() == pugi::node_element) ++roots;
  }
  if (roots != 1) invalid("not XML: " + std::to_string(roots) + " root elements");
  if (depth == XmlDepth::checked) {
    DepthCheck check;
    m_document.traverse(check);
  }
}

void refuse_xml_depth() {
  invalid("XML is nested deeper than " + std::to_string(xml_depth_limit) + " levels");
}

std::string_view without_prefix(std::string_view name) {
  return name.substr(name.find(':') + 1); // npos + 1 is 0
}

std::string_view local_name(XmlElement element) {
  return without_prefix(element.name());
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
