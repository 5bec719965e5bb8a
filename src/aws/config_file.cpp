// A file's text becomes lines, lines become sections with settings (class Reader, one line at a time), and sections
// become profiles and their like by the words of their headers. It is cut so because the credentials file differs from
// the configuration file in the last step alone.

#include "aws/config_file.hpp"

#include "aws/credentials.hpp"
#include "base/error.hpp"
#include "base/names.hpp"
#include "base/shell_words.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace iasql::aws {

namespace {

constexpr std::string_view blanks = " \t\v\f\r";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void wipe_all(ConfigSettings& settings) {
  for (auto& [name, value] : settings)
    wipe(value);
}

class Reader {
public:
  explicit Reader(const std::string& name) : m_name(name) {}

  void line(std::string_view line) {
    ++m_number;
    const auto content = trimmed(line);
    if (content.empty()) ++m_blank_lines;
    if (content.empty() || content[0] == '#' || content[0] == ';') return;
    const auto indentation = line.find_first_not_of(blanks);
    const auto blank_lines = std::exchange(m_blank_lines, 0);
    if (m_setting && indentation > m_indentation) return continuation(content, blank_lines);
    m_indentation = indentation;
    m_setting = nullptr;
    if (content[0] == '[' && content.rfind(']') > 1 && content.rfind(']') != content.npos)
      return header(content.substr(1, content.rfind(']') - 1));
    if (!m_section) refuse("a setting before the first [section]");
    setting(content);
  }

  ConfigSections take() { return std::move(m_sections); }

private:
  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error(sqlstate::not_connected,
                "cannot read " + m_name + ": line " + std::to_string(m_number) + ": " + reason);
  }

  void header(std::string_view name) {
    auto [section, is_new] = m_sections.try_emplace(std::string(name));
    if (!is_new) refuse("a second section [" + section->first + "]");
    m_section = &section->second;
  }

  void setting(std::string_view content) {
    const auto delimiter = content.find_first_of("=:");
    if (delimiter == content.npos) refuse("neither a [section] nor a setting with \"=\"");
    auto name = lower_case(trimmed(content.substr(0, delimiter)));
    if (name.empty()) refuse("a value without a name");
    if (m_section->groups.count(name) > 0) refuse("a second setting " + name);
    auto [setting, is_new] = m_section->settings.try_emplace(std::move(name), trimmed(content.substr(delimiter + 1)));
    if (!is_new) refuse("a second setting " + setting->first);
    m_setting = &*setting;
    m_group = nullptr;
  }

  // What follows a setting without a value is a group; what follows one with a value makes that longer, with the blank
  // lines between them.
  void continuation(std::string_view content, std::size_t blank_lines) {
    if (!m_group && !m_setting->second.empty()) {
      extend(m_setting->second, std::string(blank_lines + 1, '\n'), content);
      return;
    }
    if (!m_group) m_group = &m_section->groups[m_setting->first];
    const auto delimiter = content.find('=');
    if (delimiter == content.npos) refuse("a setting below " + m_setting->first + " without \"=\"");
    (*m_group)[std::string(trimmed(content.substr(0, delimiter)))] = trimmed(content.substr(delimiter + 1));
  }

  static void extend(std::string& value, const std::string& separator, std::string_view line) {
    std::string longer;
    longer.reserve(value.size() + separator.size() + line.size());
    longer.append(value).append(separator).append(line);
    std::swap(value, longer);
    wipe(longer);
  }

  const std::string& m_name;
  std::size_t m_number = 0;
  std::size_t m_indentation = 0;
  std::size_t m_blank_lines = 0; // since the last line with something on it
  ConfigSections m_sections;
  ConfigSection* m_section = nullptr;
  ConfigSettings::value_type* m_setting = nullptr; // the one that an indented line continues
  ConfigSettings* m_group = nullptr;               // that setting's group, once it has one
};

ConfigSections read_sections(std::string_view text, const std::string& name) {
  if (text.size() > largest_config_file)
    throw Error(sqlstate::not_connected, "cannot read " + name + ": it is larger than 1 MiB");
  Reader reader(name);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    const auto line = text.substr(0, end);
    if (!is_utf8(line)) throw Error(sqlstate::not_connected, "cannot read " + name + ": it is not UTF-8");
    reader.line(line);
    const bool is_pair = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
  }
  return reader.take();
}

} // namespace

ConfigSection& ConfigSection::operator=(ConfigSection other) noexcept {
  settings.swap(other.settings);
  groups.swap(other.groups);
  return *this;
}

ConfigSection::~ConfigSection() {
  wipe_all(settings);
  for (auto& [name, group] : groups)
    wipe_all(group);
}

std::string_view ConfigSection::get(std::string_view name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string_view() : found->second;
}

std::string_view ConfigSection::get(std::string_view group, std::string_view name) const {
  const auto of_group = groups.find(group);
  if (of_group == groups.end()) return {};
  const auto found = of_group->second.find(name);
  return found == of_group->second.end() ? std::string_view() : found->second;
}

bool ConfigSection::has(std::string_view name) const {
  return settings.count(name) > 0;
}

Config parse_config(std::string_view text, ConfigFile kind, const std::string& name) {
  auto sections = read_sections(text, name);
  Config config;
  if (kind == ConfigFile::credentials) {
    config.profiles = std::move(sections);
    return config;
  }
  for (auto& [header, section] : sections) {
    const auto parts = shell_words(header);
    if (!parts || parts->empty()) continue;
    const bool is_default = *parts == std::vector<std::string>{"default"};
    if (!is_default && parts->size() != 2) continue;
    const auto& kind_of_section = parts->front();
    ConfigSections* place = is_default || kind_of_section == "profile" ? &config.profiles
                            : kind_of_section == "sso-session"         ? &config.sso_sessions
                            : kind_of_section == "services"            ? &config.services
                                                                       : nullptr;
    if (place) (*place)[parts->back()] = std::move(section);
  }
  return config;
}

Config merge_configs(Config configuration, Config credentials) {
  for (auto& [name, section] : credentials.profiles) {
    auto& merged = configuration.profiles[name];
    for (auto& [setting, value] : section.settings) {
      merged.groups.erase(setting);
      merged.settings[setting] = value;
    }
    for (auto& [group, settings] : section.groups)
      merged.groups[group] = settings;
  }
  return configuration;
}

} // namespace iasql::aws
