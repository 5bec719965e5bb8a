#include "aws/model_members.hpp"

#include <deque>
#include <map>

namespace iasql::aws {

namespace {

// What is left of a shape when lists and maps around it are taken away, and the path to it.
struct Inner {
  const Shape* shape;
  std::string path;
};

Inner inner(const Shape* shape, std::string path) {
  while (true) {
    if (shape->type == ShapeType::list) {
      path += "[]";
      shape = shape->element.shape;
    } else if (shape->type == ShapeType::map) {
      path += ".*";
      shape = shape->value.shape;
    } else {
      return {shape, std::move(path)};
    }
  }
}

std::string type_text(const Shape& shape) {
  switch (shape.type) {
  case ShapeType::structure:
    if (shape.document) return "any JSON";
    return (shape.union_type ? "one member of " : "structure ") + shape.name;
  case ShapeType::list:
    return "list of " + type_text(*shape.element.shape);
  case ShapeType::map:
    return "map of " + type_text(*shape.value.shape);
  case ShapeType::string:
    return "string";
  case ShapeType::integer:
    return "integer";
  case ShapeType::long_integer:
    return "long";
  case ShapeType::floating:
    return "double";
  case ShapeType::boolean:
    return "boolean";
  case ShapeType::timestamp:
    return "timestamp";
  case ShapeType::blob:
    return "blob (base64)";
  }
  return {};
}

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

using Homes = std::map<const Shape*, std::string>;

// Where each structure's members are listed: breadth first finds the least deep place.
Homes find_homes(const Shape& message) {
  Homes homes = {{&message, ""}};
  std::deque<const Shape*> pending = {&message};
  while (!pending.empty()) {
    const Shape* structure = pending.front();
    pending.pop_front();
    const std::string at = homes[structure];
    for (const Member& member : structure->members) {
      Inner found = inner(member.shape, below(at, member.name));
      if (found.shape->type == ShapeType::structure && homes.try_emplace(found.shape, found.path).second)
        pending.push_back(found.shape);
    }
  }
  return homes;
}

void list(const Shape& structure, const std::string& path, bool is_sensitive, const Homes& homes,
          std::vector<ListedMember>& members) {
  for (const Member& member : structure.members) {
    Inner found = inner(member.shape, below(path, member.name));
    ListedMember listed{below(path, member.name), type_text(*member.shape),
                        member.required,          is_sensitive || member.shape->sensitive || found.shape->sensitive,
                        &found.shape->allowed,    {}};
    bool has_members = found.shape->type == ShapeType::structure && !found.shape->members.empty();
    const std::string& home = homes.find(has_members ? found.shape : &structure)->second;
    bool is_home = has_members && home == found.path;
    if (has_members && !is_home) listed.members_at = home.empty() ? "the message itself" : home;
    bool is_sensitive_below = listed.is_sensitive;
    members.push_back(std::move(listed));
    if (is_home) list(*found.shape, found.path, is_sensitive_below, homes, members);
  }
}

} // namespace

std::vector<ListedMember> list_members(const Shape* message) {
  std::vector<ListedMember> members;
  if (message) list(*message, "", message->sensitive, find_homes(*message), members);
  return members;
}

} // namespace iasql::aws
