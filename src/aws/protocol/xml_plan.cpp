#include "aws/protocol/xml_plan.hpp"

#include "aws/protocol/xml.hpp"

namespace iasql::aws {

namespace {

bool is_flattened_member(const Member& member) {
  const XmlForm form = xml_form(*member.shape);
  return (form == XmlForm::list || form == XmlForm::map) && (member.flattened || member.shape->flattened);
}

} // namespace

XmlForm xml_form(const Shape& shape) {
  switch (shape.type) {
  case ShapeType::structure:
    return XmlForm::structure;
  case ShapeType::list:
    return XmlForm::list;
  case ShapeType::map:
    return XmlForm::map;
  case ShapeType::string:
    return XmlForm::text;
  default:
    return XmlForm::scalar;
  }
}

XmlPlan::Target::Target(const Member& member)
    : member(&member), name(member.name), form(xml_form(*member.shape)), is_flattened(is_flattened_member(member)) {}

// A member may have two names.
XmlPlan::XmlPlan(const Shape& structure) : order(2 * structure.members.size()) {
  for (const Member& member : structure.members) {
    if (member.xml_attribute) {
      attributes.push_back(&member);
      continue;
    }
    add(member.wire_name(), member);
    if (!is_flattened_member(member)) continue;
    if (member.shape->type == ShapeType::map) flattened_maps.push_back(&member);
    // A flattened list may be named by the list or by its elements.
    if (const std::string& other = member.shape->element.location_name; !other.empty() && other != member.wire_name())
      add(other, member);
  }
}

XmlPlan::Order::Element* XmlPlan::find(const char* name, Order::Place& place) {
  Order::Element* found = place.guess();
  if (!found || !found->part.expected_name.is(name)) found = search(without_prefix(name));
  if (found) place.pass(*found);
  return found;
}

XmlPlan::Order::Element* XmlPlan::search(std::string_view name) {
  return order.search([&](const Order::Element& element) { return element.part.name == name; });
}

void XmlPlan::add(const std::string& name, const Member& member) {
  Order::Element* found = search(name);
  if (!found) {
    order.add({ExpectedName(name), name, xml_form(*member.shape) == XmlForm::text, Target(member)});
    return;
  }
  found->part.is_text = false;
  Target* last = &found->part.target;
  while (last->twin)
    last = last->twin;
  last->twin = &m_twins.emplace_back(member);
}

} // namespace iasql::aws
