#include "discovery/files.hpp"

#include "aws/credentials.hpp"
#include "base/error.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace iasql::discovery {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string file_name(const Environment& environment, std::string_view variable, std::string_view usual) {
  const auto named = environment.get(variable);
  return environment.expanded(named.empty() ? usual : named);
}

} // namespace

SecretText::~SecretText() {
  aws::wipe(text);
}

FileFound read_file(const std::string& name, SecretText& content) {
  auto refuse = [&](const char* reason) {
    throw Error(sqlstate::not_connected, "cannot read " + name + ": " + reason);
  };
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(name.c_str(), "re"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return FileFound::no;
    refuse(std::strerror(errno));
  }
  struct stat status {};
  if (fstat(fileno(file.get()), &status) != 0) refuse(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) refuse("it is not a file");
  std::setvbuf(file.get(), nullptr, _IONBF, 0); // leaves no copy in a buffer of the C library
  content.text.resize(aws::largest_config_file + 1);
  content.text.resize(std::fread(content.text.data(), 1, content.text.size(), file.get()));
  if (std::ferror(file.get())) refuse(std::strerror(errno));
  if (content.text.size() > aws::largest_config_file) refuse("it is larger than 1 MiB");
  return FileFound::yes;
}

ConfigFiles read_config_files(const Environment& environment) {
  ConfigFiles files;
  files.configuration_name = file_name(environment, "AWS_CONFIG_FILE", "~/.aws/config");
  files.credentials_name = file_name(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  SecretText configuration, credentials;
  if (read_file(files.configuration_name, configuration) == FileFound::yes)
    files.configuration =
        aws::parse_config(configuration.text, aws::ConfigFile::configuration, files.configuration_name);
  if (read_file(files.credentials_name, credentials) == FileFound::yes)
    files.credentials = aws::parse_config(credentials.text, aws::ConfigFile::credentials, files.credentials_name);
  files.both = aws::merge_configs(files.configuration, files.credentials);
  return files;
}

} // namespace iasql::discovery
