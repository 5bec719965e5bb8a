#include "aws/model_archive.hpp"

#include "aws/model.hpp"
#include "base/error.hpp"

#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

namespace iasql::aws {

namespace {

using Node = PackedJson::Node;

constexpr std::uint64_t header_bytes = 24;
constexpr std::uint64_t largest_frame = std::uint64_t{64} << 20; // the largest model has 1 MiB

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(sqlstate::invalid_spec, "cannot read the service models in " + path + ": " + reason, {},
              "Install the extension again: this file belongs to its library");
}

void read_at(const std::string& path, std::uint64_t offset, void* bytes, std::size_t size) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) refuse(path, std::strerror(errno));
  if (std::fseek(file.get(), static_cast<long>(offset), SEEK_SET) != 0) refuse(path, std::strerror(errno));
  if (std::fread(bytes, 1, size, file.get()) != size) refuse(path, "it is too short");
}

std::vector<std::string> texts(Node array) {
  std::vector<std::string> result;
  for (std::uint32_t i = 0, count = array.size(); i < count; ++i)
    result.emplace_back(array.element(i).text());
  return result;
}

bool contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::uint64_t number(Node node) {
  double found = node.number().value_or(-1);
  if (found < 0 || found > 1e15) throw Error(sqlstate::invalid_spec, "the index of the service models is broken");
  return static_cast<std::uint64_t>(found);
}

std::string why_unsupported(const ListedService& service, Node json) {
  if (!choose_protocol(texts(json["protocols"]))) return "protocol " + service.protocol + " is not spoken here";
  std::string_view signature = json["signature_version"].text();
  if (signature == "v2") return "it takes signatures of version 2 only";
  std::vector<std::string> auth = texts(json["auth"]);
  bool is_signed = auth.empty() ? signature != "bearer" : contains(auth, "aws.auth#sigv4");
  return is_signed ? "" : "it takes bearer tokens only";
}

ListedService listed(std::string_view name, Node json) {
  ListedService service;
  service.name = name;
  service.full_name = json["full_name"].text();
  service.api_version = json["api_version"].text();
  service.signing_name = json["signing_name"].text();
  service.uid = json["uid"].text();
  std::vector<std::string> protocols = texts(json["protocols"]);
  for (const std::string& protocol : protocols) {
    service.protocol = protocol;
    if (choose_protocol({protocol})) break;
  }
  service.unsupported = why_unsupported(service, json);
  if (!service.unsupported.empty() && !protocols.empty()) service.protocol = protocols.front();
  Node operations = json["operations"];
  for (std::uint32_t i = 0, count = operations.size(); i < count; ++i) {
    auto [operation, facts] = operations.member(i);
    service.operations.push_back(
        {std::string(operation.text()), facts["paginated"].is_true(),
         facts["event_stream"].is_true() ? "its messages are an event stream" : service.unsupported});
  }
  return service;
}

} // namespace

ModelArchive::ModelArchive(std::string path) : m_path(std::move(path)) {
  char header[header_bytes];
  read_at(m_path, 0, header, sizeof header);
  if (std::string_view(header, archive_magic.size()) != archive_magic) refuse(m_path, "it is of another version");
  std::uint64_t sizes[2];
  std::memcpy(sizes, header + archive_magic.size(), sizeof sizes);
  m_index = frame(header_bytes, sizes[0], sizes[1]);
  m_models_begin = header_bytes + sizes[0];
}

PackedWords ModelArchive::frame(std::uint64_t offset, std::uint64_t size, std::uint64_t unpacked_size) const {
  if (size > largest_frame || unpacked_size > largest_frame || unpacked_size % 4 != 0) refuse(m_path, "it is damaged");
  std::vector<char> packed(size);
  read_at(m_path, offset, packed.data(), packed.size());
  PackedWords words(unpacked_size / 4);
  std::size_t written = ZSTD_decompress(words.data(), unpacked_size, packed.data(), packed.size());
  if (ZSTD_isError(written) || written != unpacked_size) refuse(m_path, "it is damaged");
  return words;
}

std::vector<std::string> ModelArchive::service_names() const {
  PackedJson index(m_index);
  Node services = index.root()["services"];
  std::vector<std::string> names;
  for (std::uint32_t i = 0, count = services.size(); i < count; ++i)
    names.emplace_back(services.member(i).first.text());
  return names;
}

std::vector<ListedService> ModelArchive::services() const {
  PackedJson index(m_index);
  Node services = index.root()["services"];
  std::vector<ListedService> result;
  for (std::uint32_t i = 0, count = services.size(); i < count; ++i) {
    auto [name, json] = services.member(i);
    result.push_back(listed(name.text(), json));
  }
  return result;
}

std::optional<ListedService> ModelArchive::service(std::string_view name) const {
  PackedJson index(m_index);
  Node json = index.root()["services"][name];
  return json.is_object() ? std::optional(listed(name, json)) : std::nullopt;
}

std::optional<PackedWords> ModelArchive::model(std::string_view service) const {
  PackedJson index(m_index);
  Node place = index.root()["services"][service]["place"];
  if (!place.is_array()) return std::nullopt;
  return frame(m_models_begin + number(place.element(0)), number(place.element(1)), number(place.element(2)));
}

namespace {

struct ArchivePath {
  std::mutex mutex;
  std::string path;
};

ArchivePath& archive_path() {
  static ArchivePath path;
  return path;
}

} // namespace

void set_model_archive(std::string path) {
  auto& [mutex, known] = archive_path();
  std::lock_guard lock(mutex);
  known = std::move(path);
}

std::optional<ModelArchive> open_model_archive() {
  auto& [mutex, known] = archive_path();
  std::lock_guard lock(mutex);
  return known.empty() ? std::nullopt : std::optional<ModelArchive>(known);
}

} // namespace iasql::aws
