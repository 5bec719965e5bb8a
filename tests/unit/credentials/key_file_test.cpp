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

  void write(const LockedBytes& key) const { write_key_file(path, key, {::geteuid(), ::getegid()}); }

  std::string refusal() const {
    try {
      read_key_file(path);
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
  auto pair = generate_key_pair();
  write(pair.secret_key);
  EXPECT_EQ(read_key_file(path).view(), pair.secret_key.view());
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0400u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "nothing else is left behind";
}

TEST_F(KeyFile, IsNeverReplaced) {
  auto first = generate_key_pair();
  write(first.secret_key);
  EXPECT_THROW(write(generate_key_pair().secret_key), Error);
  EXPECT_EQ(read_key_file(path).view(), first.secret_key.view());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(KeyFile, MissingFileIsNamed) {
  EXPECT_EQ(refusal(), named("cannot be read: No such file or directory"));
}

TEST_F(KeyFile, AnyOtherModeIsRefused) {
  write(generate_key_pair().secret_key);
  for (mode_t mode : {0440u, 0404u, 0600u, 0500u}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_EQ(refusal(), named("has another mode than 0400")) << std::oct << mode;
  }
}

TEST_F(KeyFile, LinksAndFoldersAreRefused) {
  write(generate_key_pair().secret_key);
  std::filesystem::rename(path, path + ".real");
  std::filesystem::create_symlink(path + ".real", path);
  EXPECT_EQ(refusal(), named("cannot be read: Too many levels of symbolic links"));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_EQ(refusal(), named("is not an ordinary file"));
}

TEST_F(KeyFile, OtherContentIsRefused) {
  for (std::string content : {"", "iasql-secret-key-1 \n", "iasql-secret-key-1 00\n"}) {
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
