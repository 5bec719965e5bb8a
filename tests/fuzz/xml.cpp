// XML text as a tree, every element and text of which is visited.

#include "aws/protocol/xml.hpp"

#include "fuzz/target.hpp"

namespace iasql::fuzz {

namespace {

std::size_t visit(aws::XmlElement element) {
  std::size_t size = aws::local_name(element).size() + aws::element_text(element).size();
  for (aws::XmlElement child : element.children())
    if (child.type() == pugi::node_element) size += visit(child);
  return size;
}

} // namespace

void run(std::string_view bytes) {
  try {
    // Five predefined entities and references to characters: nothing that grows.
    require(visit(aws::XmlDocument(bytes).root()) <= bytes.size(), "XML does not grow as it is read");
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::invalid_document});
  }
}

} // namespace iasql::fuzz
