#include "base/value.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <tuple>

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
  auto found = std::find_if(m_members.begin(), m_members.end(), [&](const Member& m) { return m.first == name; });
  return found == m_members.end() ? nullptr : &found->second;
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
  return m_members.emplace_back(std::string(name), Value()).second;
}

void Object::set(std::string name, Value value) {
  if (Value* found = find(name))
    *found = std::move(value);
  else
    m_members.emplace_back(std::move(name), std::move(value));
}

void Object::drop_twins() {
  // Most objects are small and have none.
  constexpr std::size_t small = 16;
  if (size() <= small) {
    bool any = false;
    for (std::size_t i = 1; i < size() && !any; ++i)
      any = std::any_of(begin(), begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const Member& earlier) { return earlier.first == m_members[i].first; });
    if (!any) return;
  }
  std::vector<const Member*> by_name;
  for (const Member& member : m_members)
    by_name.push_back(&member);
  auto is_before = [](const Member* left, const Member* right) {
    return std::tie(left->first, left) < std::tie(right->first, right);
  };
  std::sort(by_name.begin(), by_name.end(), is_before);
  std::vector<bool> is_twin(m_members.size());
  bool any = false;
  for (std::size_t i = 1; i < by_name.size(); ++i)
    if (by_name[i - 1]->first == by_name[i]->first)
      is_twin[static_cast<std::size_t>(by_name[i - 1] - m_members.data())] = any = true;
  if (!any) return;
  std::vector<Member> kept;
  for (std::size_t i = 0; i < m_members.size(); ++i)
    if (!is_twin[i]) kept.push_back(std::move(m_members[i]));
  m_members = std::move(kept);
}

void Object::reserve(std::size_t count) {
  m_members.reserve(count);
}

bool Object::erase(std::string_view name) {
  return std::erase_if(m_members, [&](const Member& m) { return m.first == name; }) > 0;
}

bool Object::empty() const {
  return m_members.empty();
}
std::size_t Object::size() const {
  return m_members.size();
}
std::vector<Object::Member>::const_iterator Object::begin() const {
  return m_members.begin();
}
std::vector<Object::Member>::const_iterator Object::end() const {
  return m_members.end();
}
std::vector<Object::Member>::iterator Object::begin() {
  return m_members.begin();
}
std::vector<Object::Member>::iterator Object::end() {
  return m_members.end();
}

bool operator==(const Object& left, const Object& right) {
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const Object::Member& m) {
           const Value* other = right.find(m.first);
           return other && *other == m.second;
         });
}

bool Value::boolean() const {
  if (!is_boolean()) wrong_kind("a boolean");
  return std::get<bool>(m_data);
}

std::int64_t Value::integer() const {
  if (!is_integer()) wrong_kind("an integer");
  return std::get<std::int64_t>(m_data);
}

double Value::number() const {
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(m_data));
  if (!is_double()) wrong_kind("a number");
  return std::get<double>(m_data);
}

const std::string& Value::string() const {
  if (!is_string()) wrong_kind("a string");
  return std::get<std::string>(m_data);
}

const Array& Value::array() const {
  if (!is_array()) wrong_kind("an array");
  return std::get<Array>(m_data);
}

Array& Value::array() {
  return const_cast<Array&>(std::as_const(*this).array());
}

const Object& Value::object() const {
  if (!is_object()) wrong_kind("an object");
  return std::get<Object>(m_data);
}

Object& Value::object() {
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
  return is_string() ? string() : write_json(*this);
}

bool operator==(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number() && left.is_integer() != right.is_integer())
    return left.number() == right.number();
  return left.m_data == right.m_data;
}

} // namespace iasql
