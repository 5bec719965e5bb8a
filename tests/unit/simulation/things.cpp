#include "simulation/things.hpp"

#include "aws/model.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace iasql::simulation {

namespace {

const std::string service_name = "things";

std::string with_noun(std::string text, const std::string& noun) {
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos; at += noun.size())
    text.replace(at, 1, noun);
  return text;
}

// The operations of one kind as botocore would describe them.
std::string operations_json(const ThingKind& kind) {
  std::string operations = R"(
    "Create@": {"name": "Create@", "http": {"method": "POST", "requestUri": "/"},
      "input": {"shape": "Create@Request"}, "output": {"shape": "@Result"}},
    "Describe@": {"name": "Describe@", "http": {"method": "POST", "requestUri": "/"},
      "input": {"shape": "Describe@Request"}, "output": {"shape": "@List"}},
    "Delete@": {"name": "Delete@", "http": {"method": "POST", "requestUri": "/"},
      "input": {"shape": "Delete@Request"}},)";
  for (std::string suffix : kind.split_update ? std::vector<std::string>{"A", "B"} : std::vector<std::string>{""})
    operations += R"("Update@)" + suffix + R"(": {"name": "Update@)" + suffix +
                  R"(", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Update@)" + suffix +
                  R"(Request"}},)";
  return with_noun(operations, kind.noun);
}

std::string shapes_json(const ThingKind& kind) {
  const std::string text = R"({"shape": "SimulatedText"})", number = R"({"shape": "SimulatedNumber"})";
  std::string inputs = R"("A": )" + number + R"(, "B": )" + number + R"(, "Size": )" + number;
  if (kind.named) inputs += R"(, "Name": )" + text;
  if (kind.parent) inputs += R"(, "ParentId": )" + text;
  std::string create = inputs;
  if (kind.taggable) create += R"(, "Tags": {"shape": "SimulatedTags"})";
  if (kind.token) create += R"(, "ClientToken": {"shape": "SimulatedText", "idempotencyToken": true})";
  std::string required = kind.named ? R"("required": ["Name"], )" : "";
  std::string shapes = R"("Create@Request": {"type": "structure", )" + required + R"("members": {)" + create + R"(}},
    "@Thing": {"type": "structure", "members": {"ThingId": )" +
                       text + ", " + inputs + R"(, "Tags": {"shape": "SimulatedTags"}}},
    "@Result": {"type": "structure", "members": {"Thing": {"shape": "@Thing"}}},
    "@Things": {"type": "list", "member": {"shape": "@Thing"}},
    "@List": {"type": "structure", "members": {"Things": {"shape": "@Things"}, "NextToken": )" +
                       text + R"(}},
    "Describe@Request": {"type": "structure", "members": {"ThingIds": {"shape": "SimulatedTexts"},
      "NextToken": )" + text +
                       R"(, "MaxResults": )" + number + R"(}},
    "Delete@Request": {"type": "structure", "required": ["ThingId"], "members": {"ThingId": )" +
                       text + "}},";
  auto update = [&](const std::string& suffix, const std::string& members) {
    shapes += R"("Update@)" + suffix + R"(Request": {"type": "structure", "required": ["ThingId"], "members": )" +
              R"({"ThingId": )" + text + ", " + members + "}},";
  };
  if (kind.split_update) {
    update("A", R"("A": )" + number);
    update("B", R"("B": )" + number);
  } else {
    update("", R"("A": )" + number + R"(, "B": )" + number);
  }
  return with_noun(shapes, kind.noun);
}

std::string model_json() {
  std::string operations, shapes, pagination;
  for (const ThingKind& kind : thing_kinds()) {
    operations += operations_json(kind);
    shapes += shapes_json(kind);
    pagination += (pagination.empty() ? "" : ",") +
                  with_noun(R"("Describe@": {"input_token": "NextToken", "output_token": "NextToken",
                               "limit_key": "MaxResults", "result_key": "Things"})",
                            kind.noun);
  }
  return R"({"metadata": {"protocol": "json", "protocols": ["json"], "jsonVersion": "1.1",
    "targetPrefix": "Simulated", "endpointPrefix": "simulated", "serviceId": "Simulated", "apiVersion": "2026-11-22"},
    "operations": {)" +
         operations + R"(
    "TagThing": {"name": "TagThing", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "TagThingRequest"}},
    "UntagThing": {"name": "UntagThing", "http": {"method": "POST", "requestUri": "/"},
      "input": {"shape": "UntagThingRequest"}}},
    "shapes": {)" +
         shapes + R"(
    "TagThingRequest": {"type": "structure", "required": ["ThingId", "Tags"], "members": {
      "ThingId": {"shape": "SimulatedText"}, "Tags": {"shape": "SimulatedTags"}}},
    "UntagThingRequest": {"type": "structure", "required": ["ThingId", "TagKeys"], "members": {
      "ThingId": {"shape": "SimulatedText"}, "TagKeys": {"shape": "SimulatedTexts"}}},
    "SimulatedText": {"type": "string"}, "SimulatedNumber": {"type": "integer"},
    "SimulatedTexts": {"type": "list", "member": {"shape": "SimulatedText"}},
    "SimulatedTags": {"type": "list", "member": {"shape": "SimulatedTag"}},
    "SimulatedTag": {"type": "structure", "members": {"Key": {"shape": "SimulatedText"},
      "Value": {"shape": "SimulatedText"}}}},
    "pagination": {)" +
         pagination + R"(}, "waiters": {}})";
}

void add_model() {
  aws::add_service(aws::read_service(service_name, model_json()));
}

engine::Resource resource_of(const ThingKind& kind) {
  engine::Resource resource{
      .table = kind.table,
      .service = service_name,
      .id = kind.name_is_id ? "Name" : "ThingId",
      .id_input = "ThingId",
      .id_output = kind.name_is_id ? "Thing.Name" : "Thing.ThingId",
      .name = kind.named ? "{name}" : kind.table + " {a}",
      .read = {.operation = "Describe" + kind.noun,
               .items = "Things",
               .by = "ThingIds",
               .absent_on = {"ThingNotFound"}},
      .create = {.operation = "Create" + kind.noun},
      .remove = {.operation = "Delete" + kind.noun},
      .absent_on = {"ThingNotFound"},
      .blocked_on = {"DependencyViolation"},
  };
  if (kind.named) {
    resource.identity = {"name"};
    resource.exists_on = {"ThingAlreadyExists"};
  }
  if (kind.split_update)
    resource.update = {{.operation = "Update" + kind.noun + "A"}, {.operation = "Update" + kind.noun + "B"}};
  else
    resource.update = {{.operation = "Update" + kind.noun}};
  if (kind.taggable)
    resource.tags = {.style = engine::Tags::Style::key_value_list,
                     .create_member = "Tags",
                     .read_member = "Tags",
                     .add_operation = "TagThing",
                     .remove_operation = "UntagThing",
                     .arn_member = "ThingId",
                     .keys_member = "TagKeys"};
  if (kind.parent) resource.attributes = {{.column = "parent_id", .member = "ParentId"}};
  return resource;
}

Value shown(const CloudObject& object, const ThingKind& kind) {
  Object properties = object.properties;
  if (kind.taggable) {
    Array tags;
    for (const auto& [key, value] : object.tags)
      tags.push_back(Object{{"Key", key}, {"Value", value}});
    properties.set("Tags", std::move(tags));
  }
  return properties;
}

Value create(Request& request, const ThingKind& kind) {
  Cloud& cloud = request.cloud;
  Object result;
  auto answer = [&](const CloudObject& object) {
    result.set("Thing", shown(object, kind));
    return result;
  };
  const Value& token = request.input("ClientToken");
  if (kind.token && token.is_string())
    if (CloudObject* made =
            cloud.find_if([&](const CloudObject& o) { return o.type == kind.table && o.token == token.string(); }))
      return answer(*made);
  const Value& name = request.input("Name");
  if (kind.named && cloud.find_if([&](const CloudObject& o) {
        return o.type == kind.table && o.region == request.call.region && o.properties.get("Name") == name;
      }))
    request.refuse("ThingAlreadyExists", "There is a thing of the name " + name.text());
  if (kind.parent && !cloud.find("hidden", request.input("ParentId").text(), request.call.region))
    request.refuse("ParentNotFound", "There is no parent " + request.input("ParentId").text());
  if (request.input("A") == Value(13)) request.refuse("InvalidParameter", "13 is an unlucky number");

  std::string id = kind.name_is_id ? name.text() : cloud.next_id(kind.table);
  Object properties{{"ThingId", id}};
  for (const char* member : {"A", "B", "Size"})
    properties.set(member, request.input(member).is_null() ? Value(1) : request.input(member));
  if (kind.named) properties.set("Name", name);
  if (kind.parent) properties.set("ParentId", request.input("ParentId"));
  CloudObject& object = cloud.create(request, kind.table, id, std::move(properties));
  if (token.is_string()) object.token = token.string();
  if (request.input("Tags").is_array())
    for (const Value& tag : request.input("Tags").array())
      object.tags[tag["Key"].string()] = tag["Value"].text();
  return answer(object);
}

Value describe(Request& request, const ThingKind& kind) {
  std::vector<Value> found;
  auto readable = request.cloud.readable(kind.table, request.call.region, request.now);
  if (const Value& wanted = request.input("ThingIds"); wanted.is_array()) {
    for (const Value& id : wanted.array()) {
      auto object =
          std::find_if(readable.begin(), readable.end(), [&](CloudObject* o) { return o->id == id.string(); });
      if (object == readable.end()) request.refuse("ThingNotFound", "There is no thing " + id.string());
      found.push_back(shown(**object, kind));
    }
  } else {
    for (CloudObject* object : readable)
      found.push_back(shown(*object, kind));
  }
  return request.cloud.page(request, "Things", found);
}

CloudObject& existing(Request& request, const std::string& type) {
  const std::string id = request.input("ThingId").text();
  CloudObject* object = request.cloud.find_if([&](const CloudObject& o) {
    return o.id == id && o.region == request.call.region && (type.empty() || o.type == type);
  });
  if (!object) request.refuse("ThingNotFound", "There is no thing " + id);
  return *object;
}

Value update(Request& request, const ThingKind& kind) {
  CloudObject& object = existing(request, kind.table);
  for (const char* member : {"A", "B"})
    if (request.input(member) == Value(13)) request.refuse("InvalidParameter", "13 is an unlucky number");
  for (const char* member : {"A", "B"})
    if (!request.input(member).is_null()) {
      object.properties.set(member, request.input(member));
      if (request.maker.empty())
        object.meddled.insert(member);
      else
        object.meddled.erase(member);
    }
  return Object();
}

Value remove(Request& request, const ThingKind& kind) {
  CloudObject& object = existing(request, kind.table);
  if (kind.table == "hidden" && request.cloud.find_if([&](const CloudObject& o) {
        return o.type == "child" && o.properties.get("ParentId").text() == object.id;
      }))
    request.refuse("DependencyViolation", "The thing has children");
  request.cloud.remove(object, request.now);
  return Object();
}

Value tag(Request& request) {
  CloudObject& object = existing(request, "");
  for (const Value& tag : request.input("Tags").array())
    object.tags[tag["Key"].string()] = tag["Value"].text();
  return Object();
}

Value untag(Request& request) {
  CloudObject& object = existing(request, "");
  for (const Value& key : request.input("TagKeys").array())
    object.tags.erase(key.string());
  return Object();
}

} // namespace

const std::vector<ThingKind>& thing_kinds() {
  static const std::vector<ThingKind> kinds = {
      {.table = "named", .noun = "Named", .named = true},
      {.table = "tokened", .noun = "Tokened", .token = true},
      {.table = "hidden", .noun = "Hidden"},
      {.table = "branded", .noun = "Branded", .named = true, .name_is_id = true},
      {.table = "split", .noun = "Split", .named = true, .split_update = true},
      {.table = "untagged", .noun = "Untagged", .token = true, .taggable = false},
      {.table = "child", .noun = "Child", .parent = true},
  };
  return kinds;
}

const std::vector<engine::Module>& thing_modules() {
  static const std::vector<engine::Module> modules = [] {
    add_model();
    engine::Module module;
    module.name = "things";
    module.version = "1";
    for (const ThingKind& kind : thing_kinds()) {
      module.tables.push_back(kind.table);
      module.resources.push_back(resource_of(kind));
    }
    return std::vector<engine::Module>{std::move(module)};
  }();
  return modules;
}

std::vector<engine::Table> thing_tables() {
  std::vector<engine::Table> tables;
  for (const ThingKind& kind : thing_kinds()) {
    engine::Table table;
    table.name = kind.table;
    table.primary_key = "id";
    table.columns = {{"id", "integer", true}};
    if (!kind.name_is_id) table.columns.push_back({"thing_id", "text", false});
    if (kind.named) table.columns.push_back({"name", "text", true});
    for (const char* column : {"a", "b", "size"})
      table.columns.push_back({column, "integer", false});
    if (kind.parent) {
      table.columns.push_back({"parent_id", "integer", false});
      table.foreign_keys.push_back({"parent_id", "hidden", "id"});
    }
    table.columns.push_back({"region", "text", false});
    if (kind.taggable) table.columns.push_back({"tags", "jsonb", false});
    tables.push_back(std::move(table));
  }
  return tables;
}

const Handlers& thing_handlers() {
  static const Handlers handlers = [] {
    Handlers all;
    for (const ThingKind& kind : thing_kinds()) {
      all["Create" + kind.noun] = [kind](Request& request) { return create(request, kind); };
      all["Describe" + kind.noun] = [kind](Request& request) { return describe(request, kind); };
      all["Delete" + kind.noun] = [kind](Request& request) { return remove(request, kind); };
      for (const char* suffix : {"", "A", "B"})
        all["Update" + kind.noun + suffix] = [kind](Request& request) { return update(request, kind); };
    }
    all["TagThing"] = tag;
    all["UntagThing"] = untag;
    return all;
  }();
  return handlers;
}

} // namespace iasql::simulation
