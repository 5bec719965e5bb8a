#pragma once

#include "aws/config_file.hpp"
#include "discovery/environment.hpp"

#include <string>

namespace iasql::discovery {

// A file's text, wiped from memory with the value.
class SecretText {
public:
  SecretText() = default;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();
  std::string text;
};

enum class FileFound { yes, no };

// Reads a regular file of at most 1 MiB into `content`; `no` where there is none of that name. Throws Error
// (not_connected) where it cannot be read.
FileFound read_file(const std::string& name, SecretText& content);

// AWS's two files. A file that is not there is empty.
struct ConfigFiles {
  std::string configuration_name, credentials_name; // paths, from AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE
  aws::Config configuration, credentials;
  aws::Config both; // a setting of the credentials file before one of the configuration file
};

// Throws Error (not_connected) for a file that cannot be read, with its name and line.
ConfigFiles read_config_files(const Environment& environment);

} // namespace iasql::discovery
