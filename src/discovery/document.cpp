#include "discovery/document.hpp"

#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace iasql::discovery {

Value take_json(std::string& text) {
  Value document;
  try {
    document = read_json(text);
  } catch (const Error&) { // whose message could show a part of the text
  }
  aws::wipe(text);
  return document;
}

aws::Credentials take_credentials(Value& document, std::string_view token_member, const std::string& whose) {
  if (!document.is_object()) throw Error(sqlstate::not_connected, whose + " is no JSON object");
  aws::Credentials taken;
  taken.access_key_id = aws::take_secret(document, "AccessKeyId");
  taken.secret_access_key = aws::take_secret(document, "SecretAccessKey");
  taken.session_token = aws::take_secret(document, token_member);
  if (taken.access_key_id.empty()) throw Error(sqlstate::not_connected, whose + " has no AccessKeyId");
  if (taken.secret_access_key.empty()) throw Error(sqlstate::not_connected, whose + " has no SecretAccessKey");
  if (const auto& expiration = document["Expiration"]; !expiration.is_null()) {
    taken.expires = aws::parse_timestamp(expiration.text());
    if (!taken.expires) throw Error(sqlstate::not_connected, whose + " has an Expiration that is no time");
  }
  return taken;
}

aws::Credentials take_credentials(std::string& text, std::string_view token_member, const std::string& whose) {
  auto document = take_json(text);
  return take_credentials(document, token_member, whose);
}

} // namespace iasql::discovery
