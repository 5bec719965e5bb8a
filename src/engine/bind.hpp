#pragma once

// Binding: spec + service model + catalogue → for each table, what every column is and where it travels. A pure
// function; what it infers is shown in tests/golden/<module>.txt, so that no silent inference can destroy anything.

#include "aws/model.hpp"
#include "engine/catalogue.hpp"
#include "engine/resource.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iasql::engine {

struct BoundAttribute {
  std::string column;       // of a part: its table
  std::string type;         // the column's, as in Column::type
  Role role = Role::output; // never inferred
  Meaning meaning = Meaning::plain;
  std::string read_path;                           // in the object AWS returns, or "" where AWS never returns it
  std::string create_path;                         // in create's input, or ""
  std::map<std::string, std::string> update_paths; // update operation → path in its input, "" where the hook builds it
  const aws::Shape* shape = nullptr; // of the input member (of the output member for an output): what values it takes
  bool required = false;             // create's input requires it
  bool identity = false;
  bool tags = false;     // the column "tags"
  std::string parent;    // table that a foreign key on this column points at, or ""
  std::string points_by; // the parent's column that AWS's member holds; "" for its cloud id
  std::string refers_to; // table whose cloud id the text (or an element of the array) is, or ""
  const Resource::Reference* reference = nullptr; // of `refers_to`
  bool by_hook = false;                           // as Attribute has them
  bool once = false;
  bool fluctuates = false;
  bool for_remove = false;
  const Membership* membership = nullptr; // the column whose elements AWS keeps apart

  // Of a part: its value is an array, of cloud ids for a join table, else of the rows as objects.
  const Part* part = nullptr;
  const Table* part_table = nullptr;
  std::vector<BoundAttribute> members; // the part's columns; paths are within one element

  bool is_input() const { return role == Role::input || role == Role::create_only; }
  // AWS takes it and never gives it back: sent, and kept nowhere.
  bool is_secret() const { return shape && shape->sensitive && read_path.empty(); }
  // Whether AWS ever returns it. Tags have no path: each style has its own place for them.
  bool is_read() const { return tags || !read_path.empty(); }
};

struct Binding {
  const Resource* resource = nullptr;         // nullptr for parts and configuration tables
  const Resource* owner = nullptr;            // of a part: whose requests its rows are members of
  std::optional<Configuration> configuration; // of a configuration table: which one
  const Module* module = nullptr;
  const Table* table = nullptr;
  const aws::Service* service = nullptr;
  std::vector<BoundAttribute> attributes; // columns that stand for something in AWS; in the table's order
  std::string id_column;                  // column that shows the cloud id (its read path is the resource's id), or ""
  std::string arn_column;                 // output column that holds the object's ARN, or ""
  std::string token_path;                 // create input's idempotency token member, or ""
  std::string created_path;               // structure (or list, first element) of create's output that holds the id;
                                          // "." the output itself; "" where the output does not have it
  const aws::Shape* object = nullptr;     // the shape of one object as a read returns it
  // Whether create's request carries the column; an input that it does not carry is sent by an update afterwards.
  bool is_created_with(const BoundAttribute& attribute) const;
  // Whether it is an input that such an update sends when it is given.
  bool is_sent_after_create(const BoundAttribute& attribute) const;

  bool stands_for_objects() const { return resource != nullptr; }
  const std::string& name() const { return table->name; }
  const BoundAttribute* attribute(std::string_view column) const;
};

class Bindings {
public:
  // Parents before children by foreign key; within that the modules' order.
  const std::vector<Binding>& in_order() const { return m_bindings; }
  // Throws Error (internal_error) where there is none of that table.
  const Binding& of(std::string_view table) const;
  const Binding* find(std::string_view table) const;

  std::vector<Binding> m_bindings; // filled by bind()
};

// Binds every table of the installed modules. `modules` and `catalogue` must outlive the result. Throws Error
// (invalid_spec) for a spec that names a column, member or operation that is not there; (upgrade_needed) for tables of
// another version.
Bindings bind(const std::vector<Module>& modules, const Catalogue& catalogue);

// One line for each column: what the golden files hold.
std::string describe(const Binding& binding);

} // namespace iasql::engine
