#include "aws/protocol/json_body.hpp"

#include "aws/protocol/expected_name.hpp"
#include "aws/protocol/expected_order.hpp"
#include "aws/protocol/scalar.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/tree.hpp"

#include <unordered_map>
#include <vector>

namespace iasql::aws {

namespace {

[[noreturn]] void wrong_type(const Shape& shape) {
  throw Error(sqlstate::invalid_document,
              "not a " + std::string(type_name(shape.type)) + " where JSON should have shape " + shape.name);
}

bool is_container(const Shape& shape) {
  return shape.type == ShapeType::structure || shape.type == ShapeType::list || shape.type == ShapeType::map;
}

// What the members of a structure are called.
class Plan {
public:
  struct Named {
    ExpectedName expected_name;
    std::string_view wire_name, name;
    const Shape* shape;
    Plan* inner = nullptr; // of the structure that the member is or has in it, once one was read
  };

  using Order = ExpectedOrder<Named>;

  explicit Plan(const Shape& structure) : order(structure.members.size()) {
    for (const Member& member : structure.members)
      order.add({ExpectedName(member.wire_name()), member.wire_name(), member.name, member.shape});
  }

  // The member's, or nullptr. The name ends with NUL and stands in a document with room behind it.
  Order::Element* find(std::string_view name, Order::Place& place) {
    Order::Element* found = place.guess();
    const bool is_guess =
        found && found->part.wire_name.size() == name.size() && found->part.expected_name.is(name.data());
    if (!is_guess) found = order.search([&](const Order::Element& element) { return element.part.wire_name == name; });
    if (found) place.pass(*found);
    return found;
  }

  Order order;
};

// Events of JSON as a value of a shape: each container that is open says what comes next in it, and is filled where it
// will stay. What no shape knows is passed over.
class Reader final : public JsonEvents {
public:
  Reader(const Shape& root, Tree& tree) : m_tree(tree) {
    Open& document = open(Kind::root);
    document.next = &root;
    document.inner = &m_root_plan;
    document.takes_null = true;
  }

  void scalar(const Value& value) override {
    const Shape* shape = next_shape();
    if (!shape || (value.is_null() && !m_open.back().takes_null)) return;
    if (shape->document || value.is_null())
      next_value() = value;
    else
      convert(*shape, value);
  }

  void string(std::string_view text) override {
    const Shape* shape = next_shape();
    if (!shape) return;
    if (shape->document || shape->type == ShapeType::string)
      next_value() = Text::foreign(text);
    else
      convert(*shape, Text::foreign(text));
  }

  void begin_array() override {
    const Shape* shape = next_shape();
    if (!shape) return pass_over();
    if (!shape->document && shape->type != ShapeType::list) wrong_type(*shape);
    Array& array = next_value().make_array();
    Plan** inner = m_open.back().inner;
    Open& opened = open(Kind::array);
    opened.array = &array;
    opened.inner = inner;
    opened.next = shape->document ? shape : shape->element.shape;
    opened.takes_null = shape->document || shape->sparse;
  }

  void begin_object() override {
    const Shape* shape = next_shape();
    if (!shape) return pass_over();
    Plan** inner = m_open.back().inner;
    if (!shape->document && shape->type == ShapeType::structure) return begin_structure(*shape, *inner);
    if (!shape->document && shape->type != ShapeType::map) wrong_type(*shape);
    Object& object = next_value().make_object();
    Open& opened = open(shape->document ? Kind::document : Kind::map);
    opened.object = &object;
    opened.inner = inner;
    opened.next = shape->document ? shape : shape->value.shape;
    opened.takes_null = shape->document || shape->sparse;
  }

  void key(std::string_view name) override {
    if (m_unknown > 0) return;
    Open& parent = m_open.back();
    m_key = name;
    if (parent.kind != Kind::structure) return;
    Plan::Order::Element* found = parent.plan->find(name, parent.place);
    parent.next = found ? found->part.shape : nullptr;
    if (!found) return;
    parent.member = &found->part;
    parent.inner = &found->part.inner;
    parent.is_new = parent.place.is_first(*found);
  }

  void end() override {
    if (m_unknown > 0) {
      --m_unknown;
      return;
    }
    const Open& closed = m_open.back();
    if (closed.kind == Kind::structure) closed.plan->order.learn_size(closed.object->size());
    if (closed.kind == Kind::map) closed.object->drop_twins();
    m_open.pop_back();
  }

private:
  enum class Kind : std::uint8_t { root, array, map, document, structure };

  struct Open {
    Kind kind = Kind::root;
    bool takes_null = false;
    bool is_new = false;         // of a structure: whether the member is surely not there yet
    const Shape* next = nullptr; // the next value's, or nullptr for what is unknown
    Plan** inner = nullptr;      // where the plan is kept of the structure that the next value is or has in it
    Array* array = nullptr;      // one of the two, which is filled
    Object* object = nullptr;
    Plan* plan = nullptr;                // of a structure
    const Plan::Named* member = nullptr; // of a structure: what the next value is
    Plan::Order::Place place;            // of a structure
  };

  Open& open(Kind kind) {
    Open& opened = m_open.emplace_back();
    opened.kind = kind;
    return opened;
  }

  void begin_structure(const Shape& shape, Plan*& plan) {
    if (!plan) plan = &m_plans.try_emplace(&shape, shape).first->second;
    Object& object = next_value().make_object_in(m_tree.memory, plan->order.usual_size());
    Plan& chosen = *plan;
    Open& opened = open(Kind::structure);
    opened.object = &object;
    opened.plan = &chosen;
    opened.place = chosen.order.begin();
  }

  void convert(const Shape& shape, const Value& scalar) {
    if (is_container(shape)) wrong_type(shape);
    next_value() = m_tree.kept(scalar_from_json(shape, scalar));
  }

  const Shape* next_shape() const { return m_unknown > 0 ? nullptr : m_open.back().next; }

  void pass_over() { ++m_unknown; }

  // Where the value goes that comes next.
  Value& next_value() {
    Open& parent = m_open.back();
    switch (parent.kind) {
    case Kind::structure:
      return member_value(*parent.member, parent.is_new, *parent.object);
    case Kind::array:
      return parent.array->emplace_back_in(m_tree.memory);
    case Kind::root:
      return m_tree.root;
    default:
      return parent.object->add_in(m_tree.memory, Text::foreign(m_key));
    }
  }

  Value& member_value(const Plan::Named& member, bool is_new, Object& object) {
    if (Value* found = is_new ? nullptr : object.find(member.name)) return *found;
    return object.add_in(m_tree.memory, Text::permanent(member.name));
  }

  Tree& m_tree;
  std::unordered_map<const Shape*, Plan> m_plans;
  Plan* m_root_plan = nullptr;
  std::vector<Open> m_open; // the first is the document
  std::string_view m_key;   // within the tree's document
  int m_unknown = 0;        // containers that are open within what is unknown, that one included
};

} // namespace

Value json_value(const Member& member, const Value& value) {
  const Shape& shape = *member.shape;
  if (value.is_null() || shape.document) return value;
  switch (shape.type) {
  case ShapeType::structure:
    return json_body(shape, value);
  case ShapeType::list: {
    Array elements;
    elements.reserve(value.array().size());
    for (const Value& element : value.array())
      elements.push_back(json_value(shape.element, element));
    return elements;
  }
  case ShapeType::map: {
    Object entries;
    for (const auto& [key, entry] : value.object())
      entries.set(key, json_value(shape.value, entry));
    return entries;
  }
  case ShapeType::timestamp: {
    Timestamp timestamp = *parse_timestamp(value.string());
    std::string format = timestamp_format(member, "unixTimestamp");
    if (format != "unixTimestamp") return format_timestamp(timestamp, format);
    std::int64_t milliseconds = timestamp.time_since_epoch().count();
    if (milliseconds % 1000 == 0) return milliseconds / 1000;
    return static_cast<double>(milliseconds) / 1000;
  }
  case ShapeType::string:
  case ShapeType::blob:
    return value.is_string() ? Value(Text::foreign(value.string())) : value;
  default:
    return value;
  }
}

Value json_body(const Shape& shape, const Value& value) {
  if (shape.document) return value;
  Object result;
  for (const Member& member : shape.members)
    if (const Value& found = value[member.name]; !found.is_null())
      result.add(Text::permanent(member.wire_name()), json_value(member, found));
  return result;
}

Value parse_json_document(const Shape& shape, std::string_view text) {
  auto tree = std::make_shared<Tree>(ExpectedName::with_room(text));
  Reader reader(shape, *tree);
  // One level less than read_json() takes, since the document may be one member of the output.
  constexpr int depth_limit = 127;
  read_json_in_place({tree->document.data(), text.size()}, reader, depth_limit);
  return std::shared_ptr<const Tree>(std::move(tree));
}

} // namespace iasql::aws
