// Profiles of the AWS command line: files of sections ("[name]" in the credentials file, "[profile name]" in the
// configuration file, "[default]" in both) with lines "key = value". Indented lines belong to the setting above them
// and are none of ours; lines that begin with "#" or ";" are comments.

#include "aws/credentials.hpp"
#include "base/error.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace iasql::aws {

namespace {

constexpr std::size_t largest_file = 1u << 20;

struct WipedText {
  WipedText() = default;
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { wipe(text); }
  std::string text;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string home_directory() {
  if (const char* home = std::getenv("HOME"); home && *home) return home;
  const passwd* user = getpwuid(geteuid());
  return user ? user->pw_dir : "";
}

std::string file_name(const char* variable, const char* below_home) {
  const char* given = std::getenv(variable);
  if (!given || !*given) return home_directory() + below_home;
  return given[0] == '~' && given[1] == '/' ? home_directory() + (given + 1) : given;
}

// False where there is no such file.
bool read_file(const std::string& name, std::string& text) {
  auto refuse = [&](const char* reason) {
    throw Error(sqlstate::not_connected, "cannot read " + name + ": " + reason);
  };
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(name.c_str(), "re"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    refuse(std::strerror(errno));
  }
  struct stat status {};
  if (fstat(fileno(file.get()), &status) != 0) refuse(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) refuse("it is not a file");
  std::setvbuf(file.get(), nullptr, _IONBF, 0); // leaves no copy in a buffer of the C library
  text.resize(largest_file + 1);
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) refuse(std::strerror(errno));
  if (text.size() > largest_file) refuse("it is larger than 1 MiB");
  return true;
}

std::string_view without_blanks(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The name in "[name]" or "[profile name]", blanks around it dropped.
std::string_view section_name(std::string_view line) {
  line.remove_prefix(1);
  auto name = without_blanks(line.substr(0, line.find(']')));
  constexpr std::string_view word = "profile";
  if (name.substr(0, word.size()) == word && name.size() > word.size() &&
      (name[word.size()] == ' ' || name[word.size()] == '\t'))
    name = without_blanks(name.substr(word.size()));
  return name;
}

Credentials read_section(std::string_view text, std::string_view profile) {
  Credentials found;
  bool in_section = false;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#' || line[0] == ';' || line[0] == ' ' || line[0] == '\t') continue;
    if (line[0] == '[') {
      in_section = section_name(line) == profile;
      continue;
    }
    auto equals = line.find('=');
    if (!in_section || equals == line.npos) continue;
    auto key = without_blanks(line.substr(0, equals));
    auto value = without_blanks(line.substr(equals + 1));
    if (key == "aws_access_key_id") found.access_key_id = value;
    if (key == "aws_secret_access_key") found.secret_access_key = value;
    if (key == "aws_session_token") found.session_token = value;
  }
  return found;
}

} // namespace

std::optional<Credentials> credentials_from_profile(const std::string& profile) {
  for (const auto& name :
       {file_name("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"), file_name("AWS_CONFIG_FILE", "/.aws/config")}) {
    WipedText file;
    if (!read_file(name, file.text)) continue;
    auto found = read_section(file.text, profile);
    if (found.access_key_id.empty() && found.secret_access_key.empty()) continue;
    if (found.access_key_id.empty() || found.secret_access_key.empty())
      throw Error(sqlstate::not_connected,
                  "profile " + profile + " in " + name + " has " +
                      (found.access_key_id.empty() ? "no aws_access_key_id" : "no aws_secret_access_key"));
    return found;
  }
  return {};
}

} // namespace iasql::aws
