// Packs the service models that tools/trim_models.py writes, {"service", "listing", "model"} a line:
//
//   pack_models source LINES models.cpp    C++ that compiles them into the library (aws/embedded_models.hpp)
//   pack_models archive LINES FILE         the archive beside it (aws/model_archive.hpp)
//
// The same lines give the same bytes. A JMESPath expression of a paginator, a waiter or an endpoint's parameter that
// aws/jmespath.hpp cannot read is an error that names it, here and so at build time.

#include "aws/jmespath.hpp"
#include "aws/model_archive.hpp"
#include "aws/packed_json.hpp"
#include "base/json.hpp"

#include <zstd.h>

#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

namespace iasql::aws {
namespace {

constexpr int compression_level = 19;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

std::size_t checked(std::size_t result) {
  if (ZSTD_isError(result)) throw std::runtime_error(ZSTD_getErrorName(result));
  return result;
}

std::string compressed(const PackedWords& words) {
  static std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compression_level));
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1));
  std::size_t size = words.size() * sizeof words[0];
  std::string bytes(ZSTD_compressBound(size), '\0');
  bytes.resize(checked(ZSTD_compress2(context.get(), bytes.data(), bytes.size(), words.data(), size)));
  return bytes;
}

std::int64_t byte_size(const PackedWords& words) {
  return static_cast<std::int64_t>(words.size() * sizeof words[0]);
}

template <typename Use>
void for_each_model(const std::string& path, Use use) {
  std::ifstream lines(path);
  if (!lines) throw std::runtime_error("cannot read " + path);
  for (std::string line; std::getline(lines, line);)
    use(read_json(line));
}

void check_expression(const std::string& owner, const Value& expression) {
  if (expression.is_array()) {
    for (const Value& single : expression.array())
      check_expression(owner, single);
  } else if (expression.is_string()) {
    try {
      JmesPath checked(expression.string());
    } catch (const std::exception& error) {
      throw std::runtime_error(owner + ": " + error.what());
    }
  }
}

void check_expressions(const Value& line) {
  const std::string& service = line["service"].string();
  const Value& model = line["model"];
  for (const auto& [name, paginator] : model["pagination"].object())
    for (const char* key : {"output_token", "result_key", "more_results"})
      check_expression(service + ", paginator " + name, paginator[key]);
  for (const auto& [name, waiter] : model["waiters"].object())
    for (const Value& acceptor : waiter["acceptors"].array())
      check_expression(service + ", waiter " + name, acceptor["argument"]);
  for (const auto& [name, operation] : model["operations"].object())
    if (const Value& parameters = operation["operationContextParams"]; parameters.is_object())
      for (const auto& [parameter, from] : parameters.object())
        check_expression(service + " " + name + ", endpoint parameter " + parameter, from["path"]);
}

std::string source(const std::string& path) {
  std::ostringstream arrays, table;
  int count = 0;
  for_each_model(path, [&](const Value& line) {
    check_expressions(line);
    PackedWords words = pack_json(line["model"]);
    arrays << "const std::uint32_t model_" << count << "[] = {";
    for (std::size_t i = 0; i < words.size(); ++i)
      arrays << (i % 16 == 0 ? "\n" : "") << "0x" << std::hex << words[i] << std::dec << ",";
    arrays << "};\n";
    table << "{\"" << line["service"].string() << "\", model_" << count++ << "},\n";
  });
  return "// Made by tools/pack_models.cpp.\n#include \"aws/embedded_models.hpp\"\n\nnamespace iasql::aws {\n\n"
         "namespace {\n" +
         arrays.str() + "const EmbeddedModel models[] = {\n" + table.str() +
         "};\n} // namespace\n\nstd::span<const EmbeddedModel> embedded_models() { return models; }\n\n"
         "} // namespace iasql::aws\n";
}

std::string archive(const std::string& path) {
  Object services;
  std::string models;
  for_each_model(path, [&](const Value& line) {
    check_expressions(line);
    PackedWords words = pack_json(line["model"]);
    std::string frame = compressed(words);
    Object listing = line["listing"].object();
    listing.set("place", Array{static_cast<std::int64_t>(models.size()), static_cast<std::int64_t>(frame.size()),
                               byte_size(words)});
    services.add(line["service"].string(), std::move(listing));
    models += frame;
  });
  PackedWords index = pack_json(Object{{"services", std::move(services)}});
  std::string index_frame = compressed(index);
  std::uint64_t sizes[] = {index_frame.size(), static_cast<std::uint64_t>(byte_size(index))};
  std::string bytes(archive_magic);
  bytes.append(reinterpret_cast<const char*>(sizes), sizeof sizes);
  return bytes + index_frame + models;
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

} // namespace
} // namespace iasql::aws

int main(int count, char** arguments) {
  try {
    std::string kind = count == 4 ? arguments[1] : "";
    if (kind == "source")
      iasql::aws::write(arguments[3], iasql::aws::source(arguments[2]));
    else if (kind == "archive")
      iasql::aws::write(arguments[3], iasql::aws::archive(arguments[2]));
    else
      throw std::runtime_error("usage: pack_models source|archive LINES OUTPUT");
  } catch (const std::exception& error) {
    std::cerr << "pack_models: " << error.what() << "\n";
    return 1;
  }
}
