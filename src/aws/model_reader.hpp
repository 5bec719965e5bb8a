#pragma once

#include "aws/model.hpp"
#include "aws/packed_json.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace iasql::aws {

// One service model's document, of which operations, shapes, paginators and waiters are made when they are first asked
// for and kept for the reader's life: pointers stay good. Whatever is wrong in a model is an Error (invalid_spec or
// invalid_document) where it is first met. Not for several threads at once.
class ModelReader {
public:
  explicit ModelReader(std::span<const std::uint32_t> document); // stays where it is
  explicit ModelReader(PackedWords document);
  ModelReader(const ModelReader&) = delete;
  ModelReader& operator=(const ModelReader&) = delete;

  // Fills what `service` says about itself. Throws where it offers no protocol that is known here.
  void read_metadata(Service& service) const;
  // nullptr where there is none of that name.
  const Operation* operation(std::string_view name);
  const Waiter* waiter(std::string_view name);
  const Shape* shape(std::string_view name);
  std::vector<std::string> operation_names() const; // in ascending order
  std::vector<std::string> waiter_names() const;

private:
  using Node = PackedJson::Node;

  const Shape* shape(Node name);
  void read_pending_shapes();
  void read_shape(Shape& shape, Node json);
  Member read_member(std::string name, Node json);
  Operation read_operation(const std::string& name, Node json);

  PackedWords m_owned; // empty where the document lies elsewhere
  PackedJson m_document;
  std::vector<Node> m_shape_nodes; // by the number of their names' text; null for what is no shape's name
  std::unordered_map<std::uint32_t, Shape> m_shapes;
  std::deque<std::uint32_t> m_pending; // shapes that members point at and that are still empty
  std::map<std::string, Operation, std::less<>> m_operations;
  std::map<std::string, Paginator, std::less<>> m_paginators;
  std::map<std::string, Waiter, std::less<>> m_waiters;
};

} // namespace iasql::aws
