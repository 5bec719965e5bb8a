#include "conformance/places.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace conformance {

namespace fs = std::filesystem;

std::optional<fs::path> shared_folder(const std::string& name) {
  std::vector<fs::path> places = {fs::path(IASQL_SOURCE_DIR) / ".." / "shared"};
  if (const char* given = std::getenv("IASQL_SHARED")) places.insert(places.begin(), given);
  if (const char* home = std::getenv("HOME")) places.push_back(fs::path(home) / "shared");
  for (const fs::path& place : places)
    if (fs::is_directory(place / "conformance" / name)) return place / "conformance" / name;
  return std::nullopt;
}

fs::path botocore_source() {
  const fs::path binary = IASQL_BINARY_DIR, source = IASQL_SOURCE_DIR;
  // A folder that an earlier list unpacked would be taken as it is: a new list is a new name.
  const fs::path folder = binary / "conformance" / "botocore_source_2";
  if (!fs::is_directory(folder)) {
    fs::create_directories(folder.parent_path());
    auto quoted = [](const fs::path& path) { return "'" + path.string() + "' "; };
    std::string command = quoted(IASQL_PYTHON) + quoted(source / "tools" / "fetch_pypi.py") +
                          quoted(source / "tools" / "botocore.txt") + "sdist " +
                          quoted(binary / "conformance" / "botocore.tar.gz") + "--unpack " + quoted(folder) +
                          "'tests/*' 'botocore/data/*/endpoint-rule-set-1.json'";
    for (const char* service : {"s3", "s3control", "dynamodb", "kinesis", "events", "sts", "opensearchmemory"})
      command += " 'botocore/data/" + std::string(service) + "/*/service-2.json'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("botocore's tests cannot be fetched");
  }
  return folder;
}

fs::path botocore_tests() {
  return botocore_source() / "tests" / "unit";
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> folders_of(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace conformance
