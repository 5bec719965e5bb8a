#include "aws/protocol/xml_output.hpp"

// Elements as values by their shapes. Each structure's shape becomes a plan once in a document: which member an
// element's name is, and the plan of the structures in that. AWS mostly writes elements in the model's order, so an
// element costs one comparison of names and no search. Values are made where they stay, in the document's tree, and
// texts stay where the document has them.

#include "aws/protocol/scalar.hpp"
#include "base/instant.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <unordered_map>
#include <vector>

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

// An empty element of a number, a timestamp or a boolean says that there is none.
bool may_be_empty(const Member& member) {
  const ShapeType type = member.shape->type;
  return type == ShapeType::structure || is_container(member) || type == ShapeType::string || type == ShapeType::blob;
}

// What a structure's elements are called.
class Plan {
public:
  // The member that an element is.
  struct Target {
    explicit Target(const Member& member)
        : member(&member), is_flattened(aws::is_flattened(member)), may_be_empty(aws::may_be_empty(member)) {}

    const Member* member;
    bool is_flattened, may_be_empty;
    Plan* inner = nullptr; // of the structure that the member is, or its elements are, once one was read
    // Two members may have one name, an old one for a single value and a list (S3's Event and Events).
    Target* twin = nullptr;
  };

  explicit Plan(const Shape& structure) {
    m_elements.reserve(structure.members.size());
    for (const Member& member : structure.members) {
      if (member.xml_attribute) {
        attributes.push_back(&member);
        continue;
      }
      std::string_view name = or_else(member.location_name, member.name);
      add(name, member);
      if (!aws::is_flattened(member)) continue;
      if (member.shape->type == ShapeType::map) flattened_maps.push_back(&member);
      // A flattened list may be named by the list or by its elements.
      if (const std::string& other = member.shape->element.location_name; !other.empty() && other != name)
        add(other, member);
    }
  }

  // Where in a structure a reader is.
  struct Place {
    std::size_t next = 0; // the first name that no element had, nor one after it
    std::size_t last = 0; // the name that was found last
    bool is_new = false;  // whether that was the first of its kind
  };

  // The first member of that element's name, or nullptr.
  Target* find(const char* name, Place& place) {
    std::size_t found = place.next;
    if (!is_at(found, name)) found = place.last; // lists without an element around them
    if (!is_at(found, name)) found = search(without_prefix(name));
    if (found == m_elements.size()) return nullptr;
    place.last = found;
    place.is_new = found >= place.next;
    place.next = std::max(place.next, found + 1);
    return &m_elements[found].target;
  }

  std::vector<const Member*> attributes, flattened_maps;
  std::size_t usual_size = 0; // how many members the last structure of the shape had

private:
  struct Element {
    std::string_view name; // of a std::string, with a NUL behind it
    Target target;
  };

  bool is_at(std::size_t place, const char* called) const {
    if (place >= m_elements.size()) return false;
    const std::string_view name = m_elements[place].name;
    return std::strcmp(called, name.data()) == 0;
  }

  std::size_t search(std::string_view name) const {
    auto is_named = [&](const Element& element) { return element.name == name; };
    return static_cast<std::size_t>(std::find_if(m_elements.begin(), m_elements.end(), is_named) - m_elements.begin());
  }

  void add(std::string_view name, const Member& member) {
    const std::size_t place = search(name);
    if (place == m_elements.size()) {
      m_elements.push_back({name, Target(member)});
      return;
    }
    Target* last = &m_elements[place].target;
    while (last->twin)
      last = last->twin;
    last->twin = &m_twins.emplace_back(member);
  }

  std::vector<Element> m_elements;
  std::deque<Target> m_twins;
};

using Plans = std::unordered_map<const Shape*, Plan>;

// Makes values of elements as the document is walked, each element once. What is open is a frame for each level, which
// says what the elements in it are.
class Reader : public pugi::xml_tree_walker {
public:
  Reader(const XmlDocument& document, Plans& plans) : m_document(document), m_tree(*document.tree()), m_plans(plans) {}

  // `start`, which is that many levels below the root element (-1: the document itself), becomes the tree's root. The
  // whole document is walked, since its depth is bounded.
  void read_document(const Shape& shape, XmlElement start, int level) {
    m_shape = &shape;
    m_start = start;
    m_level = level;
    if (level < 0) begin_start(m_frames[0]);
    m_document.root().parent().traverse(*this);
    close_all();
  }

  bool for_each(pugi::xml_node& node) override {
    const int level = depth();
    if (level > xml_depth_limit) refuse_xml_depth();
    while (m_open > level)
      close();
    Frame& parent = frame(level);
    const char* name = node.name();
    // Texts that are not their element's first, and CDATA sections, have no name.
    if (*name == '\0') {
      add_text(parent, node.value());
      return true;
    }
    Frame& opened = frame(++m_open);
    opened.target = nullptr;
    opened.kind = parent.kind == Kind::outside ? Kind::outside : Kind::skipped;
    if (parent.kind != Kind::outside)
      begin_child(parent, node, name, opened);
    else if (level == m_level && node == m_start)
      begin_start(opened);
    return true;
  }

private:
  enum class Kind : std::uint8_t { outside, skipped, structure, list, map, entry, key, scalar };

  // An element that is open. Which of the parts hold is the kind's affair.
  struct Frame {
    Kind kind = Kind::outside;
    bool is_new = false;                     // of a member: whether it is surely not there yet
    bool is_done = false;                    // of a scalar: whether its value is there, if no more text comes
    bool is_joined = false;                  // of a text: whether it is the one in m_joined
    bool has_key = false, has_value = false; // of an entry
    const Shape* shape = nullptr;
    Plan* plan = nullptr;           // of a structure
    Plan** inner = nullptr;         // of a list, a map or an entry: the plan of the structures in it
    Plan::Target* target = nullptr; // of a member: what it is
    XmlElement element;             // of a member
    Array* array = nullptr;
    Object* object = nullptr; // what is filled; of a member that is a scalar, where it belongs
    Value* value = nullptr;   // of a scalar: where it goes, or nullptr where that is a member
    Plan::Place place;        // of a structure
    std::string_view text;    // of a scalar, a key, or the key of an entry
    Value held;               // of an entry: its value
  };

  Frame& frame(int place) { return m_frames[static_cast<std::size_t>(place)]; }

  void begin_start(Frame& opened) { begin_structure(plan_of(*m_shape), m_start, m_tree.root.make_object(), opened); }

  void begin_child(Frame& parent, XmlElement element, const char* name, Frame& opened) {
    switch (parent.kind) {
    case Kind::structure:
      if (Plan::Target* target = parent.plan->find(name, parent.place))
        begin_member(*target, element, parent.place.is_new, *parent.object, opened);
      return;
    case Kind::list:
      return begin_value(*parent.shape->element.shape, *parent.inner, element,
                         parent.array->emplace_back_in(m_tree.memory), opened);
    case Kind::map:
      return begin_entry(*parent.shape, *parent.inner, *parent.object, opened);
    case Kind::entry:
      return begin_part(parent, element, opened);
    default:
      return;
    }
  }

  void begin_structure(Plan& plan, XmlElement element, Object& result, Frame& opened) {
    opened.kind = Kind::structure;
    opened.plan = &plan;
    opened.object = &result;
    opened.place = {};
    if (plan.usual_size > 0) result.reserve_in(m_tree.memory, plan.usual_size);
    for (const Member* member : plan.attributes)
      if (auto attribute = element.attribute(std::string(or_else(member->location_name, member->name)).c_str()))
        set_scalar(*member->shape, attribute.value(), value_of(*member, result));
  }

  void begin_member(Plan::Target& target, XmlElement element, bool is_new, Object& result, Frame& opened) {
    const Member& member = *target.member;
    const Shape& shape = *member.shape;
    opened.target = &target;
    opened.element = element;
    if (target.is_flattened) {
      Value& value = value_of(member, result); // which may have been begun, under its other name too
      if (shape.type == ShapeType::map)
        return begin_entry(shape, target.inner, value.is_null() ? value.make_object() : value.object(), opened);
      Array& elements = value.is_null() ? value.make_array() : value.array();
      return begin_value(*shape.element.shape, target.inner, element, elements.emplace_back_in(m_tree.memory), opened);
    }
    if (shape.type == ShapeType::structure || is_container(member))
      return begin_value(shape, target.inner, element, is_new ? new_value_of(member, result) : value_of(member, result),
                         opened);
    begin_scalar(shape, element, opened);
    opened.object = &result;
    opened.value = nullptr;
    opened.is_new = is_new;
    // Most are texts in one piece, which is all that there will be.
    opened.is_done = is_new && shape.type == ShapeType::string;
    if (opened.is_done)
      opened.value = &result.add_in(m_tree.memory, Text::permanent(member.name), Text::foreign(opened.text));
  }

  // Sets `into`, where the value will stay. `inner` is the plan of the structure that this is or comes to.
  void begin_value(const Shape& shape, Plan*& inner, XmlElement element, Value& into, Frame& opened) {
    switch (shape.type) {
    case ShapeType::structure:
      if (!inner) inner = &plan_of(shape);
      return begin_structure(*inner, element, into.make_object(), opened);
    case ShapeType::list:
      opened.kind = Kind::list;
      opened.shape = &shape;
      opened.inner = &inner;
      opened.array = &into.make_array();
      return;
    case ShapeType::map:
      opened.kind = Kind::map;
      opened.shape = &shape;
      opened.inner = &inner;
      opened.object = &into.make_object();
      return;
    default:
      begin_scalar(shape, element, opened);
      opened.value = &into;
    }
  }

  void begin_scalar(const Shape& shape, XmlElement element, Frame& opened) {
    opened.kind = Kind::scalar;
    opened.shape = &shape;
    opened.text = element.value();
    opened.is_done = opened.is_joined = false;
  }

  // <entry><key>…</key><value>…</value></entry>; an entry that lacks one of the two is dropped.
  void begin_entry(const Shape& map, Plan*& inner, Object& entries, Frame& opened) {
    opened.kind = Kind::entry;
    opened.shape = &map;
    opened.inner = &inner;
    opened.object = &entries;
    opened.has_key = opened.has_value = false;
  }

  void begin_part(Frame& entry, XmlElement element, Frame& opened) {
    const Shape& map = *entry.shape;
    const std::string_view name = local_name(element);
    if (!entry.has_key && name == or_else(map.key.location_name, "key")) {
      entry.has_key = true;
      begin_scalar(*map.key.shape, element, opened);
      opened.kind = Kind::key;
    } else if (!entry.has_value && name == or_else(map.value.location_name, "value")) {
      entry.has_value = true;
      entry.held = Value();
      begin_value(*map.value.shape, *entry.inner, element, entry.held, opened);
    }
  }

  void add_text(Frame& parent, std::string_view text) {
    if (parent.kind != Kind::scalar && parent.kind != Kind::key) return;
    if (!parent.is_joined) m_joined = parent.text;
    parent.is_joined = true;
    m_joined += text;
  }

  void close_all() {
    while (m_open > 0)
      close();
    finish(m_frames[0]);
  }

  void close() {
    Frame& closed = frame(m_open--);
    finish(closed);
    if (!closed.target) return;
    for (Plan::Target* twin = closed.target->twin; twin; twin = twin->twin)
      read_twin(*twin, closed.element);
  }

  void finish(Frame& closed) {
    switch (closed.kind) {
    case Kind::scalar:
      if (closed.is_joined) closed.text = m_tree.text(m_joined).view();
      if (closed.is_joined || !closed.is_done) finish_scalar(closed);
      return;
    case Kind::key:
      frame(m_open).text = closed.is_joined ? m_tree.text(m_joined).view() : closed.text;
      return;
    case Kind::entry:
      if (closed.has_key && closed.has_value)
        closed.object->add_in(m_tree.memory, Text::foreign(closed.text)) = std::move(closed.held);
      return;
    case Kind::map:
      return closed.object->drop_twins();
    case Kind::structure:
      for (const Member* member : closed.plan->flattened_maps)
        if (Value* entries = closed.object->find(member->name)) entries->object().drop_twins();
      closed.plan->usual_size = std::min(closed.object->size(), longest_guess);
      return;
    default:
      return;
    }
  }

  void finish_scalar(Frame& closed) {
    if (closed.value) return set_scalar(*closed.shape, closed.text, *closed.value);
    if (!closed.target->may_be_empty && closed.text.empty()) return;
    const Member& member = *closed.target->member;
    set_scalar(*closed.shape, closed.text,
               closed.is_new ? new_value_of(member, *closed.object) : value_of(member, *closed.object));
  }

  // The element once more, as another member of its name.
  void read_twin(Plan::Target& twin, XmlElement element) {
    Frame& parent = frame(m_open);
    Reader again(m_document, m_plans);
    again.begin_member(twin, element, parent.place.is_new, *parent.object, again.m_frames[0]);
    element.traverse(again);
    again.close_all();
  }

  Plan& plan_of(const Shape& shape) { return m_plans.try_emplace(&shape, shape).first->second; }

  // The member's value; a null one where it has none yet.
  Value& value_of(const Member& member, Object& result) {
    Value* found = result.find(member.name);
    return found ? *found : new_value_of(member, result);
  }
  Value& new_value_of(const Member& member, Object& result) {
    return result.add_in(m_tree.memory, Text::permanent(member.name));
  }

  // `text` stands in the tree.
  void set_scalar(const Shape& shape, std::string_view text, Value& into) {
    if (shape.type == ShapeType::string)
      into = Text::foreign(text);
    else if (shape.type == ShapeType::timestamp && is_instant_text(text))
      into = Text::foreign(text);
    else if (shape.type == ShapeType::timestamp && text.ends_with(no_milliseconds))
      set_whole_seconds(shape, text, into);
    else
      into = m_tree.kept(scalar_from_text(shape, text));
  }

  // The same of a timestamp that S3 writes with milliseconds that are none.
  void set_whole_seconds(const Shape& shape, std::string_view text, Value& into) {
    std::array<char, 20> whole;
    const std::size_t size = text.size() - no_milliseconds.size() + 1;
    if (size != whole.size()) {
      into = m_tree.kept(scalar_from_text(shape, text));
      return;
    }
    text.copy(whole.data(), size - 1);
    whole.back() = 'Z';
    const std::string_view shorter(whole.data(), whole.size());
    into = is_instant_text(shorter) ? Value(m_tree.text(shorter)) : m_tree.kept(scalar_from_text(shape, text));
  }

  static constexpr std::string_view no_milliseconds = ".000Z";
  static constexpr std::size_t longest_guess = 64;

  const XmlDocument& m_document;
  Tree& m_tree;
  Plans& m_plans;
  const Shape* m_shape = nullptr;
  XmlElement m_start;
  int m_level = 0;
  int m_open = 0; // the innermost frame; the document's is the first
  std::array<Frame, xml_depth_limit + 2> m_frames;
  std::string m_joined; // of the scalar or key that is open: the pieces of its text
};

} // namespace

Value parse_xml_structure(const Shape& shape, const XmlDocument& document, XmlElement element) {
  int level = -1;
  for (XmlElement above = element; above != document.root().parent(); above = above.parent())
    ++level;
  Plans plans;
  Reader(document, plans).read_document(shape, element, level);
  return std::shared_ptr<const Tree>(document.tree());
}

} // namespace iasql::aws
