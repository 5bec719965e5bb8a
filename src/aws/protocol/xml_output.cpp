#include "aws/protocol/xml_output.hpp"

#include "aws/protocol/scalar.hpp"

#include <algorithm>
#include <unordered_map>

namespace iasql::aws {

namespace {

std::string_view or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

bool is_container(const Member& member) {
  return member.shape->type == ShapeType::list || member.shape->type == ShapeType::map;
}

bool is_flattened(const Member& member) {
  return is_container(member) && (member.flattened || member.shape->flattened);
}

// Calls `visit` with each child that is an element.
template <typename Visit>
void each_element(XmlElement parent, Visit visit) {
  for (XmlElement child = parent.first_child(); child; child = child.next_sibling())
    if (child.type() == pugi::node_element) visit(child);
}

// What a structure's elements are called. Two members may have one name, an old one for a single value and a list (S3's
// Event and Events).
class ElementNames {
public:
  explicit ElementNames(const Shape& structure) {
    for (const Member& member : structure.members) {
      if (member.xml_attribute) {
        attributes.push_back(&member);
        continue;
      }
      std::string_view name = or_else(member.location_name, member.name);
      add(name, member);
      if (is_flattened(member) && member.shape->type == ShapeType::map) flattened_maps.push_back(&member);
      // A flattened list may be named by the list or by its elements.
      if (is_flattened(member) && member.shape->type == ShapeType::list)
        if (const std::string& other = member.shape->element.location_name; !other.empty() && other != name)
          add(other, member);
    }
  }

  // Where in a structure a reader is: AWS mostly writes elements in the model's order.
  struct Place {
    std::size_t next = 0; // the first name that no element had, nor one after it
    bool is_new = false;  // whether the name that was found last is the first of its kind
  };

  // The members of that element's name.
  const std::vector<const Member*>& find(XmlElement element, Place& place) const {
    static const std::vector<const Member*> none;
    std::size_t found = place.next;
    if (found >= m_elements.size() || m_elements[found].name != element.name()) {
      auto is_named = [name = local_name(element)](const Element& candidate) { return candidate.name == name; };
      auto place_found = std::find_if(m_elements.begin(), m_elements.end(), is_named);
      if (place_found == m_elements.end()) return none;
      found = static_cast<std::size_t>(place_found - m_elements.begin());
    }
    place.is_new = found >= place.next;
    place.next = std::max(place.next, found + 1);
    return m_elements[found].members;
  }

  std::vector<const Member*> attributes, flattened_maps;
  std::size_t usual_size = 0; // how many members the last structure of the shape had

private:
  struct Element {
    std::string_view name;
    std::vector<const Member*> members;
  };

  void add(std::string_view name, const Member& member) {
    auto is_named = [&](const Element& element) { return element.name == name; };
    auto found = std::find_if(m_elements.begin(), m_elements.end(), is_named);
    if (found == m_elements.end()) found = m_elements.insert(found, {name, {}});
    found->members.push_back(&member);
  }

  std::vector<Element> m_elements;
};

class Reader {
public:
  void structure(const Shape& shape, XmlElement element, Object& result) {
    ElementNames& names = names_of(shape);
    result.reserve(names.usual_size);
    for (const Member* member : names.attributes)
      if (auto attribute = element.attribute(std::string(or_else(member->location_name, member->name)).c_str()))
        result.set(member->name, scalar_from_text(*member->shape, attribute.value()));
    ElementNames::Place place;
    each_element(element, [&](XmlElement child) {
      for (const Member* member : names.find(child, place))
        add(*member, child, place.is_new, result);
    });
    for (const Member* member : names.flattened_maps)
      if (Value* entries = result.find(member->name)) entries->object().drop_twins();
    names.usual_size = result.size();
  }

private:
  ElementNames& names_of(const Shape& shape) { return m_names.try_emplace(&shape, shape).first->second; }

  void add(const Member& member, XmlElement element, bool is_new, Object& result) {
    const Shape& shape = *member.shape;
    if (is_flattened(member)) {
      Value& collected = result[member.name];
      if (shape.type == ShapeType::list) {
        if (collected.is_null()) collected.make_array();
        read(*shape.element.shape, element, collected.array().emplace_back());
      } else {
        if (collected.is_null()) collected.make_object();
        add_entry(shape, element, collected.object());
      }
      return;
    }
    // An empty element of a number, a timestamp or a boolean says that there is none.
    bool may_be_empty = shape.type == ShapeType::structure || is_container(member) || shape.type == ShapeType::string ||
                        shape.type == ShapeType::blob;
    if (!may_be_empty && text_of(element).empty()) return;
    read(shape, element, is_new ? result.add(member.name) : result[member.name]);
  }

  // Sets `into`, where the value will stay.
  void read(const Shape& shape, XmlElement element, Value& into) {
    switch (shape.type) {
    case ShapeType::structure:
      return structure(shape, element, into.make_object());
    case ShapeType::list: {
      Array& elements = into.make_array();
      return each_element(element,
                          [&](XmlElement child) { read(*shape.element.shape, child, elements.emplace_back()); });
    }
    case ShapeType::map: {
      Object& entries = into.make_object();
      each_element(element, [&](XmlElement child) { add_entry(shape, child, entries); });
      return entries.drop_twins();
    }
    case ShapeType::string:
      into.make_string(text_of(element));
      return;
    default:
      into = scalar_from_text(shape, text_of(element));
    }
  }

  // <entry><key>…</key><value>…</value></entry>; an entry that lacks one of the two is dropped.
  void add_entry(const Shape& map, XmlElement entry, Object& entries) {
    XmlElement key = child_element(entry, or_else(map.key.location_name, "key"));
    XmlElement value = child_element(entry, or_else(map.value.location_name, "value"));
    if (key && value) read(*map.value.shape, value, entries.add(text_of(key)));
  }

  // Until the next call.
  std::string_view text_of(XmlElement element) {
    if (!element.first_child()) return element.value();
    m_text = element_text(element);
    return m_text;
  }

  std::unordered_map<const Shape*, ElementNames> m_names;
  std::string m_text;
};

} // namespace

Value parse_xml_structure(const Shape& shape, XmlElement element) {
  Value result;
  Reader().structure(shape, element, result.make_object());
  return result;
}

} // namespace iasql::aws
