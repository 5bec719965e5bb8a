#pragma once

// A JSON value: the one data model between AWS's protocols, the engine and PostgreSQL's jsonb.
// Timestamps travel as RFC 3339 strings in UTC ("2026-11-22T08:00:00Z", milliseconds only where present), blobs as
// base64 strings. Objects keep the order in which members were set; equality ignores that order.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace iasql {

class Value;

class Object {
public:
  using Member = std::pair<std::string, Value>;

  Object();
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
  void set(std::string name, Value value);
  // As set(), where the caller knows that there is no such member yet, without looking. The member's value, until the
  // next member is added.
  Value& add(std::string_view name);
  Value& add(std::string_view name, Value value);
  // Of members of one name, which add() can make, leaves the last.
  void drop_twins();
  // Makes room for that many members.
  void reserve(std::size_t count);
  // Whether there was such a member.
  bool erase(std::string_view name);

  bool empty() const;
  std::size_t size() const;
  std::vector<Member>::const_iterator begin() const;
  std::vector<Member>::const_iterator end() const;
  std::vector<Member>::iterator begin();
  std::vector<Member>::iterator end();

  friend bool operator==(const Object& left, const Object& right);

private:
  std::vector<Member> m_members;
};

using Array = std::vector<Value>;

class Value {
public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool boolean) : m_data(boolean) {}
  Value(int number) : m_data(static_cast<std::int64_t>(number)) {}
  Value(std::int64_t number) : m_data(number) {}
  Value(double number) : m_data(number) {}
  Value(const char* text) : m_data(std::in_place_type<std::string>, text) {}
  Value(std::string_view text) : m_data(std::in_place_type<std::string>, text) {}
  Value(std::string text) : m_data(std::move(text)) {}
  Value(Array array) : m_data(std::move(array)) {}
  Value(Object object) : m_data(std::move(object)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(m_data); }
  bool is_boolean() const { return std::holds_alternative<bool>(m_data); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(m_data); }
  bool is_double() const { return std::holds_alternative<double>(m_data); }
  bool is_number() const { return is_integer() || is_double(); }
  bool is_string() const { return std::holds_alternative<std::string>(m_data); }
  bool is_array() const { return std::holds_alternative<Array>(m_data); }
  bool is_object() const { return std::holds_alternative<Object>(m_data); }

  // Each throws Error (internal_error) where the value is of another kind.
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;
  const std::string& string() const;
  const Array& array() const;
  Array& array();
  const Object& object() const;
  Object& object();

  // Makes the value an empty array or object, or that text.
  Array& make_array() { return m_data.emplace<Array>(); }
  Object& make_object() { return m_data.emplace<Object>(); }
  void make_string(std::string_view text) { m_data.emplace<std::string>(text); }

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
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> m_data;
};

// Here, where Value is complete, so that the compiler can put them where they are used.
inline Object::Object() = default;
inline Object::Object(Object&&) noexcept = default;
inline Object& Object::operator=(Object&&) noexcept = default;
inline Object::~Object() = default;

inline Value& Object::add(std::string_view name) {
  return m_members.emplace_back(std::piecewise_construct, std::forward_as_tuple(name), std::forward_as_tuple()).second;
}

inline Value& Object::add(std::string_view name, Value value) {
  return m_members.emplace_back(name, std::move(value)).second;
}

} // namespace iasql
