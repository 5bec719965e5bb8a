#include "aws/protocol/xml_output.hpp"

// Elements as values by their shapes, each of which becomes a plan (xml_plan.hpp) once in a document. Values are made
// where they stay, in the document's tree, and texts stay where the document has them.

#include "aws/protocol/scalar.hpp"
#include "aws/protocol/xml_plan.hpp"
#include "base/instant.hpp"

#include <array>
#include <charconv>
#include <unordered_map>

namespace iasql::aws {

namespace {

std::string_view or_else(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

using Plans = std::unordered_map<const Shape*, XmlPlan>;

// Makes values of elements as the document is walked, each element once. What is open is a frame for each level, which
// says what the elements in it are; most texts never need one.
class Reader : public pugi::xml_tree_walker {
public:
  Reader(const XmlDocument& document, Plans& plans) : m_document(document), m_tree(*document.tree()), m_plans(plans) {
    for (std::size_t i = 0; i < m_frames.size(); ++i)
      m_frames[i].level = static_cast<int>(i);
  }

  // `start`, which is that many levels below the root element (-1: the document itself), becomes the tree's root. The
  // whole document is walked, since its depth is bounded.
  void read_document(const Shape& shape, XmlElement start, int level) {
    m_shape = &shape;
    m_start = start;
    m_start_level = level + 1;
    if (level < 0) begin_start(*m_open);
    m_document.root().parent().traverse(*this);
    close_all();
  }

  bool for_each(pugi::xml_node& node) override {
    const int level = depth();
    if (level > xml_depth_limit) refuse_xml_depth();
    if (level != m_open->level) turn_to(level);
    Frame& parent = *m_open;
    const char* name = node.name();
    // Texts that are not their element's first, and CDATA sections, have no name.
    if (*name == '\0')
      add_text(parent, node.value());
    else if (parent.kind != Kind::structure)
      begin_child(parent, node);
    else if (!read_expected_text(parent, node, name))
      begin_member(parent, node, name);
    return true;
  }

private:
  enum class Kind : std::uint8_t { outside, skipped, list, structure, map, entry, key, scalar };

  // An element that is open. Which of the parts hold is the kind's affair.
  struct Frame {
    int level = 0; // the number of frames around it
    Kind kind = Kind::outside;
    XmlForm form = XmlForm::scalar;          // of a list: its elements'
    bool is_new = false;                     // of a scalar that is a member: whether it is surely not there yet
    bool is_joined = false;                  // of a text: whether it is the one in m_joined
    bool has_key = false, has_value = false; // of an entry
    XmlPlan* plan = nullptr;                 // of a structure
    XmlPlan::Order::Place place;             // of a structure
    Array* array = nullptr;                  // of a list
    Object* object = nullptr;                // what is filled; of a scalar that is a member, where it belongs
    const Shape* shape = nullptr;            // of the elements of a list, or of a map, an entry or a scalar
    XmlPlan** inner = nullptr;               // of a list, a map or an entry: the plan of the structures in it
    Value* value = nullptr;                  // of a scalar: where it goes, or nullptr where that is a member
    std::string_view text;                   // of a scalar, a key, or the key of an entry
    Value held;                              // of an entry: its value
    const XmlPlan::Target* target = nullptr; // of a scalar that is a member
    XmlPlan::Target* twin = nullptr;         // of a member that has one, or nullptr
    XmlElement element;                      // of a member that has a twin
  };

  Frame& open(Kind kind) {
    ++m_open;
    m_open->kind = kind;
    m_open->twin = nullptr;
    return *m_open;
  }

  // Most elements are texts, come in the same order as the last time, and have one piece; those get no frame. If there
  // is more of a text, it comes at once. Whether the element is such a one.
  bool read_expected_text(Frame& parent, XmlElement element, const char* name) {
    XmlPlan::Order::Element* guess = parent.place.guess();
    if (!guess || !guess->part.is_text || !guess->part.expected_name.is(name) || !parent.place.is_first(*guess))
      return false;
    parent.place.pass(*guess);
    const XmlPlan::Target& target = guess->part.target;
    m_text = &parent.object->add_in(m_tree.memory, Text::permanent(target.name), Text::foreign(element.value()));
    m_text_shape = target.member->shape;
    return true;
  }

  // The next node is within the frame of that level. (Not inline, as begin_member(), to keep for_each() short.)
  [[gnu::noinline]] void turn_to(int level) {
    while (m_open->level > level)
      close();
    // Or it is within the text that was thought to be over.
    if (m_open->level < level) begin_scalar(*m_text_shape, m_text->string(), m_text, open(Kind::scalar));
  }

  void begin_child(Frame& parent, XmlElement node) {
    Frame& opened = open(Kind::skipped);
    switch (parent.kind) {
    case Kind::list:
      return begin_value(parent.form, *parent.shape, *parent.inner, node, parent.array->emplace_back_in(m_tree.memory),
                         opened);
    case Kind::map:
      return begin_entry(*parent.shape, *parent.inner, *parent.object, opened);
    case Kind::entry:
      return begin_part(parent, node, opened);
    case Kind::outside:
      opened.kind = Kind::outside;
      if (opened.level == m_start_level && node == m_start) begin_start(opened);
      return;
    default:
      return;
    }
  }

  void begin_start(Frame& opened) { begin_structure(plan_of(*m_shape), m_start, m_tree.root, opened); }

  void begin_structure(XmlPlan& plan, XmlElement element, Value& into, Frame& opened) {
    opened.kind = Kind::structure;
    opened.plan = &plan;
    opened.place = plan.order.begin();
    opened.object = &into.make_object_in(m_tree.memory, plan.order.usual_size());
    for (const Member* member : plan.attributes)
      if (auto attribute = element.attribute(member->wire_name().c_str()))
        set_scalar(*member->shape, attribute.value(), value_of(*member, *opened.object));
  }

  [[gnu::noinline]] void begin_member(Frame& parent, XmlElement element, const char* name) {
    XmlPlan::Order::Element* found = parent.plan->find(name, parent.place);
    if (!found) {
      open(Kind::skipped);
      return;
    }
    const bool is_new = parent.place.is_first(*found);
    XmlPlan::Target& target = found->part.target;
    const bool is_whole = target.form == XmlForm::scalar && !target.twin && !element.first_child();
    if (is_whole) return set_member(target, is_new, element.value(), *parent.object);
    Frame& opened = open(Kind::skipped);
    opened.twin = target.twin;
    opened.element = element;
    begin_member(target, is_new, element, *parent.object, opened);
  }

  void begin_member(XmlPlan::Target& target, bool is_new, XmlElement element, Object& result, Frame& opened) {
    const Shape& shape = *target.member->shape;
    if (target.is_flattened) return begin_flattened(target, element, value_of(*target.member, result), opened);
    if (target.form < XmlForm::text)
      return begin_value(target.form, shape, target.inner, element, member_value(target, is_new, result), opened);
    opened.target = &target;
    opened.object = &result;
    opened.is_new = is_new;
    begin_scalar(shape, element.value(), nullptr, opened);
  }

  // `collected` may have been begun, under its other name too.
  void begin_flattened(XmlPlan::Target& target, XmlElement element, Value& collected, Frame& opened) {
    const Shape& shape = *target.member->shape;
    if (target.form == XmlForm::map)
      return begin_entry(shape, target.inner, collected.is_null() ? collected.make_object() : collected.object(),
                         opened);
    Array& elements = collected.is_null() ? collected.make_array() : collected.array();
    const Shape& of_element = *shape.element.shape;
    begin_value(xml_form(of_element), of_element, target.inner, element, elements.emplace_back_in(m_tree.memory),
                opened);
  }

  // Sets `into`, where the value will stay. `inner` is the plan of the structure that this is or comes to.
  void begin_value(XmlForm form, const Shape& shape, XmlPlan*& inner, XmlElement element, Value& into, Frame& opened) {
    switch (form) {
    case XmlForm::structure:
      if (!inner) inner = &plan_of(shape);
      return begin_structure(*inner, element, into, opened);
    case XmlForm::list:
      opened.kind = Kind::list;
      opened.shape = shape.element.shape;
      opened.form = xml_form(*opened.shape);
      opened.inner = &inner;
      opened.array = &into.make_array();
      return;
    case XmlForm::map:
      opened.kind = Kind::map;
      opened.shape = &shape;
      opened.inner = &inner;
      opened.object = &into.make_object();
      return;
    default:
      begin_scalar(shape, element.value(), &into, opened);
    }
  }

  void begin_scalar(const Shape& shape, std::string_view text, Value* into, Frame& opened) {
    opened.kind = Kind::scalar;
    opened.shape = &shape;
    opened.text = text;
    opened.value = into;
    opened.is_joined = false;
  }

  // <entry><key>…</key><value>…</value></entry>; an entry that lacks one of the two is dropped.
  void begin_entry(const Shape& map, XmlPlan*& inner, Object& entries, Frame& opened) {
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
      begin_scalar(*map.key.shape, element.value(), nullptr, opened);
      opened.kind = Kind::key;
    } else if (!entry.has_value && name == or_else(map.value.location_name, "value")) {
      entry.has_value = true;
      entry.held = Value();
      const Shape& shape = *map.value.shape;
      begin_value(xml_form(shape), shape, *entry.inner, element, entry.held, opened);
    }
  }

  void add_text(Frame& parent, std::string_view text) {
    if (parent.kind != Kind::scalar && parent.kind != Kind::key) return;
    if (!parent.is_joined) m_joined = parent.text;
    parent.is_joined = true;
    m_joined += text;
  }

  void close_all() {
    turn_to(0);
    finish(*m_open);
  }

  void close() {
    Frame& closed = *m_open--;
    finish(closed);
    for (XmlPlan::Target* twin = closed.twin; twin; twin = twin->twin)
      read_twin(*twin, closed.element);
  }

  void finish(Frame& closed) {
    switch (closed.kind) {
    case Kind::structure:
      for (const Member* member : closed.plan->flattened_maps)
        if (Value* entries = closed.object->find(member->name)) entries->object().drop_twins();
      return closed.plan->order.learn_size(closed.object->size());
    case Kind::map:
      return closed.object->drop_twins();
    case Kind::entry:
      if (closed.has_key && closed.has_value)
        closed.object->add_in(m_tree.memory, Text::foreign(closed.text)) = std::move(closed.held);
      return;
    case Kind::key:
      m_open->text = whole_text(closed);
      return;
    case Kind::scalar:
      if (closed.value) return set_scalar(*closed.shape, whole_text(closed), *closed.value);
      return set_member(*closed.target, closed.is_new, whole_text(closed), *closed.object);
    default:
      return;
    }
  }

  std::string_view whole_text(const Frame& closed) {
    return closed.is_joined ? m_tree.text(m_joined).view() : closed.text;
  }

  // The element once more, as another member of its name.
  void read_twin(XmlPlan::Target& twin, XmlElement element) {
    Reader again(m_document, m_plans);
    again.begin_member(twin, false, element, *m_open->object, *again.m_open);
    element.traverse(again);
    again.close_all();
  }

  XmlPlan& plan_of(const Shape& shape) { return m_plans.try_emplace(&shape, shape).first->second; }

  void set_member(const XmlPlan::Target& target, bool is_new, std::string_view text, Object& result) {
    // An empty element of a number, a timestamp or a boolean says that there is none.
    const Shape& shape = *target.member->shape;
    if (text.empty() && shape.type != ShapeType::string && shape.type != ShapeType::blob) return;
    set_scalar(shape, text, member_value(target, is_new, result));
  }

  Value& member_value(const XmlPlan::Target& target, bool is_new, Object& result) {
    return is_new ? result.add_in(m_tree.memory, Text::permanent(target.name)) : value_of(*target.member, result);
  }

  // The member's value; a null one where it has none yet.
  Value& value_of(const Member& member, Object& result) {
    // Elements of a flattened list mostly come one after the other.
    if (!result.empty())
      if (auto& [name, value] = *(result.end() - 1); name == member.name) return value;
    Value* found = result.find(member.name);
    return found ? *found : result.add_in(m_tree.memory, Text::permanent(member.name));
  }

  // `text` stands in the tree.
  void set_scalar(const Shape& shape, std::string_view text, Value& into) {
    const bool is_timestamp = shape.type == ShapeType::timestamp;
    if (shape.type == ShapeType::string || (is_timestamp && is_instant_text(text)))
      into = Text::foreign(text);
    else if (is_timestamp && text.ends_with(no_milliseconds))
      set_whole_seconds(shape, text, into);
    else if (std::int64_t number = 0; is_whole_number(shape, text, number))
      into = number;
    else
      into = m_tree.kept(scalar_from_text(shape, text));
  }

  static bool is_whole_number(const Shape& shape, std::string_view text, std::int64_t& number) {
    if (shape.type != ShapeType::integer && shape.type != ShapeType::long_integer) return false;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end;
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

  const XmlDocument& m_document;
  Tree& m_tree;
  Plans& m_plans;
  const Shape* m_shape = nullptr;
  XmlElement m_start;
  int m_start_level = 0;
  std::array<Frame, xml_depth_limit + 2> m_frames; // the first is the document's
  Frame* m_open = m_frames.data();                 // the innermost
  Value* m_text = nullptr;                         // the text that was read last and has no frame, and its shape
  const Shape* m_text_shape = nullptr;
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
