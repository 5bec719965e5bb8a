#pragma once

// The spec: what a module says about one of its tables, and only what neither the service model nor the table's DDL can
// say. bind.hpp turns it, the model and the catalogue into a Binding; everything after that works on Bindings.

#include "base/value.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iasql::engine {

// A row, or what base knows of one: column → value. References are the cloud ids of what they point at.
using Row = Object;

// Whether a value says anything: null and "" are no opinion (some clients write "" where they mean null).
inline bool is_given(const Value& value) {
  return !value.is_null() && !(value.is_string() && value.string().empty());
}

enum class Role {
  inferred, // from the model: in create and update inputs → input, in create only → create_only, in reads only → output
  input,       // a change is an update
  create_only, // a change is a replace
  output,      // AWS's; a client's value is ignored
};

// How a column's text is compared and written where the model's type does not say it.
enum class Meaning {
  plain,
  document,           // JSON as text: compared as policies are, without regard to order or to one-element arrays
  cidr_block,         // CIDR as text: compared as networks, host bits ignored
  caseless,           // a name that AWS keeps in lower case
  epoch_milliseconds, // AWS counts, the table has timestamptz
};

// Paths name members from the outside in: "imageScanningConfiguration.scanOnPush". "List[0].Member" is the first
// element's; "List[].Member", in objects only, each element's.
struct Attribute {
  std::string column;
  std::string member = {};        // path in the object AWS returns; default: the member whose snake case is the column
  std::string input_member = {};  // path in the inputs; default: `member`
  std::string update_member = {}; // path in the updates' inputs; default: `input_member`
  Role role = Role::inferred;
  Meaning meaning = Meaning::plain;
  std::string points_by = {}; // of a foreign key: the parent's column that AWS's member holds; default: its cloud id
  bool by_hook = false;       // no member holds it: object_hook puts it into the object under the column's name, amend
                              // takes it from the row
  bool once = false;          // a request rather than a state: true asks for it, then the row goes back to false
  bool fluctuates = false;    // an output that AWS changes all the time: sync takes it over without listing it
  bool for_remove = false;    // `input_member` is remove's alone: base keeps the value until the object goes
};

struct Read {
  std::string operation;
  std::string items = {};       // path of the list of objects in a page; default: the paginator's result key;
                                // "." where the output itself is the one object
  std::string by = {};          // input member that takes one id (or a list of ids) to read a single object;
                                // default: read all and look for it
  std::string for_each = {};    // table whose objects' ids are given one at a time as input member `parent`
  std::string parent = {};      // default: `by`
  std::size_t parent_in_id = 0; // which piece of an object's cloud id, cut at "/", names the parent where one is read
  std::string list = {};        // operation that lists ids, for each parent where there are any; `operation` then reads
                                // `batch` of them at a time as input member `by`
  std::size_t batch = 1;
  Value list_input = Object();
  std::vector<std::string> beside = {};    // members of the output that belong to the one object in it ("tags")
  std::vector<std::string> absent_on = {}; // AWS's error codes that say "there is none"
  Value input = Object();                  // further input, the same for every call
  // Paths and values of objects that are this table's, others are not; null: absent; of a list, one of its elements.
  std::vector<std::pair<std::string, Value>> only = {};
  // Paths and values of what AWS still shows although it is gone.
  std::vector<std::pair<std::string, Value>> gone = {};
  // (table, column): what this foreign key column of another table names is read too, also when the list leaves it out
  // or `gone` says that it is.
  std::vector<std::pair<std::string, std::string>> also = {};
  // EC2's Filters: (column, filter name), used to look an object up by its identity or its parent.
  std::vector<std::pair<std::string, std::string>> filters = {};
};

struct Write {
  std::string operation;
  std::string waiter = {}; // the model's waiter that says when the effect is there
  Value input = Object();  // further input, the same for every call
};

// How a service keeps tags; Tags{} for what has none.
struct Tags {
  enum class Style { none, ec2, key_value_list, lower_key_value_list, map };
  Style style = Style::none;
  std::string create_member = {};  // "TagSpecifications", "tags"
  std::string resource_type = {};  // ec2's ResourceType
  std::string read_operation = {}; // where the object does not carry its tags: called with `arn_member`
  std::string read_member = {};    // path of the tags in the object, or in read_operation's output
  std::string add_operation = {}, remove_operation = {};
  std::string arn_member = {};  // input member of the three that names the object
  std::string arn_column = {};  // column that holds what arn_member wants; "" : the cloud id
  std::string keys_member = {}; // remove_operation's list of keys
};

// EC2's way, the same for each of its resources: the tags travel in the object, and two operations change them by id.
inline Tags ec2_tags(std::string resource_type) {
  return {.style = Tags::Style::ec2,
          .create_member = "TagSpecifications",
          .resource_type = std::move(resource_type),
          .read_member = "Tags",
          .add_operation = "CreateTags",
          .remove_operation = "DeleteTags",
          .arn_member = "Resources",
          .keys_member = "Tags"};
}

// The way of most other services: three operations on the object's ARN. `style` is map or key_value_list.
inline Tags resource_tags(Tags::Style style, std::string arn_column) {
  return {.style = style,
          .create_member = "tags",
          .read_operation = "ListTagsForResource",
          .read_member = "tags",
          .add_operation = "TagResource",
          .remove_operation = "UntagResource",
          .arn_member = "resourceArn",
          .arn_column = std::move(arn_column),
          .keys_member = "tagKeys"};
}

struct Request {
  std::string operation;
  Value input;
};

// Rows of another table that are members of a resource's requests and have none of their own: a change in them is a
// change of their owner.
struct Part {
  std::string table;
  std::string owner;             // its foreign key column to the owner's table
  std::string member;            // path of the list that its rows are, in the object AWS returns
  std::string input_member = {}; // in the inputs; default: `member`
  std::string element = {};      // of a join table: the foreign key column whose cloud id is the element; "" where each
                                 // row is a structure
  std::string identity = {};     // of structures: the column that names one of them within its owner
  std::vector<Attribute> attributes = {};
  // Columns that say the same in different ways: the first that is a row, or else the text, is filled in alone.
  std::vector<std::string> one_of = {};
  // Where rows and structures differ too much for paths: a row's columns (what points_by names for foreign keys) into a
  // structure and back. What comes back is the one spelling of all rows that mean the same. Both or neither.
  Value (*to_structure)(const Row& row) = nullptr;
  Row (*from_structure)(const Value& structure) = nullptr;
};

// A text[] column whose elements AWS keeps apart from the object: read by one operation, added and removed one at a
// time by two others, all three given the object's id as `id_input`.
struct Membership {
  std::string column;
  std::string read_operation;
  std::string elements; // path in its output: "AttachedPolicies[].PolicyArn"
  std::string add_operation, remove_operation;
  std::string member; // input member of those two that takes one element
};

// A list column that, left open, is the cloud ids of all objects of another table that agree with the row: a load
// balancer is in all subnets of its VPC. It is derived again when one of the columns that it depends on changes and it
// does not.
struct Derived {
  std::string column;
  std::string table;
  std::vector<std::pair<std::string, std::string>> matching; // (its column, ours; ours open: all, a list: one of them)
};

// A refusal of a create that passes by itself, because an object that the row points at is young and not known
// everywhere yet: tried again until that object is two minutes old.
struct NotYet {
  std::string error, text;          // AWS's code, and a piece of its message
  std::vector<std::string> columns; // foreign keys from the row to the object, one after the other
  // The refusal is in earnest unless this column of the object contains this text.
  std::string their_column = {}, contains = {};
};

// How to ask what holds an object that AWS refuses to remove: objects of `operation` that a filter finds by the id.
// While AWS itself is about to take them away (`passing`), removing is tried for minutes instead of seconds.
struct Blockers {
  std::string operation, items, filter;
  std::string id, description; // members of an item
  std::string passing;         // boolean member of an item
};

// What AWS refuses to remove the object for, listed by `operation` for its id: asked before a remove that begins with
// steps which would stand when the object itself is refused. `names` is a path into the answer.
struct Holders {
  std::string operation, names;
  std::string kind; // for people, as "inline policy"
};

// Children that AWS adds when it creates the object: those in `table` that have all the values of one of `like`. Where
// no row describes one, it is removed again. Any other child is somebody's.
struct Brought {
  std::string table;
  std::vector<Row> like;
};

// An order that AWS demands and no key expresses: a row is written after the rows of `table` whose `their_column` has
// the value of its own `column`, and removed before them.
struct After {
  std::string column;
  std::string table, their_column;
  std::string error; // AWS's code for the wrong order
};

enum class Action { create, update, replace, remove };

// The entry's attributes of the object that a foreign key column of the row points at; nullptr where it points at none.
using ParentAttributes = std::function<const Row*(const std::string& column)>;

// What a request is made for and from.
struct Making {
  Action action;
  const Row& row;        // what is wanted (what base knows, for a remove)
  const Row& base;       // what is known (empty for a create, except of a new revision)
  const Value& existing; // the object as AWS has it; null for a create, except of a new revision
  std::string region;
  std::string token;              // of this create or remove alone
  ParentAttributes parent;        // of `row`
  ParentAttributes former_parent; // of `base`
};
// A hook that adds to a request which convention built, without a client.
using AmendHook = void (*)(const Making& making, Request& request);

// A hook builds the request of one action from values where convention cannot: `row` is what is wanted (what base
// knows, for a remove), `base` what is known (empty for a create), references resolved to cloud ids. It is given no
// client. Tags and idempotency token are added to what it returns.
using RequestHook = Request (*)(Action action, const Row& row, const Row& base, const std::string& cloud_id);
// A hook that turns one object as AWS returns it into the shape that attributes expect.
using ObjectHook = Value (*)(Value object);

struct Resource {
  std::string table;
  std::string service;
  std::string id;                         // member of the read object that is the cloud id, e.g. "VpcId"
  std::string id_input = {};              // that id's member in update and remove inputs; default: `id`
  std::string id_output = {};             // path of the id in create's output; default: found by name
  std::vector<std::string> identity = {}; // columns that name an object within a region; region is implied
  std::string name = {}; // natural name for people. "{column}", a parent's name where it is a foreign key;
                         // "{column?yes:no}" for a boolean; "{first|second}" the first that is not null;
                         // "{from..to}" a range of numbers, one number where both are equal, nothing for -1
  Read read = {};
  Write create = {};
  std::vector<Write> update = {};
  Write remove = {};
  std::vector<std::string> exists_on = {}; // create's error codes for "there is one of that identity"; where empty and
                                           // there is an identity, apply looks before it creates
  std::vector<std::string> absent_on = {}; // update's and remove's error codes for "it is gone"
  std::vector<std::string> blocked_on =
      {}; // remove's error codes for "something still uses it": tried again for a while
  std::vector<std::pair<std::string, std::string>> hints = {}; // AWS's error code → what a person can do about it
  Tags tags = {};
  std::vector<Attribute> attributes = {};
  // (column, table whose cloud id, or an element of it, the column's text is)
  struct Reference {
    std::string column, table;
    // The text `alias` stands for the object whose boolean `alias_column` is true, and is what the row then shows.
    std::string alias = {}, alias_column = {};
  };
  std::vector<Reference> references = {};
  std::vector<Part> parts = {};
  std::vector<After> after = {};
  std::vector<Membership> memberships = {};
  std::vector<Derived> derived = {};
  std::vector<std::string> within = {}; // foreign keys to where an object is: sent with every request about it
  Write drain = {};                     // sent before remove, so that remove is not refused
  std::vector<NotYet> not_yet = {};
  std::optional<Blockers> blockers = {};
  std::vector<Holders> holders = {};
  // Columns that exclude each other: a change of which one has a value is a replace, though each by itself is an input.
  std::vector<std::string> one_of = {};
  // The object is AWS's own when the member equals the value: apply never deletes or replaces it.
  struct Protection {
    std::string member;
    Value equals = {};
    std::string begins_with = {}; // instead of `equals`
  };
  std::vector<Protection> protections = {};
  std::vector<std::string> protected_with =
      {}; // foreign key columns: protected where the parent is (default group's rules)
  std::vector<Brought> brings = {};
  bool global = false;          // one for all regions
  std::string home_region = {}; // of a global resource: where its calls go; default: the default region
  // The column that an object's revisions share: a change makes a new one and then removes the one before, shown as an
  // update; one that somebody else made is the row's too.
  std::string revision_of = {};
  bool loses_data = false;        // deleting it destroys what users stored
  bool create_overwrites = false; // create does not refuse every twin: apply looks before it creates
  std::chrono::seconds read_lag{10};
  RequestHook request_hook = nullptr;
  AmendHook amend = nullptr;
  ObjectHook object_hook = nullptr;
};

// Tables that describe the account and are no objects of AWS: aws_account, aws_regions. Filled by install and sync,
// never part of a plan to apply.
enum class Configuration { account, regions };

struct Module {
  std::string name;
  std::string version;
  std::vector<std::string> dependencies = {};
  std::vector<std::string> tables;      // in the order iasql_install() lists them
  std::vector<Resource> resources = {}; // one for each table that stands for AWS objects
  struct ConfigurationTable {
    std::string table;
    Configuration kind;
  };
  std::vector<ConfigurationTable> configuration = {};
  // What IAM must allow besides the operations that the resources name: what AWS checks along with one of them, and
  // what hooks and configuration tables call. For the policies in docs/reference/policies.
  struct FurtherAction {
    std::string action;                             // "iam:PassRole"
    std::string reason;                             // a sentence
    std::string condition_key = {}, condition = {}; // allowed where that key of IAM's equals this; "" : everywhere
  };
  struct FurtherActions {
    std::vector<FurtherAction> read = {}, write = {};
  };
  FurtherActions further_actions = {};
  std::vector<std::string> functions = {}; // of the DDL, as DROP FUNCTION takes them: "public.default_aws_region(text)"
  std::string_view sql = {};               // DDL, run as the database's owner
};

} // namespace iasql::engine
