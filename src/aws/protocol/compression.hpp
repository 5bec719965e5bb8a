#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// Compresses the body with gzip and says so in Content-Encoding, after what is already there, where the operation takes
// that and the body is at least 10 KiB, below which it is not worth it.
void compress_body(const Operation& operation, HttpParts& parts);

} // namespace iasql::aws
