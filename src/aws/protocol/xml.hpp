#pragma once

// XML as this project takes it: UTF-8, one root element, nesting bounded, no document type and so no entities but the
// predefined ones. Namespace prefixes are ignored. What a document holds, names, attributes and texts, is UTF-8 because
// all of the document is, and no reference is to what is no character.

#include "base/tree.hpp"

#include <pugixml.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace iasql::aws {

using XmlElement = pugi::xml_node; // false where there is none

// Elements may be nested this deep, which is more than any answer is. A value has two levels where the elements of a
// flattened list have one, and so is within what read_json() reads.
constexpr int xml_depth_limit = 60;

// Throws Error (invalid_document).
[[noreturn]] void refuse_xml_depth();

// Who looks at how deep a document is nested: it takes a walk through the whole of it.
enum class XmlDepth { checked, checked_by_reader };

class XmlDocument {
public:
  // Throws Error (invalid_document).
  explicit XmlDocument(std::string_view text, XmlDepth depth = XmlDepth::checked);
  XmlElement root() const { return m_document.document_element(); }

  // Where the names and texts of elements stand, with room behind them as ExpectedName needs it, and where a value that
  // is made of them may be.
  const std::shared_ptr<Tree>& tree() const { return m_tree; }

private:
  std::shared_ptr<Tree> m_tree;
  pugi::xml_document m_document;
};

// The name, of an element, without its prefix.
std::string_view without_prefix(std::string_view name);

// The element's name without its prefix.
std::string_view local_name(XmlElement element);

// The first child element of that local name.
XmlElement child_element(XmlElement parent, std::string_view name);

// The element's own text, all pieces and CDATA sections of it.
std::string element_text(XmlElement element);

} // namespace iasql::aws
