#include "aws/key_of_file.hpp"

#include "aws/config_file.hpp"
#include "base/error.hpp"

namespace iasql::aws {

Credentials key_of_file(std::string_view text, const std::string& name) {
  const auto config = parse_config(text, ConfigFile::credentials, name);
  const auto profile = config.profiles.find("default");
  Credentials key;
  if (profile != config.profiles.end())
    key = Credentials(std::string(profile->second.get("aws_access_key_id")),
                      std::string(profile->second.get("aws_secret_access_key")),
                      std::string(profile->second.get("aws_session_token")));
  if (key.access_key_id.empty() || key.secret_access_key.empty())
    throw Error(sqlstate::not_connected, "\"" + name + "\" has no access key in a section [default]");
  return key;
}

} // namespace iasql::aws
