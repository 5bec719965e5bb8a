#pragma once

// XML as this project takes it: UTF-8, one root element, nesting bounded, no document type and so no entities but the
// predefined ones. Namespace prefixes are ignored. What a document holds, names, attributes and texts, is UTF-8 because
// all of the document is, and no reference is to what is no character.

#include <pugixml.hpp>

#include <string>
#include <string_view>

namespace iasql::aws {

using XmlElement = pugi::xml_node; // false where there is none

class XmlDocument {
public:
  // Elements may be nested `depth_limit` deep, which is more than any answer is. A value has two levels where the
  // elements of a flattened list have one, and so is within what read_json() reads. Throws Error (invalid_document).
  explicit XmlDocument(std::string_view text, int depth_limit = 60);
  XmlElement root() const { return m_document.document_element(); }

private:
  pugi::xml_document m_document;
};

// The element's name without its prefix.
std::string_view local_name(XmlElement element);

// The first child element of that local name.
XmlElement child_element(XmlElement parent, std::string_view name);

// The element's own text, all pieces and CDATA sections of it.
std::string element_text(XmlElement element);

} // namespace iasql::aws
