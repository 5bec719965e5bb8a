#pragma once

#include "aws/model.hpp"
#include "aws/protocol/xml.hpp"
#include "base/value.hpp"

namespace iasql::aws {

// The structure's members that the element has, typed by their shapes: a member's element is named by its location
// name or its own; a flattened list or map is the elements of its name, side by side. Elements and attributes that the
// shape does not know are ignored. Throws Error (invalid_document) for a scalar of another type.
// The element is one of the document, whose tree the value becomes the root of: once for a document.
Value parse_xml_structure(const Shape& shape, const XmlDocument& document, XmlElement element);

} // namespace iasql::aws
