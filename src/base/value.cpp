#include "base/value.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/tree.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace iasql {

namespace {

const Value null_value;

[[noreturn]] void wrong_kind(const char* wanted) {
  throw Error(sqlstate::internal_error, std::string("value is not ") + wanted);
}

} // namespace

Object::Object(std::initializer_list<Member> members) {
  for (const auto& [name, value] : members)
    set(name, value);
}
Object::Object(const Object&) = default;
Object& Object::operator=(const Object&) = default;

const Value* Object::find(std::string_view name) const {
  auto found = std::find_if(begin(), end(), [&](const Member& m) { return m.first == name; });
  return found == end() ? nullptr : &found->second;
}

Value* Object::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

const Value& Object::get(std::string_view name) const {
  const Value* found = find(name);
  return found ? *found : null_value;
}

Value& Object::operator[](std::string_view name) {
  if (Value* found = find(name)) return *found;
  return add(name);
}

void Object::set(std::string_view name, Value value) {
  if (Value* found = find(name))
    *found = std::move(value);
  else
    add(name, std::move(value));
}

void Object::drop_twins() {
  // Most objects are small and have none.
  constexpr std::size_t small = 16;
  if (size() <= small) {
    bool any = false;
    for (std::size_t i = 1; i < size() && !any; ++i)
      any = std::any_of(begin(), begin() + i, [&](const Member& earlier) { return earlier.first == begin()[i].first; });
    if (!any) return;
  }
  std::vector<const Member*> by_name;
  for (const Member& member : m_members)
    by_name.push_back(&member);
  auto is_before = [](const Member* left, const Member* right) {
    return std::tie(left->first, left) < std::tie(right->first, right);
  };
  std::sort(by_name.begin(), by_name.end(), is_before);
  std::vector<bool> is_twin(size());
  for (std::size_t i = 1; i < by_name.size(); ++i)
    if (by_name[i - 1]->first == by_name[i]->first) is_twin[static_cast<std::size_t>(by_name[i - 1] - begin())] = true;
  Member* kept = begin();
  for (std::size_t i = 0; i < size(); ++i) {
    if (is_twin[i]) continue;
    if (kept != begin() + i) *kept = std::move(begin()[i]);
    ++kept;
  }
  m_members.truncate(kept);
}

void Object::reserve(std::size_t count) {
  m_members.reserve(count);
}

bool Object::erase(std::string_view name) {
  Member* kept = std::remove_if(begin(), end(), [&](const Member& m) { return m.first == name; });
  const bool was_there = kept != end();
  m_members.truncate(kept);
  return was_there;
}

bool operator==(const Object& left, const Object& right) {
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const Object::Member& m) {
           const Value* other = right.find(m.first);
           return other && *other == m.second;
         });
}

Value::Value(std::shared_ptr<const Tree> tree) : m_kind(Kind::tree), m_tree(std::move(tree)) {}

Value::Value(const Value& other) {
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
    std::construct_at(&m_text, other.m_text);
    break;
  case Kind::array:
    std::construct_at(&m_array, other.m_array);
    break;
  case Kind::object:
    std::construct_at(&m_object, other.m_object);
    break;
  case Kind::tree:
    std::construct_at(&m_tree, other.m_tree);
    break;
  }
  m_kind = other.m_kind;
}

Value& Value::operator=(const Value& other) {
  return *this = Value(other);
}

void Value::drop_parts() {
  switch (m_kind) {
  case Kind::text:
    return std::destroy_at(&m_text);
  case Kind::array:
    return std::destroy_at(&m_array);
  case Kind::object:
    return std::destroy_at(&m_object);
  case Kind::tree:
    return std::destroy_at(&m_tree);
  default:
    return;
  }
}

const Value& Value::self() const {
  return m_kind == Kind::tree ? m_tree->root : *this;
}

void Value::own() {
  if (m_kind == Kind::tree) *this = Value(m_tree->root);
}

bool Value::boolean() const {
  if (!is_boolean()) wrong_kind("a boolean");
  return self().m_boolean;
}

std::int64_t Value::integer() const {
  if (!is_integer()) wrong_kind("an integer");
  return self().m_integer;
}

double Value::number() const {
  if (is_integer()) return static_cast<double>(self().m_integer);
  if (!is_double()) wrong_kind("a number");
  return self().m_double;
}

const Text& Value::string() const {
  if (!is_string()) wrong_kind("a string");
  return self().m_text;
}

const Array& Value::array() const {
  if (!is_array()) wrong_kind("an array");
  return self().m_array;
}

Array& Value::array() {
  own();
  return const_cast<Array&>(std::as_const(*this).array());
}

const Object& Value::object() const {
  if (!is_object()) wrong_kind("an object");
  return self().m_object;
}

Object& Value::object() {
  own();
  return const_cast<Object&>(std::as_const(*this).object());
}

const Value& Value::operator[](std::string_view name) const {
  return is_object() ? object().get(name) : null_value;
}

const Value& Value::at_path(std::string_view path) const {
  const Value* here = this;
  while (!path.empty()) {
    auto dot = path.find('.');
    here = &(*here)[path.substr(0, dot)];
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return *here;
}

void Value::set_path(std::string_view path, Value value) {
  Value* here = this;
  while (!path.empty()) {
    auto dot = path.find('.');
    if (!here->is_object()) *here = Object();
    here = &here->object()[path.substr(0, dot)];
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  *here = std::move(value);
}

std::string Value::text() const {
  if (is_null()) return {};
  return is_string() ? std::string(string().view()) : write_json(*this);
}

bool operator==(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number() && left.is_integer() != right.is_integer())
    return left.number() == right.number();
  const Value& one = left.self();
  const Value& other = right.self();
  if (one.m_kind != other.m_kind) return false;
  switch (one.m_kind) {
  case Value::Kind::boolean:
    return one.m_boolean == other.m_boolean;
  case Value::Kind::integer:
    return one.m_integer == other.m_integer;
  case Value::Kind::floating:
    return one.m_double == other.m_double;
  case Value::Kind::text:
    return one.m_text == other.m_text;
  case Value::Kind::array:
    return one.m_array == other.m_array;
  case Value::Kind::object:
    return one.m_object == other.m_object;
  default:
    return true;
  }
}

} // namespace iasql
