#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string>
#include <vector>

namespace iasql::aws {

// The texts that a request carries in members which the service model calls sensitive. `shape` may be nullptr.
std::vector<std::string> sensitive_texts(const Shape* shape, const Value& value);

// Puts "***" in the place of every member of `output` whose shape the service model calls sensitive. `shape` may be
// nullptr.
void hide_sensitive(const Shape* shape, Value& output);

// What a server says, made fit for an error message: on one line, no longer than 2,000 bytes, and with "***" for each
// of the secrets that is at least four bytes long (a shorter one would only hide innocent text).
std::string redact(std::string text, const std::vector<std::string>& secrets);

} // namespace iasql::aws
