#pragma once

// The configuration file and the credentials file that AWS's tools share, as values. Reading them from disk is
// discovery/config_files.hpp's job: nothing here opens a file.

#include <map>
#include <string>
#include <string_view>

namespace iasql::aws {

using ConfigSettings = std::map<std::string, std::string, std::less<>>;

// One section's settings. Names are in lower case, nested names as they are written. Values are wiped from memory with
// the section: any of them may be a secret.
struct ConfigSection {
  ConfigSettings settings;
  std::map<std::string, ConfigSettings, std::less<>> groups; // settings with indented settings below: "s3", "dynamodb"

  ConfigSection() = default;
  ConfigSection(const ConfigSection&) = default;
  ConfigSection(ConfigSection&&) = default;
  ConfigSection& operator=(ConfigSection other) noexcept;
  ~ConfigSection();

  // The setting's value; "" where it is missing or has none, and where it is a group.
  std::string_view get(std::string_view name) const;
  // The value of a setting below another one: get("s3", "addressing_style"); "" where it is missing.
  std::string_view get(std::string_view group, std::string_view name) const;
  bool has(std::string_view name) const;
};

using ConfigSections = std::map<std::string, ConfigSection, std::less<>>;

struct Config {
  ConfigSections profiles;     // [default], [profile NAME]; in the credentials file every section
  ConfigSections sso_sessions; // [sso-session NAME]
  ConfigSections services;     // [services NAME], whose groups are services
};

enum class ConfigFile {
  configuration, // ~/.aws/config
  credentials,   // ~/.aws/credentials: a section's whole name is the profile's
};

constexpr std::size_t largest_config_file = 1u << 20;

// Reads a file's text by the rules of Python's configparser and of botocore: "name = value" or "name: value"; lines
// that begin with "#" or ";" are comments, what follows a value is none; a line indented deeper than the setting above
// it continues that one, and where the setting's own line has no value the continuation is a group of "name = value".
// Sections of other names are left out, as are those whose quotes do not end ([profile "a]).
// Throws Error (not_connected) that names file (`name`) and line, and never shows a value, for a text that is larger
// than 1 MiB or not UTF-8, a setting before the first section, a line that is neither, and a section or setting that is
// there twice.
Config parse_config(std::string_view text, ConfigFile kind, const std::string& name);

// Both files as one: of a setting that a profile has in both, the credentials file's counts.
Config merge_configs(Config configuration, Config credentials);

} // namespace iasql::aws
