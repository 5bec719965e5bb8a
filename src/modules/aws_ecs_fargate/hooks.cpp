// Between what rows of task definitions, containers and services say and what ECS takes, where the two differ too much
// for the paths of a spec: the sizes of a Fargate task, the pieces of a container's definition, and the container that
// a target group sends to. Together because two of them read or write members of the same containers.

#include "modules/aws_ecs_fargate/hooks.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace iasql::modules {

using namespace engine;

namespace {

// -- sizes: "vCPU0.25-0.5GB" is cpu "256" and memory "512"

struct Cpu {
  const char* vcpus;
  int units;
  int least_memory, most_memory; // MiB, in steps of 1024 but for the least of all
};
constexpr Cpu cpus[] = {{"0.25", 256, 512, 2048},
                        {"0.5", 512, 1024, 4096},
                        {"1", 1024, 2048, 8192},
                        {"2", 2048, 4096, 16384},
                        {"4", 4096, 8192, 30720}};

std::string size_text(const Cpu& cpu, int memory) {
  const std::string gigabytes = memory == 512 ? "0.5" : std::to_string(memory / 1024);
  return std::string("vCPU") + cpu.vcpus + "-" + gigabytes + "GB";
}

struct Size {
  std::string cpu, memory, text; // AWS's two and the column's one
};

// The size for which `is_it` holds; nothing where there is none.
template <typename Predicate>
std::optional<Size> find_size(Predicate is_it) {
  for (const Cpu& cpu : cpus)
    for (int memory = cpu.least_memory; memory <= cpu.most_memory; memory = memory < 1024 ? 1024 : memory + 1024) {
      Size size{std::to_string(cpu.units), std::to_string(memory), size_text(cpu, memory)};
      if (is_it(size)) return size;
    }
  return std::nullopt;
}

// -- containers

struct Image {
  std::string name, tag, digest;
};

Image split_image(std::string text) {
  Image image;
  if (const auto at = text.find('@'); at != std::string::npos) {
    image.digest = text.substr(at + 1);
    text.erase(at);
    // A tag beside a digest says nothing more: it stays with the name.
    image.name = std::move(text);
    return image;
  }
  const auto slash = text.rfind('/');
  const auto colon = text.rfind(':');
  // "registry:5000/name" has a port, not a tag.
  if (colon != std::string::npos && (slash == std::string::npos || colon > slash)) {
    image.tag = text.substr(colon + 1);
    text.erase(colon);
  }
  image.name = std::move(text);
  return image;
}

std::string image_text(const Row& container) {
  std::string image;
  for (const char* column : {"image", "repository_id", "public_repository_id"})
    if (image.empty()) image = container.get(column).text();
  // What a column says takes the place of what the name says.
  if (is_given(container.get("digest"))) return image.substr(0, image.find('@')) + "@" + container.get("digest").text();
  if (is_given(container.get("tag"))) return split_image(image).name + ":" + container.get("tag").text();
  return image;
}

Array environment(const Row& container) {
  const Value variables = read_json(container.get("env_variables").text());
  if (!variables.is_object())
    throw Error(sqlstate::invalid_value,
                "env_variables of container_definition " + container.get("name").text() + " must be a JSON object");
  std::map<std::string, std::string> sorted;
  for (const auto& [name, value] : variables.object())
    sorted[name] = value.text();
  Array pairs;
  for (const auto& [name, value] : sorted)
    pairs.push_back(Object{{"name", name}, {"value", value}});
  return pairs;
}

std::string environment_text(const Array& pairs) {
  std::map<std::string, std::string> sorted;
  for (const Value& pair : pairs)
    sorted[pair["name"].text()] = pair["value"].text();
  Object variables;
  for (const auto& [name, value] : sorted)
    variables.add(name, value);
  return write_json(variables);
}

// The columns that are members of the same kind, by name.
struct SameMember {
  const char *column, *member;
};
constexpr SameMember same_members[] = {{"name", "name"},
                                       {"essential", "essential"},
                                       {"cpu", "cpu"},
                                       {"memory", "memory"},
                                       {"memory_reservation", "memoryReservation"}};
constexpr SameMember port_members[] = {
    {"host_port", "hostPort"}, {"container_port", "containerPort"}, {"protocol", "protocol"}};

Value first_of(const Value& list) {
  return list.is_array() && !list.array().empty() ? list.array().front() : Value();
}

} // namespace

Value task_definition_with_size(Value task_definition) {
  const std::string cpu = task_definition["cpu"].text(), memory = task_definition["memory"].text();
  const auto size = find_size([&](const Size& one) { return one.cpu == cpu && one.memory == memory; });
  task_definition.set_path("cpu_memory", size ? Value(size->text) : Value());
  return task_definition;
}

void set_size_and_log_regions(const Making& making, Request& request) {
  if (request.operation != "RegisterTaskDefinition") return;
  const std::string wanted = making.row.get("cpu_memory").text();
  if (!wanted.empty()) {
    const auto size = find_size([&](const Size& one) { return one.text == wanted; });
    if (!size) throw Error(sqlstate::invalid_value, "cpu_memory " + wanted + " is no size of Fargate");
    request.input.set_path("cpu", size->cpu);
    request.input.set_path("memory", size->memory);
  } else if (making.base.empty()) {
    throw Error(sqlstate::missing_value, "task_definition needs a value for cpu_memory",
                "Fargate has no default for the size of a task");
  }
  Value* containers = request.input.object().find("containerDefinitions");
  if (!containers || !containers->is_array()) return;
  for (Value& container : containers->array())
    if (!container.at_path("logConfiguration.options")["awslogs-group"].is_null() &&
        container.at_path("logConfiguration.options")["awslogs-region"].is_null())
      container.set_path("logConfiguration.options.awslogs-region", making.region);
}

Value container_structure(const Row& container) {
  Value structure = Object();
  for (const auto& [column, member] : same_members)
    if (is_given(container.get(column))) structure.set_path(member, container.get(column));
  structure.set_path("image", image_text(container));
  if (is_given(container.get("container_port")) || is_given(container.get("host_port"))) {
    Value mapping = Object();
    for (const auto& [column, member] : port_members)
      if (is_given(container.get(column))) mapping.set_path(member, container.get(column));
    structure.set_path("portMappings", Array{mapping});
  }
  if (is_given(container.get("env_variables"))) structure.set_path("environment", environment(container));
  if (is_given(container.get("log_group_id"))) {
    structure.set_path("logConfiguration.logDriver", "awslogs");
    structure.set_path("logConfiguration.options",
                       Object{{"awslogs-group", container.get("log_group_id")},
                              {"awslogs-stream-prefix", "awslogs-" + container.get("name").text()}});
  }
  return structure;
}

Row container_row(const Value& structure) {
  Row container;
  for (const auto& [column, member] : same_members)
    container.set(column, structure[member]);
  const Image image = split_image(structure["image"].text());
  for (const char* column : {"image", "repository_id", "public_repository_id"})
    container.set(column, image.name);
  container.set("tag", image.tag.empty() ? Value() : Value(image.tag));
  container.set("digest", image.digest.empty() ? Value() : Value(image.digest));
  const Value mapping = first_of(structure["portMappings"]);
  for (const auto& [column, member] : port_members)
    container.set(column, mapping[member]);
  const Value& pairs = structure["environment"];
  container.set("env_variables", pairs.is_array() ? Value(environment_text(pairs.array())) : Value());
  container.set("log_group_id", structure.at_path("logConfiguration.options")["awslogs-group"]);
  return container;
}

namespace {

// The rows of the containers of a task definition.
Array containers_of(const Row* task_definition) {
  const Value& rows = task_definition ? task_definition->get("container_definition") : Value();
  return rows.is_array() ? rows.array() : Array();
}

Value port_of(const Array& containers, const Value& name) {
  for (const Value& container : containers)
    if (container["name"] == name) return container["container_port"];
  return {};
}

// The first essential container with a port.
Value balanced_container(const Making& making) {
  for (const Value& container : containers_of(making.parent("task_definition_id")))
    if (container["essential"] == Value(true) && !container["container_port"].is_null()) return container;
  throw Error(sqlstate::missing_value, "service " + making.row.get("name").text() + " has a target group to send to, " +
                                           "but no essential container of its task definition has a container_port");
}

// Where the service has load balancers already, ECS is told of them again only if something of them changes: the first
// one's target group, or the port of a container to which traffic goes. All the others stay as they are.
void keep_load_balancers(const Making& making, Request& request) {
  const Array former = containers_of(making.former_parent("task_definition_id")),
              containers = containers_of(making.parent("task_definition_id"));
  const Value target_group = first_of(request.input["loadBalancers"])["targetGroupArn"];
  Array balancers = making.existing["loadBalancers"].array();
  if (!target_group.is_null()) balancers.front().set_path("targetGroupArn", target_group);
  if (!request.input["taskDefinition"].is_null())
    for (Value& balancer : balancers) {
      const Value& name = balancer["containerName"];
      const bool is_there = std::any_of(containers.begin(), containers.end(),
                                        [&](const Value& container) { return container["name"] == name; });
      if (!is_there) {
        const Value chosen = balanced_container(making);
        balancer.set_path("containerName", chosen["name"]);
        balancer.set_path("containerPort", chosen["container_port"]);
      } else if (const Value now = port_of(containers, name);
                 balancer["containerPort"] == port_of(former, name) && !now.is_null()) {
        balancer.set_path("containerPort", now);
      }
    }
  if (Value(balancers) != making.existing["loadBalancers"])
    request.input.set_path("loadBalancers", std::move(balancers));
}

} // namespace

void set_load_balanced_container(const Making& making, Request& request) {
  const bool has_some = !first_of(making.existing["loadBalancers"]).is_null();
  if (making.action == Action::update && has_some) return keep_load_balancers(making, request);
  const Value target_group = first_of(request.input["loadBalancers"])["targetGroupArn"];
  if (target_group.is_null()) return;
  const Value container = balanced_container(making);
  request.input.set_path("loadBalancers", Array{Object{{"targetGroupArn", target_group},
                                                       {"containerName", container["name"]},
                                                       {"containerPort", container["container_port"]}}});
}

} // namespace iasql::modules
