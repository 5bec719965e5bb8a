#include "base/error.hpp"
#include "credentials/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace iasql::credentials {
namespace {

class KeyFile : public testing::Test {
protected:
  KeyFile() {
    auto pattern = (std::filesystem::temp_directory_path() / "iasql-key-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    path = folder + "/key";
  }
  ~KeyFile() override { std::filesystem::remove_all(folder); }

  void write(const SecretKeys& keys) const { write_key_file(path, keys, {::geteuid(), ::getegid()}); }
  SecretKeys read() const { return read_key_file(path, ::geteuid()); }

  static SecretKeys new_keys(int count = 1) {
    SecretKeys keys;
    while (count-- > 0)
      keys.push_back(generate_key_pair().secret_key);
    return keys;
  }

  static std::vector<std::string_view> views(const SecretKeys& keys) {
    std::vector<std::string_view> result;
    for (const auto& key : keys)
      result.push_back(key.view());
    return result;
  }

  std::string refusal() const {
    try {
      read();
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
      return error.what();
    }
    return "read";
  }

  std::string named(const std::string& what) const { return "key file \"" + path + "\" " + what; }

  std::string folder, path;
};

TEST_F(KeyFile, GivesBackWhatWasWritten) {
  const auto keys = new_keys(2);
  write(keys);
  EXPECT_EQ(views(read()), views(keys));
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0400u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "nothing else is left behind";
}

TEST_F(KeyFile, IsNeverReplaced) {
  const auto first = new_keys();
  write(first);
  EXPECT_THROW(write(new_keys()), Error);
  EXPECT_EQ(views(read()), views(first));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(KeyFile, IsReplacedWhereThatIsAskedFor) {
  write(new_keys());
  std::ofstream(path + ".new") << "what a crash left";
  const auto second = new_keys(2);
  replace_key_file(path, second);
  EXPECT_EQ(views(read()), views(second));
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0400u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(KeyFile, AnotherOwnerIsRefused) {
  write(new_keys());
  EXPECT_THROW(read_key_file(path, ::geteuid() + 1), Error);
}

TEST_F(KeyFile, TheEnvironmentHoldsTheSameLines) {
  const auto keys = new_keys(2);
  write(keys);
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ::unsetenv(key_variable);
  EXPECT_THROW(read_key_variable(), Error);
  ::setenv(key_variable, (" " + text).c_str(), 1);
  EXPECT_EQ(views(read_key_variable()), views(keys));
  ::setenv(key_variable, "iasql-secret-key-1", 1);
  EXPECT_THROW(read_key_variable(), Error);
  ::unsetenv(key_variable);
}

TEST_F(KeyFile, MissingFileIsNamed) {
  EXPECT_EQ(refusal(), named("cannot be read: No such file or directory"));
}

TEST_F(KeyFile, AnyOtherModeIsRefused) {
  write(new_keys());
  for (mode_t mode : {0440u, 0404u, 0600u, 0500u}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_EQ(refusal(), named("has another mode than 0400")) << std::oct << mode;
  }
}

TEST_F(KeyFile, LinksAndFoldersAreRefused) {
  write(new_keys());
  std::filesystem::rename(path, path + ".real");
  std::filesystem::create_symlink(path + ".real", path);
  EXPECT_EQ(refusal(), named("cannot be read: Too many levels of symbolic links"));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_EQ(refusal(), named("is not an ordinary file"));
}

TEST_F(KeyFile, OtherContentIsRefused) {
  const std::string good = "iasql-secret-key-1 " + std::string(64, 'a');
  for (std::string content :
       {std::string(), std::string("iasql-secret-key-1 \n"), std::string("iasql-secret-key-1 00\n"), good + "a\n",
        good + "\nand more\n", good + good + "\n"}) {
    std::filesystem::remove(path);
    std::ofstream(path) << content;
    ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
    EXPECT_EQ(refusal(), named("does not hold a key of iasql")) << content;
  }
  std::filesystem::remove(path);
  std::ofstream(path) << "iasql-secret-key-1 " << std::string(63, 'a') << "g\n";
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(refusal(), named("does not hold a key of iasql"));
}

} // namespace
} // namespace iasql::credentials
