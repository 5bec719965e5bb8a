#pragma once

#include "aws/model.hpp"

#include <string>
#include <vector>

namespace iasql::aws {

// A member of a message, at whatever depth.
struct ListedMember {
  std::string path; // "Filters[].Values[]", "Attributes.*": an element of a list, a value of a map
  std::string type; // "string", "list of string", "map of structure Tag"
  bool is_required = false;
  bool is_sensitive = false;                         // of its shape, or of one that it is in
  const std::vector<std::string>* allowed = nullptr; // of an enumeration, or empty; the shape's own
  std::string members_at; // where its members are listed, if that is at another member of the same structure; or ""
};

// Every member that a message may have, each structure's below it. A structure that the message has in several places
// is listed where it is least deep; the others say where that is, so that recursive ones end. `message` may be nullptr.
std::vector<ListedMember> list_members(const Shape* message);

} // namespace iasql::aws
