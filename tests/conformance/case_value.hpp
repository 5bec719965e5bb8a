#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

namespace conformance {

// A value of botocore's cases in our convention: blobs, plain text there, become base64, and timestamps what
// `timestamp` makes of them, since each suite writes them in its own way. Nulls and documents stay as they are.
iasql::Value our_value(const iasql::aws::Shape& shape, const iasql::Value& value,
                       iasql::Value (*timestamp)(const iasql::Value& written));

} // namespace conformance
