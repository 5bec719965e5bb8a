// Turns spec, service model and catalogue into Bindings. For each column of a table in turn: where it is in the object
// that a read returns, where it goes in create's input and in the inputs of the updates, and from that its role. What
// the spec says wins; what it leaves open is found by name; what is found nowhere is an error, because a column that
// stands for nothing is a misspelling. The parts are: finding members, binding one column, checking what a spec names,
// ordering the tables, describing the result.

#include "engine/bind.hpp"

#include "base/error.hpp"
#include "base/names.hpp"
#include "engine/path.hpp"

#include <algorithm>
#include <set>

namespace iasql::engine {

namespace {

[[noreturn]] void invalid(const Resource& resource, const std::string& what, const std::string& hint = {}) {
  throw Error(sqlstate::invalid_spec, "table " + resource.table + ": " + what, {}, hint);
}

// -- members

const aws::Member* member_of_column(const aws::Shape* shape, std::string_view column) {
  if (!shape) return nullptr;
  for (const aws::Member& member : shape->members)
    if (snake_case(member.name) == column) return &member;
  return nullptr;
}

// The shape of one object in what a read returns.
const aws::Shape* object_shape(const Resource& resource, const aws::Operation& read) {
  if (resource.read.items == ".") return read.output;
  std::string items = resource.read.items;
  if (items.empty()) {
    if (!read.paginator || read.paginator->result_key.empty())
      invalid(resource, "the spec must say where " + read.name + " has its items");
    items = read.paginator->result_key.front();
  }
  const aws::Member* found = member_at(read.output, items);
  if (!found) invalid(resource, read.name + " has no " + items);
  return found->shape->type == aws::ShapeType::list ? found->shape->element.shape : found->shape;
}

bool has_id(const aws::Shape* shape, const std::string& id) {
  return shape && shape->type == aws::ShapeType::structure && shape->member(id);
}

// Where create's output has the new object: the output itself, or a structure or list at its top.
std::string created_path(const Resource& resource, const aws::Operation& create) {
  if (!create.output) return {};
  if (has_id(create.output, resource.id)) return ".";
  for (const aws::Member& member : create.output->members) {
    const bool listed = member.shape->type == aws::ShapeType::list;
    if (has_id(listed ? member.shape->element.shape : member.shape, resource.id)) return member.name;
  }
  return {};
}

std::string token_path(const aws::Operation& create) {
  if (create.input)
    for (const aws::Member& member : create.input->members)
      if (member.idempotency_token) return member.name;
  return {};
}

// -- one column

struct Operations {
  const aws::Operation* create = nullptr; // nullptr: nothing of this resource is created
  std::vector<const aws::Operation*> updates;
  const aws::Shape* object = nullptr;
};

class ColumnBinder {
public:
  ColumnBinder(const Resource& resource, const Operations& operations, const Table& table,
               const std::map<std::string, const Resource*>& resources)
      : m_resource(resource), m_operations(operations), m_table(table), m_resources(resources) {}

  BoundAttribute bind(const Column& column) const {
    const Attribute* said = said_of(column.name);
    BoundAttribute bound;
    bound.column = column.name;
    bound.type = column.type;
    bound.identity = contains(m_resource.identity, column.name);
    if (const ForeignKey* key = m_table.foreign_key(column.name)) bound.parent = key->table;
    for (const auto& reference : m_resource.references)
      if (reference.column == column.name) {
        bound.refers_to = reference.table;
        bound.reference = &reference;
      }
    if (said) {
      bound.points_by = said->points_by;
      bound.by_hook = said->by_hook;
      bound.once = said->once;
      bound.fluctuates = said->fluctuates;
      bound.for_remove = said->for_remove;
    }
    for (const Membership& membership : m_resource.memberships)
      if (membership.column == column.name) bound.membership = &membership;
    if (bound.membership || bound.by_hook || bound.for_remove) {
      bound.role = bound.by_hook ? said->role : Role::input;
      if (!bound.for_remove) bound.read_path = column.name; // where reading puts it
      return bound;
    }
    if (column.name == "tags" && m_resource.tags.style != Tags::Style::none) {
      bound.tags = true;
      bound.role = Role::input;
      return bound;
    }
    find_paths(bound, said);
    bound.role = role(bound, said ? said->role : Role::inferred);
    drop_paths_that_the_role_forbids(bound);
    bound.shape = shape(bound);
    bound.meaning = meaning(bound, said ? said->meaning : Meaning::plain);
    return bound;
  }

private:
  static bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  // Whether another column carries a change of this one.
  bool is_derived_from(const std::string& column) const {
    for (const Derived& derived : m_resource.derived)
      for (const auto& [theirs, ours] : derived.matching)
        if (ours == column) return true;
    return false;
  }

  const Attribute* said_of(const std::string& column) const {
    for (const Attribute& attribute : m_resource.attributes)
      if (attribute.column == column) return &attribute;
    return nullptr;
  }

  // The cloud id's member of the table that the column points at: what a foreign key is in AWS's terms.
  std::string parent_id(const BoundAttribute& bound) const {
    auto parent = m_resources.find(bound.parent);
    return parent == m_resources.end() ? std::string() : parent->second->id;
  }

  std::string path_in(const aws::Shape* shape, const BoundAttribute& bound, const std::string& said) const {
    if (!said.empty()) return member_at(shape, said) ? said : std::string();
    if (const aws::Member* member = member_of_column(shape, bound.column)) return member->name;
    const std::string id = bound.points_by.empty() ? parent_id(bound) : std::string();
    return !id.empty() && member_at(shape, id) ? id : std::string();
  }

  void find_paths(BoundAttribute& bound, const Attribute* said) const {
    const std::string member = said ? said->member : std::string();
    const std::string input = said && !said->input_member.empty() ? said->input_member : member;
    bound.read_path = path_in(m_operations.object, bound, member);
    if (!member.empty() && bound.read_path.empty() && input == member)
      invalid(m_resource, "objects have no member " + member + " for column " + bound.column);
    if (m_operations.create) {
      bound.create_path = path_in(m_operations.create->input, bound, input);
      if (!bound.create_path.empty())
        bound.required = member_at(m_operations.create->input, first_step(bound.create_path))->required;
    }
    const std::string id_input = m_resource.id_input.empty() ? m_resource.id : m_resource.id_input;
    const std::string changed = said && !said->update_member.empty() ? said->update_member : input;
    for (const aws::Operation* update : m_operations.updates) {
      std::string path = path_in(update->input, bound, changed);
      // The member that says which object is meant, or where it is, is no change of it.
      if (!path.empty() && path != id_input && !contains(m_resource.within, bound.column))
        bound.update_paths.emplace(update->name, path);
    }
    if (!said || said->input_member.empty()) return;
    if (bound.create_path.empty() && bound.update_paths.empty())
      invalid(m_resource, "no input has a member " + input + " for column " + bound.column);
  }

  Role role(const BoundAttribute& bound, Role said) const {
    if (said != Role::inferred) return said;
    if (!bound.update_paths.empty()) return Role::input;
    if (!bound.create_path.empty()) return Role::create_only;
    if (!bound.read_path.empty()) return Role::output;
    std::vector<std::string> members;
    if (m_operations.object)
      for (const aws::Member& member : m_operations.object->members)
        members.push_back(snake_case(member.name));
    const std::string near = nearest(bound.column, members);
    invalid(m_resource, "column " + bound.column + " is no member of anything that the spec's operations take or give",
            near.empty() ? std::string() : "The nearest member is " + near);
  }

  // Where the spec gives a role against what was found, and where a hook builds the requests.
  void drop_paths_that_the_role_forbids(BoundAttribute& bound) const {
    if (bound.role == Role::output) {
      bound.create_path.clear();
      bound.required = false;
    }
    if (bound.role != Role::input) bound.update_paths.clear();
    if (!m_resource.request_hook) {
      if (bound.role == Role::input && bound.update_paths.empty() && !is_derived_from(bound.column))
        invalid(m_resource, "column " + bound.column + " is an input, but no update takes it");
      return;
    }
    bound.create_path.clear();
    bound.update_paths.clear();
    if (bound.role == Role::input)
      for (const aws::Operation* update : m_operations.updates)
        bound.update_paths.emplace(update->name, "");
  }

  const aws::Shape* shape(const BoundAttribute& bound) const {
    const aws::Member* member = nullptr;
    if (!bound.create_path.empty()) member = member_at(m_operations.create->input, bound.create_path);
    for (const aws::Operation* update : m_operations.updates) {
      if (member) break;
      auto path = bound.update_paths.find(update->name);
      if (path != bound.update_paths.end() && !path->second.empty()) member = member_at(update->input, path->second);
    }
    if (!member && !bound.read_path.empty()) member = member_at(m_operations.object, bound.read_path);
    return member ? member->shape : nullptr;
  }

  static Meaning meaning(const BoundAttribute& bound, Meaning said) {
    const bool counted = bound.shape && bound.shape->type == aws::ShapeType::long_integer;
    if (said == Meaning::plain && counted && bound.type == "timestamp with time zone")
      return Meaning::epoch_milliseconds;
    return said;
  }

  const Resource& m_resource;
  const Operations& m_operations;
  const Table& m_table;
  const std::map<std::string, const Resource*>& m_resources;
};

// -- parts

BoundAttribute bind_part(const Resource& resource, const Operations& operations, const Part& part, const Table& table,
                         const std::map<std::string, const Resource*>& resources) {
  BoundAttribute bound;
  bound.column = part.table;
  bound.type = "part";
  bound.part = &part;
  bound.part_table = &table;
  const std::string input = part.input_member.empty() ? part.member : part.input_member;
  const aws::Member* list = member_at(operations.object, part.member);
  if (list) bound.read_path = part.member;
  if (operations.create && member_at(operations.create->input, input)) {
    list = member_at(operations.create->input, input);
    bound.create_path = input;
    bound.required = operations.create->input->member(first_step(input))->required;
  }
  for (const aws::Operation* update : operations.updates) {
    if (!member_at(update->input, input)) continue;
    list = member_at(update->input, input);
    bound.update_paths.emplace(update->name, input);
  }
  if (!list || list->shape->type != aws::ShapeType::list)
    invalid(resource, "part " + part.table + " is no list " + part.member +
                          " of anything that the spec's operations take or give");
  bound.shape = list->shape;
  bound.role = !bound.update_paths.empty()  ? Role::input
               : !bound.create_path.empty() ? Role::create_only
                                            : Role::output;

  for (const Column& column : table.columns) {
    if (!column.of_module || column.name == "id" || column.name == "region" || column.name == part.owner) continue;
    BoundAttribute member;
    member.column = column.name;
    member.type = column.type;
    member.role = bound.role;
    if (const ForeignKey* key = table.foreign_key(column.name)) member.parent = key->table;
    auto said = std::find_if(part.attributes.begin(), part.attributes.end(),
                             [&](const Attribute& attribute) { return attribute.column == column.name; });
    if (said != part.attributes.end()) {
      member.points_by = said->points_by;
      member.meaning = said->meaning;
    }
    if (part.to_structure) {
      const aws::Member* same = member_of_column(list->shape->element.shape, column.name);
      if (same && member.parent.empty()) member.shape = same->shape;
      member.by_hook = true;
    } else if (column.name != part.element) {
      const aws::Shape* structure = list->shape->element.shape;
      std::string path = said == part.attributes.end() ? std::string() : said->member;
      if (path.empty())
        if (const aws::Member* found = member_of_column(structure, column.name)) path = found->name;
      if (auto parent = resources.find(member.parent); path.empty() && parent != resources.end())
        path = parent->second->id;
      const aws::Member* found = member_at(structure, path);
      if (!found)
        invalid(resource,
                "elements of " + part.member + " have no member for column " + column.name + " of " + part.table);
      member.read_path = member.create_path = path;
      member.shape = found->shape;
    }
    bound.members.push_back(std::move(member));
  }
  return bound;
}

// -- one table

void check_columns(const Resource& resource, const Table& table) {
  const auto check = [&](const std::string& column, const char* where) {
    if (table.column(column)) return;
    std::vector<std::string> names;
    for (const Column& other : table.columns)
      names.push_back(other.name);
    const std::string near = nearest(column, names);
    invalid(resource, std::string(where) + " names column " + column + ", which the table does not have",
            near.empty() ? std::string() : "The nearest column is " + near);
  };
  for (const std::string& column : resource.identity)
    check(column, "identity");
  for (const std::string& column : resource.one_of)
    check(column, "one_of");
  for (const std::string& column : resource.protected_with)
    check(column, "protected_with");
  for (const Attribute& attribute : resource.attributes)
    check(attribute.column, "attributes");
  for (const auto& reference : resource.references)
    check(reference.column, "references");
  for (const auto& [column, filter] : resource.read.filters)
    check(column, "filters");
  for (const std::string& column : resource.within)
    check(column, "within");
  for (const Membership& membership : resource.memberships)
    check(membership.column, "memberships");
  for (const Derived& derived : resource.derived) {
    check(derived.column, "derived");
    for (const auto& [theirs, ours] : derived.matching)
      check(ours, "derived");
  }
  for (const NotYet& refusal : resource.not_yet)
    check(refusal.columns.front(), "not_yet");
  if (!resource.tags.arn_column.empty()) check(resource.tags.arn_column, "tags");
}

void check_operations(const Resource& resource, const aws::Service& service, const Binding& binding) {
  const aws::Operation& read = service.operation(resource.read.operation);
  if (!resource.read.by.empty() && !member_at(read.input, resource.read.by))
    invalid(resource, read.name + " takes no " + resource.read.by);
  const aws::Operation& list = resource.read.list.empty() ? read : service.operation(resource.read.list);
  if (!resource.read.parent.empty() && !member_at(list.input, resource.read.parent))
    invalid(resource, list.name + " takes no " + resource.read.parent);
  for (const std::string& member : resource.read.beside)
    if (!member_at(read.output, member)) invalid(resource, read.name + " has no " + member);
  for (const auto* conditions : {&resource.read.only, &resource.read.gone})
    for (const auto& [path, value] : *conditions)
      if (!member_at(binding.object, path)) invalid(resource, "objects of " + read.name + " have no member " + path);
  if (!member_at(binding.object, resource.id))
    invalid(resource, "objects of " + read.name + " have no member " + resource.id);
  for (const auto& protection : resource.protections)
    if (!member_at(binding.object, protection.member))
      invalid(resource, "objects of " + read.name + " have no member " + protection.member);
  const std::string id_input = resource.id_input.empty() ? resource.id : resource.id_input;
  std::vector<const Write*> by_id = {&resource.remove, &resource.drain};
  for (const Write& update : resource.update)
    by_id.push_back(&update);
  std::vector<const Write*> writes = by_id;
  writes.push_back(&resource.create);
  for (const Write* write : writes)
    if (!write->waiter.empty() && !service.find_waiter(write->waiter))
      invalid(resource, "service " + service.name + " has no waiter " + write->waiter);
  for (const Holders& holders : resource.holders) {
    const aws::Operation& operation = service.operation(holders.operation);
    if (!member_at(operation.output, holders.names)) invalid(resource, operation.name + " has no " + holders.names);
    if (!member_at(operation.input, resource.id)) invalid(resource, operation.name + " takes no " + resource.id);
  }
  for (const Membership& membership : resource.memberships) {
    if (!member_at(service.operation(membership.read_operation).output, membership.elements))
      invalid(resource, membership.read_operation + " has no " + membership.elements);
    for (const std::string& operation : {membership.add_operation, membership.remove_operation})
      if (!member_at(service.operation(operation).input, membership.member))
        invalid(resource, operation + " takes no " + membership.member);
  }
  for (const Write* write : by_id) {
    if (write->operation.empty()) continue;
    const aws::Operation& operation = service.operation(write->operation);
    if (!resource.request_hook && !member_at(operation.input, id_input))
      invalid(resource, operation.name + " takes no " + id_input);
  }
  if (resource.tags.style == Tags::Style::none) return;
  for (const std::string* operation :
       {&resource.tags.read_operation, &resource.tags.add_operation, &resource.tags.remove_operation})
    if (!operation->empty() && !member_at(service.operation(*operation).input, resource.tags.arn_member))
      invalid(resource, *operation + " takes no " + resource.tags.arn_member);
}

bool is_arn_column(const Resource& resource, const std::string& column) {
  return column == "arn" || column == resource.table + "_arn" || column == resource.tags.arn_column;
}

Binding bind_resource(const Module& module, const Resource& resource, const Table& table, const Catalogue& catalogue,
                      const std::map<std::string, const Resource*>& resources) {
  const aws::Service& service = aws::service(resource.service);
  check_columns(resource, table);

  Operations operations;
  operations.object = object_shape(resource, service.operation(resource.read.operation));
  if (!resource.create.operation.empty()) operations.create = &service.operation(resource.create.operation);
  for (const Write& update : resource.update)
    operations.updates.push_back(&service.operation(update.operation));

  Binding binding;
  binding.resource = &resource;
  binding.module = &module;
  binding.table = &table;
  binding.service = &service;
  binding.object = operations.object;
  if (operations.create) {
    binding.token_path = token_path(*operations.create);
    binding.created_path = created_path(resource, *operations.create);
  }
  check_operations(resource, service, binding);

  const ColumnBinder binder(resource, operations, table, resources);
  for (const Column& column : table.columns) {
    // A row's number and its region stand for nothing in the object; region is where it is.
    const bool local = (column.name == table.primary_key && column.name == "id") || column.name == "region";
    if (local || !column.of_module) continue;
    BoundAttribute bound = binder.bind(column);
    if (bound.read_path == resource.id) binding.id_column = column.name;
    if (bound.role == Role::output && is_arn_column(resource, column.name)) binding.arn_column = column.name;
    binding.attributes.push_back(std::move(bound));
  }
  for (const Part& part : resource.parts)
    binding.attributes.push_back(bind_part(resource, operations, part, catalogue.table(part.table), resources));
  return binding;
}

// -- order

// Parents before children, by foreign key and by reference. Where references close a circle keys alone decide, and
// where keys do, the modules' order stands.
std::vector<Binding> parents_first(std::vector<Binding> bindings) {
  std::vector<Binding> ordered;
  std::set<std::string> waiting;
  for (const Binding& binding : bindings)
    waiting.insert(binding.name());
  while (!bindings.empty()) {
    const auto points_at_waiting = [&](const Binding& binding, const Table& table) {
      return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& key) {
        return key.table != binding.name() && waiting.contains(key.table);
      });
    };
    // What a part points at, its owner points at.
    const auto keys_are_free = [&](const Binding& binding) {
      const auto& attributes = binding.attributes;
      return !points_at_waiting(binding, *binding.table) &&
             std::none_of(attributes.begin(), attributes.end(), [&](const BoundAttribute& attribute) {
               return attribute.part && points_at_waiting(binding, *attribute.part_table);
             });
    };
    const auto is_free = [&](const Binding& binding) {
      const auto& attributes = binding.attributes;
      return keys_are_free(binding) && std::none_of(attributes.begin(), attributes.end(), [&](const auto& attribute) {
               return attribute.refers_to != binding.name() && waiting.contains(attribute.refers_to);
             });
    };
    auto next = std::find_if(bindings.begin(), bindings.end(), is_free);
    if (next == bindings.end()) next = std::find_if(bindings.begin(), bindings.end(), keys_are_free);
    if (next == bindings.end()) next = bindings.begin();
    waiting.erase(next->name());
    ordered.push_back(std::move(*next));
    bindings.erase(next);
  }
  return ordered;
}

const Module* find_module(const std::vector<Module>& modules, const std::string& name) {
  auto found = std::find_if(modules.begin(), modules.end(), [&](const Module& module) { return module.name == name; });
  return found == modules.end() ? nullptr : &*found;
}

void check_versions(const std::vector<Module>& modules, const Catalogue& catalogue) {
  for (const InstalledModule& installed : catalogue.modules) {
    const Module* module = find_module(modules, installed.name);
    if (!module)
      throw Error(sqlstate::upgrade_needed, "this version of iasql has no module " + installed.name, {},
                  "Install the version of iasql that made its tables, or uninstall the module with it");
    if (module->version != installed.version)
      throw Error(sqlstate::upgrade_needed,
                  "the tables of module " + installed.name + " are of version " + installed.version +
                      ", the library of version " + module->version,
                  {}, "SELECT * FROM iasql_upgrade()");
  }
}

} // namespace

bool Binding::is_created_with(const BoundAttribute& attribute) const {
  if (resource->request_hook || attribute.tags || attribute.by_hook || attribute.for_remove) return true;
  if (attribute.once || attribute.membership) return false;
  return !attribute.create_path.empty() || attribute.update_paths.empty();
}

bool Binding::is_sent_after_create(const BoundAttribute& attribute) const {
  return attribute.is_input() && !attribute.once && !is_created_with(attribute);
}

const BoundAttribute* Binding::attribute(std::string_view column) const {
  auto found = std::find_if(attributes.begin(), attributes.end(),
                            [&](const BoundAttribute& attribute) { return attribute.column == column; });
  return found == attributes.end() ? nullptr : &*found;
}

const Binding* Bindings::find(std::string_view table) const {
  auto found = std::find_if(m_bindings.begin(), m_bindings.end(),
                            [&](const Binding& binding) { return binding.name() == table; });
  return found == m_bindings.end() ? nullptr : &*found;
}

const Binding& Bindings::of(std::string_view table) const {
  const Binding* found = find(table);
  if (!found) throw Error(sqlstate::internal_error, "no installed module has a table " + std::string(table));
  return *found;
}

Bindings bind(const std::vector<Module>& modules, const Catalogue& catalogue) {
  check_versions(modules, catalogue);
  std::vector<const Module*> installed;
  std::map<std::string, const Resource*> resources, owners;
  for (const Module& module : modules) {
    const auto is_this = [&](const InstalledModule& other) { return other.name == module.name; };
    if (std::none_of(catalogue.modules.begin(), catalogue.modules.end(), is_this)) continue;
    installed.push_back(&module);
    for (const Resource& resource : module.resources) {
      resources.emplace(resource.table, &resource);
      for (const Part& part : resource.parts)
        owners.emplace(part.table, &resource);
    }
  }

  std::vector<Binding> bindings;
  for (const Module* module : installed) {
    for (const std::string& name : module->tables) {
      const Table& table = catalogue.table(name);
      if (auto resource = resources.find(name); resource != resources.end()) {
        bindings.push_back(bind_resource(*module, *resource->second, table, catalogue, resources));
        continue;
      }
      Binding binding;
      binding.module = module;
      binding.table = &table;
      if (auto owner = owners.find(name); owner != owners.end()) {
        binding.owner = owner->second;
        bindings.push_back(std::move(binding));
        continue;
      }
      const auto is_this = [&](const Module::ConfigurationTable& other) { return other.table == name; };
      auto found = std::find_if(module->configuration.begin(), module->configuration.end(), is_this);
      if (found == module->configuration.end())
        throw Error(sqlstate::invalid_spec, "module " + module->name + " says nothing of its table " + name);
      binding.configuration = found->kind;
      bindings.push_back(std::move(binding));
    }
  }
  // A part's columns are checked like its owner's.
  for (Binding& binding : bindings)
    if (binding.owner)
      for (const Binding& owner : bindings)
        if (owner.resource == binding.owner) binding.attributes = owner.attribute(binding.name())->members;
  Bindings result;
  result.m_bindings = parents_first(std::move(bindings));
  return result;
}

// -- describing

namespace {

std::string describe_change(const Resource& resource, const BoundAttribute& attribute) {
  switch (attribute.role) {
  case Role::input:
    return "update";
  case Role::create_only:
    return !resource.revision_of.empty() ? "new revision" : "replace";
  case Role::output:
  case Role::inferred:
    break;
  }
  return "ignored";
}

std::string describe_role(const BoundAttribute& attribute) {
  switch (attribute.role) {
  case Role::input:
    return "input";
  case Role::create_only:
    return "create-only";
  case Role::output:
  case Role::inferred:
    break;
  }
  return "output";
}

std::string describe_meaning(Meaning meaning) {
  switch (meaning) {
  case Meaning::plain:
    break;
  case Meaning::document:
    return ", document";
  case Meaning::cidr_block:
    return ", CIDR block";
  case Meaning::caseless:
    return ", without regard to case";
  case Meaning::epoch_milliseconds:
    return ", epoch milliseconds";
  }
  return {};
}

std::string describe_paths(const Binding& binding, const BoundAttribute& attribute) {
  const Resource& resource = *binding.resource;
  const bool hooked = resource.request_hook != nullptr;
  const auto or_none = [](const std::string& path) { return path.empty() ? std::string("-") : path; };
  if (attribute.tags) {
    const Tags& tags = resource.tags;
    const std::string from =
        tags.read_operation.empty() ? tags.read_member : tags.read_operation + " " + tags.read_member;
    return "read " + from + "; create " + tags.create_member + "; update " + tags.add_operation + ", " +
           tags.remove_operation;
  }
  if (const Membership* membership = attribute.membership)
    return "read " + membership->read_operation + " " + membership->elements + "; create -; update " +
           membership->add_operation + ", " + membership->remove_operation;
  if (attribute.by_hook) return "read, create and update by hook";
  if (attribute.for_remove) return "kept for " + resource.remove.operation;
  std::string text = "read " + or_none(attribute.read_path) + "; create ";
  text += hooked && attribute.is_input() ? "by hook" : or_none(attribute.create_path);
  text += "; update ";
  std::string updates;
  for (const auto& [operation, path] : attribute.update_paths) {
    if (!updates.empty()) updates += ", ";
    updates += operation + " " + (path.empty() ? "by hook" : path);
  }
  return text + or_none(updates);
}

} // namespace

std::string describe(const Binding& binding) {
  if (binding.owner) return binding.name() + ": part of " + binding.owner->table + ", in its requests\n";
  if (!binding.stands_for_objects())
    return binding.name() + ": configuration of the account, never part of a plan to apply\n";
  const Resource& resource = *binding.resource;
  std::string text = binding.name() + ": " + resource.service + ", id " + resource.id + "\n";
  for (const BoundAttribute& attribute : binding.attributes) {
    text += "  " + attribute.column + " " + attribute.type + ": " + describe_role(attribute) + ", on change " +
            describe_change(resource, attribute) + "; " + describe_paths(binding, attribute);
    text += attribute.required ? "; required" : "; optional";
    text += describe_meaning(attribute.meaning);
    if (attribute.identity) text += ", identity";
    if (std::count(resource.one_of.begin(), resource.one_of.end(), attribute.column) > 0)
      text += ", one of several (another of them: replace)";
    if (attribute.is_secret()) text += ", secret";
    if (attribute.once) text += ", asked for once";
    if (attribute.fluctuates) text += ", fluctuates";
    if (!attribute.parent.empty()) text += ", row of " + attribute.parent;
    if (!attribute.points_by.empty()) text += " by its " + attribute.points_by;
    if (!attribute.refers_to.empty()) text += ", id of " + attribute.refers_to;
    if (attribute.reference && !attribute.reference->alias.empty())
      text += " or \"" + attribute.reference->alias + "\"";
    if (attribute.column == binding.id_column) text += ", cloud id";
    if (attribute.column == binding.arn_column) text += ", ARN";
    text += "\n";
  }
  for (const Derived& derived : resource.derived) {
    text += "  " + derived.column + " left open: all of " + derived.table;
    for (const auto& [theirs, ours] : derived.matching)
      text += ", " + theirs + " as " + ours;
    text += "\n";
  }
  if (!binding.token_path.empty()) text += "  idempotency token: " + binding.token_path + "\n";
  if (!binding.created_path.empty()) text += "  new object in create's output: " + binding.created_path + "\n";
  return text;
}

} // namespace iasql::engine
