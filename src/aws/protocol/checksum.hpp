#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// Adds the header with the body's checksum where the operation wants one and the caller has given none: of the
// algorithm that the input's member names, CRC32 where it names none, and Content-MD5 where the model demands a
// checksum without a choice. Throws Error (invalid_value) for an algorithm other than CRC32, SHA1, SHA256, SHA512 and
// MD5.
void add_checksum(const Operation& operation, const Value& input, HttpParts& parts);

} // namespace iasql::aws
