#pragma once

// The file beside the library with all of botocore's service models, and a list of what they have.
//
// It is: the eight bytes of `archive_magic`; two numbers of 64 bits, the sizes of the index compressed and not; the
// index; the models. Index and models are packed documents (packed_json.hpp), each a frame of zstd with a checksum. The
// index is {"services": {name: {"place": [offset after the index, size, size not compressed], ...}}}; what else it says
// of a service is in tools/trim_models.py, which makes it.

#include "aws/packed_json.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

inline constexpr std::string_view archive_magic = "iasqlm01";

// What the index says of an operation.
struct ListedOperation {
  std::string name;
  bool is_paginated = false;
  std::string unsupported; // why it cannot be called, or ""
};

struct ListedService {
  std::string name, full_name, api_version, signing_name, uid;
  std::string protocol;    // the one that is spoken; of a service that cannot be called, the first that it offers
  std::string unsupported; // why no operation can be called, or ""
  std::vector<ListedOperation> operations;
};

// Holds the index only; models are read when they are asked for. Every function throws Error (invalid_spec) where the
// file is missing, from another version or damaged.
class ModelArchive {
public:
  explicit ModelArchive(std::string path);

  std::vector<std::string> service_names() const; // in ascending order
  std::vector<ListedService> services() const;
  // Nothing where there is none of that name.
  std::optional<ListedService> service(std::string_view name) const;
  // The model, or nothing where there is none of that name.
  std::optional<PackedWords> model(std::string_view service) const;

private:
  PackedWords frame(std::uint64_t offset, std::uint64_t size, std::uint64_t unpacked_size) const;

  std::string m_path;
  std::uint64_t m_models_begin = 0;
  PackedWords m_index;
};

// The archive that set_model_archive() named, or nothing.
std::optional<ModelArchive> open_model_archive();

} // namespace iasql::aws
