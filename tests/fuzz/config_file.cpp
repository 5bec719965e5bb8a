// A file of profiles as AWS's tools have it: a byte for which of the two files it is, and its text.

#include "aws/config_file.hpp"

#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  auto kind = take_byte(bytes) % 2 ? aws::ConfigFile::credentials : aws::ConfigFile::configuration;
  try {
    aws::Config config = aws::parse_config(bytes, kind, "file");
    for (const auto& [name, section] : config.profiles)
      for (const auto& [setting, value] : section.settings)
        require(setting.size() + value.size() <= bytes.size(), "a setting is part of the file");
    aws::merge_configs(aws::parse_config(bytes, aws::ConfigFile::credentials, "other"), config);
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::not_connected});
  }
}

} // namespace iasql::fuzz
