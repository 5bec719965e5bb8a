#include "aws/base64.hpp"

#include "base/error.hpp"

#include <openssl/evp.h>

namespace iasql::aws {

namespace {

// OpenSSL counts in int, of which base64 must not need more.
void check_size(std::string_view text) {
  constexpr std::size_t most = std::size_t{1} << 30;
  if (text.size() > most) throw Error(sqlstate::invalid_value, "a blob of more than 1 GiB cannot be sent or received");
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::size_t padding_of(std::string_view text) {
  return text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
}

} // namespace

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (char c : text.substr(0, text.size() - padding_of(text))) {
    bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!allowed) return false;
  }
  return true;
}

std::string base64_text(std::string_view bytes) {
  check_size(bytes);
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // one more for the NUL that OpenSSL writes
  int size = EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string base64_bytes(std::string_view text) {
  check_size(text);
  std::string bytes(3 * (text.size() / 4), '\0');
  int size = EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size()));
  if (size < 0) throw Error(sqlstate::internal_error, "not base64");
  // OpenSSL decodes the padding to zero bytes.
  bytes.resize(static_cast<std::size_t>(size) - padding_of(text));
  return bytes;
}

} // namespace iasql::aws
