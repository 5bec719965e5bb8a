#include "aws/protocol/json_body.hpp"

#include "aws/protocol/scalar.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/tree.hpp"

#include <algorithm>
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

// Events of JSON as a value of a shape: each container that is open says what comes next in it, and is filled where it
// will stay. What no shape knows is passed over.
class Reader final : public JsonEvents {
public:
  Reader(const Shape& root, Tree& tree) : m_root(root), m_tree(tree) {}

  void scalar(Value value) override {
    const Shape* shape = next_shape();
    if (!shape || (value.is_null() && !takes_null())) return;
    if (!shape->document && !value.is_null()) {
      if (is_container(*shape)) wrong_type(*shape);
      if (shape->type != ShapeType::string || !value.is_string()) {
        value = m_tree.kept(scalar_from_json(*shape, value));
      }
    }
    next_value() = std::move(value);
  }

  void begin_array() override {
    const Shape* shape = next_shape();
    if (!shape) return pass_over();
    if (!shape->document && shape->type != ShapeType::list) wrong_type(*shape);
    m_open.push_back({shape, &next_value().make_array(), nullptr});
  }

  void begin_object() override {
    const Shape* shape = next_shape();
    if (!shape) return pass_over();
    if (!shape->document && shape->type != ShapeType::structure && shape->type != ShapeType::map) wrong_type(*shape);
    Object& object = next_value().make_object();
    std::size_t& usual_size = m_usual_sizes[shape];
    if (usual_size > 0) object.reserve_in(m_tree.memory, usual_size);
    m_open.push_back({shape, nullptr, &object, &usual_size});
  }

  void key(std::string_view name) override {
    if (m_unknown > 0) return;
    Open& parent = m_open.back();
    m_key = name;
    if (!parent.shape->document && parent.shape->type == ShapeType::structure) find_member(parent, name);
  }

  void end() override {
    if (m_unknown > 0) {
      --m_unknown;
      return;
    }
    const Open& closed = m_open.back();
    if (closed.object) {
      if (!closed.shape->document && closed.shape->type == ShapeType::map) closed.object->drop_twins();
      *closed.usual_size = std::min(closed.object->size(), longest_guess);
    }
    m_open.pop_back();
  }

private:
  static constexpr std::size_t longest_guess = 64;

  struct Open {
    const Shape* shape;
    Array* array; // one of the two, which is filled
    Object* object;
    std::size_t* usual_size = nullptr; // of an object
    const Member* member = nullptr;    // of a structure: what the next value is, or nullptr for what is unknown
    std::size_t place = 0;             // of a structure: the first member that no key has named, nor one after it
    bool is_new = false;               // whether the member is not there yet
  };

  // AWS mostly writes members in the model's order: what follows the last is looked at first.
  static void find_member(Open& open, std::string_view name) {
    const auto& members = open.shape->members;
    std::size_t place = open.place;
    if (place >= members.size() || members[place].wire_name() != name) {
      auto is_named = [&](const Member& member) { return member.wire_name() == name; };
      place = static_cast<std::size_t>(std::find_if(members.begin(), members.end(), is_named) - members.begin());
    }
    open.member = place == members.size() ? nullptr : &members[place];
    if (!open.member) return;
    open.is_new = place >= open.place;
    open.place = std::max(open.place, place + 1);
  }

  // The shape of the value that comes next, nullptr where it is unknown.
  const Shape* next_shape() const {
    if (m_unknown > 0) return nullptr;
    if (m_open.empty()) return &m_root;
    const Open& parent = m_open.back();
    if (parent.shape->document) return parent.shape;
    switch (parent.shape->type) {
    case ShapeType::list:
      return parent.shape->element.shape;
    case ShapeType::map:
      return parent.shape->value.shape;
    default:
      return parent.member ? parent.member->shape : nullptr;
    }
  }

  bool takes_null() const { return m_open.empty() || m_open.back().shape->document || m_open.back().shape->sparse; }

  void pass_over() { ++m_unknown; }

  // Where the value goes that comes next.
  Value& next_value() {
    if (m_open.empty()) return m_tree.root;
    Open& parent = m_open.back();
    if (parent.array) return parent.array->emplace_back_in(m_tree.memory);
    if (!parent.member) return parent.object->add_in(m_tree.memory, Text::foreign(m_key));
    const std::string& name = parent.member->name;
    if (Value* found = parent.is_new ? nullptr : parent.object->find(name)) return *found;
    return parent.object->add_in(m_tree.memory, Text::permanent(name));
  }

  const Shape& m_root;
  Tree& m_tree;
  std::vector<Open> m_open;
  std::string_view m_key; // within the tree's document
  int m_unknown = 0;      // containers that are open within what is unknown, that one included
  std::unordered_map<const Shape*, std::size_t> m_usual_sizes; // how many members the last object of the shape had
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
  default:
    return value;
  }
}

Value json_body(const Shape& shape, const Value& value) {
  if (shape.document) return value;
  Object result;
  for (const Member& member : shape.members)
    if (const Value& found = value[member.name]; !found.is_null())
      result.set(member.wire_name(), json_value(member, found));
  return result;
}

Value parse_json_document(const Shape& shape, std::string_view text) {
  auto tree = std::make_shared<Tree>(std::string(text));
  Reader reader(shape, *tree);
  // One level less than read_json() takes, since the document may be one member of the output.
  constexpr int depth_limit = 127;
  read_json_in_place(tree->document, reader, depth_limit);
  return std::shared_ptr<const Tree>(std::move(tree));
}

} // namespace iasql::aws
