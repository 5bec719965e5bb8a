#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

// The folder of that name in the shared conformance data: below $IASQL_SHARED, beside the source folder or in the home
// folder. Nothing where it is in none of them.
std::optional<std::filesystem::path> shared_folder(const std::string& name);

// botocore's source distribution: tests, endpoint rule sets as botocore/data/<service>/<version>/..., and the models of
// those services whose endpoints have cases with operations; fetched and unpacked into the build folder by the first
// call. Throws std::runtime_error where that fails.
std::filesystem::path botocore_source();

// tests/unit below it.
std::filesystem::path botocore_tests();

std::string read_file(const std::filesystem::path& path);

// The folder's subfolders, by name.
std::vector<std::filesystem::path> folders_of(const std::filesystem::path& folder);

} // namespace conformance
