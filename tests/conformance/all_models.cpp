#include "conformance/all_models.hpp"

#include "aws/model_archive.hpp"

namespace conformance {

std::vector<std::string> callable_services() {
  iasql::aws::set_model_archive(IASQL_MODEL_ARCHIVE);
  std::vector<std::string> names;
  for (const auto& service : iasql::aws::ModelArchive(IASQL_MODEL_ARCHIVE).services())
    if (service.unsupported.empty()) names.push_back(service.name);
  return names;
}

} // namespace conformance
