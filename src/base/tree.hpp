#pragma once

// The memory of a value that is read as a whole and then left as it is, such as an answer of AWS: it is taken a block
// for many parts and given back at one stroke, and texts that need no change stand in the document that was read. The
// root is made a value by Value(std::shared_ptr<const Tree>).

#include "base/value.hpp"

#include <string>

namespace iasql {

class Tree {
public:
  // `document` is read, and changed, where it is.
  explicit Tree(std::string document) : document(std::move(document)), memory(this->document.size() + 256) {}
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  // A copy of the text within the tree.
  Text text(std::string_view text) {
    char* copy = static_cast<char*>(memory.allocate(text.size() + 1, 1));
    text.copy(copy, text.size());
    return Text::foreign({copy, text.size()});
  }

  // The scalar as a part of the tree: a text of its own would never be freed.
  Value kept(Value scalar) { return scalar.is_string() ? Value(text(scalar.string())) : scalar; }

  std::string document;
  TreeMemory memory;
  Value root; // its parts lie in `memory`: arrays are filled by emplace_back_in(), objects by add_in()
};

} // namespace iasql
