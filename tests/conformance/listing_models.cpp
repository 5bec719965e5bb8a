#include "conformance/listing_models.hpp"

#include "conformance/places.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace conformance {

namespace {

namespace fs = std::filesystem;
using iasql::Array;
using iasql::Object;
using iasql::Value;
using iasql::aws::Shape;
using iasql::aws::ShapeType;

fs::path unpacked() {
  const fs::path folder = fs::path(IASQL_BINARY_DIR) / "conformance" / "listing_models";
  const fs::path wheel = fs::path(IASQL_BINARY_DIR) / "models" / "botocore.whl";
  if (!fs::is_regular_file(folder / "index.txt") ||
      fs::last_write_time(folder / "index.txt") < fs::last_write_time(wheel)) {
    fs::create_directories(folder.parent_path());
    auto quoted = [](const fs::path& path) { return "'" + path.string() + "' "; };
    std::string command = quoted(IASQL_PYTHON) +
                          quoted(fs::path(IASQL_SOURCE_DIR) / "tests" / "conformance" / "listing_models.py") +
                          quoted(wheel) + quoted(folder);
    if (std::system(command.c_str()) != 0) throw std::runtime_error("botocore's paginators cannot be unpacked");
  }
  return folder;
}

Value sample_at(const Shape& shape, int number, int depth) {
  constexpr int deepest = 2;
  if (shape.document) return Object{{"document", number}};
  switch (shape.type) {
  case ShapeType::structure: {
    Object result;
    for (const auto& member : shape.members)
      if (depth < deepest) result.set(member.name, sample_at(*member.shape, number, depth + 1));
    return result;
  }
  case ShapeType::list:
    return depth < deepest ? Array{sample_at(*shape.element.shape, number, depth + 1)} : Array();
  case ShapeType::map:
    return Object{{"key-" + std::to_string(number), sample_at(*shape.value.shape, number, depth + 1)}};
  case ShapeType::integer:
  case ShapeType::long_integer:
    return number;
  case ShapeType::floating:
    return number + 0.5;
  case ShapeType::boolean:
    return number % 2 == 0;
  case ShapeType::timestamp:
    return "2026-11-22T08:00:" + std::to_string(10 + number % 50) + "Z";
  case ShapeType::blob:
    return "YQ==";
  case ShapeType::string:
    return "text-" + std::to_string(number);
  }
  return {};
}

} // namespace

std::vector<Listed> listed(ListedKind kind) {
  static std::set<std::string> known;
  const fs::path folder = unpacked();
  std::ifstream index(folder / "index.txt");
  std::vector<Listed> result;
  for (std::string line; std::getline(index, line);) {
    std::istringstream words(line);
    std::string word;
    Listed found;
    words >> word >> found.service >> found.name >> found.operation;
    if (word != (kind == ListedKind::paginator ? "paginator" : "waiter")) continue;
    if (known.insert(found.service).second)
      iasql::aws::add_service(iasql::aws::read_service(found.service, read_file(folder / (found.service + ".json"))));
    result.push_back(std::move(found));
  }
  return result;
}

Value sample(const Shape& shape, int number) {
  return sample_at(shape, number, 0);
}

} // namespace conformance
