#pragma once

// A JSON value: the one data model between AWS's protocols, the engine and PostgreSQL's jsonb.
// Timestamps travel as RFC 3339 strings in UTC ("2026-11-22T08:00:00Z", milliseconds only where present), blobs as
// base64 strings. Objects keep the order in which members were set; equality ignores that order.
//
// A value owns what it consists of. That it may also be the root of a Tree (tree.hpp), as answers of AWS are, shows
// nowhere: what is taken out of it is a copy, and before it changes it becomes an ordinary value. So references into a
// value that is not const hold until it is first reached into to change it.

#include "base/sequence.hpp"
#include "base/text.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace iasql {

class Tree;
class Value;

class Object {
public:
  using Member = std::pair<Text, Value>;

  Object();
  // Without members, with room for that many in `memory`.
  Object(TreeMemory& memory, std::size_t room);
  Object(std::initializer_list<Member> members);
  Object(const Object&);
  Object(Object&&) noexcept;
  Object& operator=(const Object&);
  Object& operator=(Object&&) noexcept;
  ~Object();

  // The member's value, or nullptr where there is none.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  // The member's value, or a null value where there is none.
  const Value& get(std::string_view name) const;
  // The member's value; a null one is added where there is none.
  Value& operator[](std::string_view name);
  void set(std::string_view name, Value value);
  // As set(), where the caller knows that there is no such member yet, without looking. The member's value, until the
  // next member is added.
  Value& add(Text name);
  Value& add(Text name, Value value);
  // The same of an object whose members lie in `memory`, or that has none yet.
  Value& add_in(TreeMemory& memory, Text name);
  Value& add_in(TreeMemory& memory, Text name, Text text);
  // Of members of one name, which add() can make, leaves the last.
  void drop_twins();
  // Makes room for that many members.
  void reserve(std::size_t count);
  // Whether there was such a member.
  bool erase(std::string_view name);

  bool empty() const;
  std::size_t size() const;
  const Member* begin() const;
  const Member* end() const;
  Member* begin();
  Member* end();

  friend bool operator==(const Object& left, const Object& right);

private:
  Sequence<Member> m_members;
};

using Array = Sequence<Value>;

class Value {
public:
  Value() {}
  Value(std::nullptr_t) {}
  Value(bool boolean) : m_kind(Kind::boolean), m_boolean(boolean) {}
  Value(int number) : Value(static_cast<std::int64_t>(number)) {}
  Value(std::int64_t number) : m_kind(Kind::integer), m_integer(number) {}
  Value(double number) : m_kind(Kind::floating), m_double(number) {}
  Value(const char* text) : Value(Text(text)) {}
  Value(std::string_view text) : Value(Text(text)) {}
  Value(const std::string& text) : Value(Text(text)) {}
  Value(Text text) : m_kind(Kind::text), m_text(std::move(text)) {}
  Value(Array array);
  Value(Object object);
  Value(std::shared_ptr<const Tree> tree);

  Value(const Value& other);
  Value(Value&& other) noexcept { take(other); }
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value() { drop(); }

  bool is_null() const { return kind() == Kind::null; }
  bool is_boolean() const { return kind() == Kind::boolean; }
  bool is_integer() const { return kind() == Kind::integer; }
  bool is_double() const { return kind() == Kind::floating; }
  bool is_number() const { return is_integer() || is_double(); }
  bool is_string() const { return kind() == Kind::text; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // Each throws Error (internal_error) where the value is of another kind.
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;
  const Text& string() const;
  const Array& array() const;
  Array& array();
  const Object& object() const;
  Object& object();

  // Makes the value an empty array or object, which may have room in `memory`.
  Array& make_array();
  Object& make_object();
  Object& make_object_in(TreeMemory& memory, std::size_t room);

  // Member `name` of an object; a null value for a missing member or a value that is no object.
  const Value& operator[](std::string_view name) const;
  // The value at a path of member names, "imageScanningConfiguration.scanOnPush"; a null value where a step is missing.
  const Value& at_path(std::string_view path) const;
  // Sets the value at a path of member names, making objects on the way.
  void set_path(std::string_view path, Value value);

  // For messages and keys: strings as they are, null as "", anything else as JSON.
  std::string text() const;

  // Integers and doubles of the same number are equal; members are compared without regard to their order.
  friend bool operator==(const Value& left, const Value& right);

private:
  enum class Kind : std::uint8_t { null, boolean, integer, floating, text, array, object, tree };

  const Value& self() const; // the tree's root where the value is one
  Kind kind() const { return m_kind == Kind::tree ? self().m_kind : m_kind; }
  void own();
  void take(Value& other) noexcept; // which becomes null
  void drop() {
    if (m_kind >= Kind::text) drop_parts();
  }
  void drop_parts();

  Kind m_kind = Kind::null;
  union {
    bool m_boolean;
    std::int64_t m_integer;
    double m_double;
    Text m_text;
    Array m_array;
    Object m_object;
    std::shared_ptr<const Tree> m_tree;
  };
};

// Here, where Value is complete, so that the compiler can put them where they are used.
inline Object::Object() = default;
inline Object::Object(TreeMemory& memory, std::size_t room) : m_members(memory, room) {}
inline Object::Object(Object&&) noexcept = default;
inline Object& Object::operator=(Object&&) noexcept = default;
inline Object::~Object() = default;
inline bool Object::empty() const {
  return m_members.empty();
}
inline std::size_t Object::size() const {
  return m_members.size();
}
inline const Object::Member* Object::begin() const {
  return m_members.begin();
}
inline const Object::Member* Object::end() const {
  return m_members.end();
}
inline Object::Member* Object::begin() {
  return m_members.begin();
}
inline Object::Member* Object::end() {
  return m_members.end();
}

inline Value& Object::add(Text name) {
  return m_members.emplace_back(std::move(name), Value()).second;
}

inline Value& Object::add(Text name, Value value) {
  return m_members.emplace_back(std::move(name), std::move(value)).second;
}

inline Value& Object::add_in(TreeMemory& memory, Text name, Text text) {
  return m_members.emplace_back_in(memory, std::move(name), std::move(text)).second;
}

inline Value& Object::add_in(TreeMemory& memory, Text name) {
  return m_members.emplace_back_in(memory, std::move(name), Value()).second;
}

inline Value::Value(Array array) : m_kind(Kind::array), m_array(std::move(array)) {}
inline Value::Value(Object object) : m_kind(Kind::object), m_object(std::move(object)) {}

inline void Value::take(Value& other) noexcept {
  switch (other.m_kind) {
  case Kind::null:
    break;
  case Kind::boolean:
    m_boolean = other.m_boolean;
    break;
  case Kind::integer:
    m_integer = other.m_integer;
    break;
  case Kind::floating:
    m_double = other.m_double;
    break;
  case Kind::text:
    std::construct_at(&m_text, std::move(other.m_text));
    break;
  case Kind::array:
    std::construct_at(&m_array, std::move(other.m_array));
    break;
  case Kind::object:
    std::construct_at(&m_object, std::move(other.m_object));
    break;
  case Kind::tree:
    std::construct_at(&m_tree, std::move(other.m_tree));
    break;
  }
  m_kind = other.m_kind;
  other.drop();
  other.m_kind = Kind::null;
}

inline Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  if (m_kind < Kind::text) {
    take(other);
  } else {
    // `other` may be a part of what is dropped.
    Value taken(std::move(other));
    drop();
    take(taken);
  }
  return *this;
}

inline Array& Value::make_array() {
  drop();
  m_kind = Kind::array;
  return *std::construct_at(&m_array);
}

inline Object& Value::make_object() {
  drop();
  m_kind = Kind::object;
  return *std::construct_at(&m_object);
}

inline Object& Value::make_object_in(TreeMemory& memory, std::size_t room) {
  drop();
  m_kind = Kind::null; // for when there is no memory
  Object& made = *std::construct_at(&m_object, memory, room);
  m_kind = Kind::object;
  return made;
}

} // namespace iasql
