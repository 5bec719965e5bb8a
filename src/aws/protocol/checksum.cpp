#include "aws/protocol/checksum.hpp"

#include "aws/base64.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>

namespace iasql::aws {

namespace {

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!EVP_Digest(bytes.data(), bytes.size(), result, &size, algorithm, nullptr))
    throw Error(sqlstate::internal_error, "a checksum that AWS asks for cannot be computed here");
  return {reinterpret_cast<char*>(result), size};
}

std::string crc32_bytes(std::string_view bytes) {
  auto number = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  std::string result;
  for (int shift : {24, 16, 8, 0})
    result += static_cast<char>(number >> shift & 0xff);
  return result;
}

std::string checksum(const std::string& algorithm, std::string_view bytes) {
  if (algorithm == "CRC32") return crc32_bytes(bytes);
  if (algorithm == "SHA1") return digest(EVP_sha1(), bytes);
  if (algorithm == "SHA256") return digest(EVP_sha256(), bytes);
  if (algorithm == "SHA512") return digest(EVP_sha512(), bytes);
  if (algorithm == "MD5") return digest(EVP_md5(), bytes);
  throw Error(sqlstate::invalid_value, "checksums of algorithm " + algorithm + " are not implemented", {},
              "Use CRC32, SHA1, SHA256, SHA512 or MD5");
}

bool has_header(const HttpParts& parts, std::string_view prefix) {
  return std::any_of(parts.headers.begin(), parts.headers.end(),
                     [&](const auto& header) { return lower_case(header.first).starts_with(prefix); });
}

} // namespace

void add_checksum(const Operation& operation, const Value& input, HttpParts& parts) {
  if (has_header(parts, "x-amz-checksum-")) return;
  const Member* choice = operation.input ? operation.input->member(operation.checksum_member) : nullptr;
  if (!choice) {
    if (operation.checksum_required && !has_header(parts, "content-md5"))
      parts.headers.emplace_back("Content-MD5", base64_text(digest(EVP_md5(), parts.body)));
    return;
  }
  const Value& chosen = input[choice->name];
  std::string algorithm = chosen.is_null() ? "CRC32" : chosen.string();
  parts.headers.emplace_back("x-amz-checksum-" + lower_case(algorithm), base64_text(checksum(algorithm, parts.body)));
  // What was chosen for the caller is said where the caller would have said it.
  if (chosen.is_null() && choice->location == "header") parts.headers.emplace_back(choice->wire_name(), algorithm);
}

} // namespace iasql::aws
