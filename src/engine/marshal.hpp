#pragma once

// Between rows and AWS's shapes: pure functions on a Binding. A Row here has references resolved: foreign key columns
// and reference columns hold cloud ids.

#include "engine/bind.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iasql::engine {

// The tag that every taggable create carries and that the column `tags` never shows; its value is the intent's token.
inline constexpr std::string_view intent_tag = "iasql:intent";

// An object as AWS returned it, in the table's terms.
struct Observed {
  std::string cloud_id;
  std::string region; // "global" for a global resource
  Row attributes;     // column → value for every attribute with a read path, in the table's types; null where absent
  bool is_protected = false; // by the resource's `protections`; `protected_with` is the engine's to add
  std::string intent;        // the hidden tag's value, or ""
  Value object = {};         // as AWS returned it, where the resource's requests are amended with it
};

// `object` is what a read returned (tags already merged in under Tags::read_member).
Observed observe(const Binding& binding, const Value& object, const std::string& region);

// What a request is made in, for hooks that look further than the row.
struct Surroundings {
  std::string region = {};
  ParentAttributes parent = [](const std::string&) -> const Row* { return nullptr; };
  Row before = {}; // of a new revision: the attributes of the one before
  Value existing =
      {}; // the object, or the revision before, as AWS returns it: what that says and the row leaves open stays
  ParentAttributes former_parent = parent; // of what base knows
};

// The request that creates what `row` describes. `token` goes into the hidden tag and, where create takes one, the
// idempotency token. Null and "" are not sent. Throws Error (missing_value) naming table and column where AWS needs a
// value that is null.
Request create_request(const Binding& binding, const Row& row, const std::string& token,
                       const Surroundings& surroundings = {});

// Whether changing those columns from `base` to `row` needs another object: one of them is create-only, or another of
// the resource's `one_of` gets a value. Null and "" in `row` are no opinion and never a change.
bool needs_replace(const Binding& binding, const Row& row, const Row& base, const std::set<std::string>& changed);

struct UpdateRequest {
  Request request;
  std::set<std::string> columns; // the changed columns that it carries
  Row values;                    // these columns as they are after it: tags and memberships change in several steps
};
// The requests that change `changed` columns of an object from `base` to `row`, in the spec's order; a changed column
// that no operation takes (only create does) must not be passed.
std::vector<UpdateRequest> update_requests(const Binding& binding, const Row& row, const Row& base,
                                           const std::set<std::string>& changed, const std::string& cloud_id,
                                           const Surroundings& surroundings = {});

// `base` is what the registry knows of the object.
Request remove_request(const Binding& binding, const Row& base, const std::string& cloud_id,
                       const std::string& token = {}, const Surroundings& surroundings = {});

// What has to be done before a remove, in order, each with the columns as they are afterwards: memberships ended one by
// one, the resource drained. Nothing where it is so already.
struct Preparation {
  Request request;
  Row columns;
};
std::vector<Preparation> preparations(const Binding& binding, const Row& base, const std::string& cloud_id);

// The read operation's input narrowed to one id: what reads one object, and what its waiters are asked with.
Value waiter_input(const Binding& binding, const std::string& cloud_id);
// An operation's input with a member set to one id, or to a list of one where it wants a list.
void set_id(const aws::Operation& operation, const std::string& member, const std::string& id, Value& input);

// The new object's cloud id in create's output; "" where the output does not carry it.
std::string created_id(const Binding& binding, const Value& output, const Row& row);

// What create's output already tells of the new object's columns (often a part, sometimes nothing).
Row created_attributes(const Binding& binding, const Value& output);

// The one spelling of all rows of a part that mean the same.
Value canonical_part_row(const BoundAttribute& part, const Value& row);

// Whether an element's given columns are another's. For a join table: whether they are the same.
bool same_part_row(const BoundAttribute& part, const Value& left, const Value& right);

// Whether two values of a column mean the same: documents and CIDR blocks by meaning, arrays without regard to order
// (AWS promises none), numbers and timestamps as numbers and instants, null and "" alike.
bool same_value(const BoundAttribute& attribute, const Value& left, const Value& right);

// Checks one value of an input column against the service model: enumerations, patterns, lengths, ranges.
// Returns what is wrong, in words with the allowed values, or nothing. `matches` tests a string against a pattern of
// the model (anchored at both ends), so that the caller chooses the regular expression engine.
using PatternMatcher = bool (*)(const std::string& pattern, const std::string& text);
std::optional<std::string> what_is_wrong(const BoundAttribute& attribute, const Value& value, PatternMatcher matches);

// The natural name of a row ("ingress tcp 8088 0.0.0.0/0 of quickstart-security-group"); `parent_name` gives that of a
// parent by (table, cloud id or row key as the row holds it).
using ParentName = std::function<std::string(const std::string& table, const Value& reference)>;
std::string natural_name(const Binding& binding, const Row& row, const ParentName& parent_name);

// For deletes: the ARN where the id is only a name, else the cloud id.
std::string cloud_name(const Binding& binding, const Row& base, const std::string& cloud_id);

} // namespace iasql::engine
