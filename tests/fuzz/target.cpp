#include "fuzz/target.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace iasql::fuzz {

void require(bool holds, std::string_view claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(claim.size()), claim.data());
  std::abort();
}

unsigned take_byte(std::string_view& bytes) {
  if (bytes.empty()) return 0;
  auto byte = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  return byte;
}

std::string_view take_until(std::string_view& bytes, std::string_view separator) {
  std::string_view taken = bytes.substr(0, bytes.find(separator));
  bytes.remove_prefix(std::min(bytes.size(), taken.size() + separator.size()));
  return taken;
}

void require_sqlstate(const Error& error, std::initializer_list<std::string_view> allowed) {
  require(std::find(allowed.begin(), allowed.end(), error.sqlstate()) != allowed.end(),
          error.sqlstate() + ": " + error.what());
}

} // namespace iasql::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  iasql::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
