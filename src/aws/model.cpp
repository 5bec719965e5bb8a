#include "aws/model.hpp"

// Who has which model: service() keeps every one that was ever asked for, so that pointers into it hold for the life of
// the process. A model that is compiled in has the modules' operations; the first time that another one is named, the
// whole model is taken from the archive and kept beside it. The two share nothing: what came from the first stays.

#include "aws/embedded_models.hpp"
#include "aws/model_archive.hpp"
#include "aws/model_reader.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"

#include <algorithm>
#include <map>

namespace iasql::aws {

namespace {

[[noreturn]] void unknown(const std::string& message, std::string_view wanted, const std::vector<std::string>& names) {
  std::string near = nearest(wanted, names);
  throw Error(sqlstate::invalid_spec, message, {}, near.empty() ? std::string() : "Did you mean " + near + "?");
}

} // namespace

const Member* Shape::member(std::string_view name) const {
  for (const Member& member : members)
    if (member.name == name) return &member;
  return nullptr;
}

Service::Service(std::string name, std::unique_ptr<ModelReader> reader)
    : name(std::move(name)), m_reader(std::move(reader)) {
  m_reader->read_metadata(*this);
}

Service::~Service() = default;

ModelReader* Service::whole() const {
  if (!m_is_trimmed) return nullptr;
  if (!m_whole) {
    auto archive = open_model_archive();
    auto words = archive ? archive->model(name) : std::nullopt;
    if (words) m_whole = std::make_unique<ModelReader>(std::move(*words));
  }
  return m_whole.get();
}

const Operation* Service::find_operation(std::string_view name) const {
  std::lock_guard lock(m_mutex);
  if (const Operation* found = m_reader->operation(name)) return found;
  ModelReader* more = whole();
  return more ? more->operation(name) : nullptr;
}

const Operation& Service::operation(std::string_view name) const {
  if (const Operation* found = find_operation(name)) return *found;
  unknown("service " + this->name + " has no operation " + std::string(name), name, operation_names());
}

const Waiter* Service::find_waiter(std::string_view name) const {
  std::lock_guard lock(m_mutex);
  if (const Waiter* found = m_reader->waiter(name)) return found;
  ModelReader* more = whole();
  return more ? more->waiter(name) : nullptr;
}

const Shape* Service::find_shape(std::string_view name) const {
  std::lock_guard lock(m_mutex);
  if (const Shape* found = m_reader->shape(name)) return found;
  ModelReader* more = whole();
  return more ? more->shape(name) : nullptr;
}

std::vector<std::string> Service::operation_names() const {
  std::lock_guard lock(m_mutex);
  ModelReader* more = whole();
  return more ? more->operation_names() : m_reader->operation_names();
}

std::vector<std::string> Service::waiter_names() const {
  std::lock_guard lock(m_mutex);
  ModelReader* more = whole();
  return more ? more->waiter_names() : m_reader->waiter_names();
}

std::unique_ptr<Service> read_service(std::string_view name, std::string_view json) {
  return read_service(name, pack_json(read_json(json)));
}

std::unique_ptr<Service> read_service(std::string_view name, PackedWords packed) {
  return std::make_unique<Service>(std::string(name), std::make_unique<ModelReader>(std::move(packed)));
}

namespace {

struct Known {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<Service>, std::less<>> services;
};

Known& known() {
  static Known services;
  return services;
}

} // namespace

const Service& service(std::string_view name) {
  auto& [mutex, services] = known();
  std::lock_guard lock(mutex);
  if (auto found = services.find(name); found != services.end()) return *found->second;
  auto keep = [&, &services = services](std::unique_ptr<ModelReader> reader) -> Service& {
    auto made = std::make_unique<Service>(std::string(name), std::move(reader));
    return *services.emplace(name, std::move(made)).first->second;
  };
  std::vector<std::string> names;
  for (const EmbeddedModel& model : embedded_models()) {
    if (model.service == name) {
      Service& made = keep(std::make_unique<ModelReader>(model.packed));
      made.m_is_trimmed = true;
      return made;
    }
    names.emplace_back(model.service);
  }
  if (auto archive = open_model_archive()) {
    if (auto words = archive->model(name)) return keep(std::make_unique<ModelReader>(std::move(*words)));
    names = archive->service_names();
  }
  unknown("no service model " + std::string(name), name, names);
}

void add_service(std::unique_ptr<Service> service) {
  auto& [mutex, services] = known();
  std::lock_guard lock(mutex);
  std::string name = service->name;
  services.try_emplace(std::move(name), std::move(service));
}

} // namespace iasql::aws
