#include "aws/protocol/compression.hpp"

#include "base/error.hpp"
#include "base/names.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace iasql::aws {

namespace {

constexpr std::size_t least_size = 10 * 1024;

std::string gzip(std::string_view bytes) {
  constexpr int with_gzip_header = 16 + MAX_WBITS, memory_level = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, with_gzip_header, memory_level, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw Error(sqlstate::internal_error, "a request's body cannot be compressed");
  std::string result(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  int outcome = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw Error(sqlstate::internal_error, "a request's body cannot be compressed");
  return result;
}

} // namespace

void compress_body(const Operation& operation, HttpParts& parts) {
  // zlib counts in unsigned int; a body near that is sent as it is.
  constexpr std::size_t most = std::numeric_limits<uInt>::max() / 2;
  if (!operation.takes_gzip || parts.body.size() < least_size || parts.body.size() > most) return;
  parts.body = gzip(parts.body);
  auto found = std::find_if(parts.headers.begin(), parts.headers.end(),
                            [](const auto& header) { return lower_case(header.first) == "content-encoding"; });
  if (found == parts.headers.end())
    parts.headers.emplace_back("Content-Encoding", "gzip");
  else
    found->second += ", gzip";
}

} // namespace iasql::aws
