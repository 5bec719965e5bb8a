#pragma once

// How the elements in a structure's element become its members: by which names, and as what.

#include "aws/model.hpp"
#include "aws/protocol/expected_name.hpp"
#include "aws/protocol/expected_order.hpp"

#include <deque>
#include <string_view>
#include <vector>

namespace iasql::aws {

// What an element is read as.
enum class XmlForm : std::uint8_t { structure, list, map, text, scalar };

XmlForm xml_form(const Shape& shape);

class XmlPlan {
public:
  // A member of the structure.
  struct Target {
    explicit Target(const Member& member);

    const Member* member;
    std::string_view name;
    XmlForm form;
    bool is_flattened;        // a list or map whose elements stand side by side, without one around them
    XmlPlan* inner = nullptr; // of the structure that the member is, or its elements are, once one was read
    // Two members may have one name, an old one for a single value and a list (S3's Event and Events).
    Target* twin = nullptr;
  };

  struct Named {
    ExpectedName expected_name;
    std::string_view name;
    bool is_text; // a string that is the only member of its name
    Target target;
  };

  using Order = ExpectedOrder<Named>;

  // Of a shape that stays where it is.
  explicit XmlPlan(const Shape& structure);

  // What the element of that name is, or nullptr. The name is not empty and stands in an XmlDocument.
  Order::Element* find(const char* name, Order::Place& place);

  Order order;
  std::vector<const Member*> attributes, flattened_maps;

private:
  Order::Element* search(std::string_view name);
  void add(const std::string& name, const Member& member);

  std::deque<Target> m_twins;
};

} // namespace iasql::aws
