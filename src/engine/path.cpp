#include "engine/path.hpp"

namespace iasql::engine {

namespace {

struct Step {
  enum class Picks { member, first, each };
  std::string_view name;
  Picks picks = Picks::member;
  std::string_view rest;
};

Step cut(std::string_view path) {
  const auto dot = path.find('.');
  Step step{.name = path.substr(0, dot), .rest = dot == std::string_view::npos ? "" : path.substr(dot + 1)};
  const auto bracket = step.name.find('[');
  if (bracket == std::string_view::npos) return step;
  step.picks = step.name.substr(bracket) == "[0]" ? Step::Picks::first : Step::Picks::each;
  step.name = step.name.substr(0, bracket);
  return step;
}

} // namespace

std::string first_step(std::string_view path) {
  return std::string(cut(path).name);
}

bool is_nested(std::string_view path) {
  return path.find_first_of(".[") != std::string_view::npos;
}

const aws::Member* member_at(const aws::Shape* shape, std::string_view path) {
  const aws::Member* member = nullptr;
  while (!path.empty()) {
    const Step step = cut(path);
    member = shape ? shape->member(step.name) : nullptr;
    if (!member) return nullptr;
    shape = member->shape;
    if (step.picks != Step::Picks::member) {
      if (shape->type != aws::ShapeType::list) return nullptr;
      shape = shape->element.shape;
    }
    path = step.rest;
  }
  return member;
}

Value value_at(const Value& value, std::string_view path) {
  const Value* here = &value;
  while (!path.empty()) {
    const Step step = cut(path);
    here = &(*here)[step.name];
    path = step.rest;
    if (step.picks == Step::Picks::member) continue;
    if (!here->is_array()) return {};
    if (step.picks == Step::Picks::first) {
      if (here->array().empty()) return {};
      here = &here->array().front();
      continue;
    }
    Array all;
    for (const Value& element : here->array())
      if (Value found = value_at(element, path); !found.is_null()) all.push_back(std::move(found));
    return all;
  }
  return *here;
}

void set_at(Value& value, std::string_view path, Value set) {
  Value* here = &value;
  while (!path.empty()) {
    const Step step = cut(path);
    if (!here->is_object()) *here = Object();
    here = &here->object()[step.name];
    path = step.rest;
    if (step.picks == Step::Picks::member) continue;
    if (!here->is_array() || here->array().empty()) *here = Array{Value()};
    here = &here->array().front();
  }
  *here = std::move(set);
}

} // namespace iasql::engine
