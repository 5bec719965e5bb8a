#pragma once

#include "aws/credentials.hpp"

#include <string>
#include <string_view>

namespace iasql::discovery {

// Credentials in the JSON that processes and metadata services answer: AccessKeyId, SecretAccessKey, `token_member` and
// Expiration, the last two where there are any. `whose` begins the messages of the Error (not_connected) that is thrown
// for anything else; they never show what the document says. `text` is wiped.
aws::Credentials take_credentials(std::string& text, std::string_view token_member, const std::string& whose);

// The same after the text became a value.
aws::Credentials take_credentials(Value& document, std::string_view token_member, const std::string& whose);

// Reads JSON and wipes its text; null where it is none.
Value take_json(std::string& text);

} // namespace iasql::discovery
