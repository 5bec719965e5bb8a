#include "discovery/discovery_test.hpp"

#include <filesystem>

namespace iasql::discovery {
namespace {

struct ProcessTest : DiscoveryTest {
  void command(const std::string& line) { write(".aws/config", "[profile work]\ncredential_process = " + line + "\n"); }
  std::string script(const std::string& text) {
    const auto name = write("a script", "#!/bin/sh\n" + text);
    std::filesystem::permissions(name, std::filesystem::perms::owner_all);
    return "'" + name + "'";
  }
  const Question work{.profile = "work", .processes = Processes::allowed};
};

TEST_F(ProcessTest, ItsOutputIsTheKey) {
  command(script(R"(printf '{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "%s", "SessionToken": "t",
"Expiration": "2026-11-22T02:00:00+01:00"}' "$1" "$2")") +
          " 'AKIA; echo no' \"x y\"");
  const auto found = find(work);
  EXPECT_EQ(source, "process");
  EXPECT_EQ(found.access_key_id, "AKIA; echo no") << "no shell reads the command";
  EXPECT_EQ(found.secret_access_key, "x y");
  EXPECT_EQ(found.session_token, "t");
  EXPECT_EQ(found.expires, clock.time + std::chrono::hours(1));
}

TEST_F(ProcessTest, LongOutputArrivesWhole) {
  command(script(R"(printf '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "SessionToken": "'
head -c 200000 /dev/zero | tr '\0' t
printf '"}')"));
  EXPECT_EQ(find(work).session_token, std::string(200'000, 't'));
}

TEST_F(ProcessTest, IsNotStartedUnlessTheCallerAllowsIt) {
  command(script("touch \"$0.was-here\""));
  failure({.profile = "work"});
  EXPECT_NE(detail.find("process: profile work has a credential_process, and programs are not started here"),
            detail.npos);
  EXPECT_FALSE(std::filesystem::exists(home / "a script.was-here"));
}

struct BadProcess {
  const char* script;
  const char* message;
};

TEST_F(ProcessTest, WhatItDoesWrongIsSaidWithoutItsOutput) {
  const BadProcess cases[] = {
      {"echo verysecret; exit 3", "profile work: its credential_process ended with exit status 3"},
      {"kill -9 $$", "profile work: its credential_process was ended by signal 9"},
      {"echo verysecret", "profile work: its credential_process printed no JSON object"},
      {"true", "profile work: its credential_process printed no JSON object"},
      {"echo '[\"verysecret\"]'", "profile work: its credential_process printed no JSON object"},
      {R"(echo '{"AccessKeyId": "A", "SecretAccessKey": "verysecret"}')",
       "profile work: its credential_process printed another Version than 1"},
      {R"(echo '{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "verysecret"}')",
       "profile work: its credential_process printed another Version than 1"},
      {R"(echo '{"Version": 1, "SecretAccessKey": "verysecret"}')",
       "what profile work: its credential_process printed has no AccessKeyId"},
      {R"(echo '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "verysecret", "Expiration": "soon"}')",
       "what profile work: its credential_process printed has an Expiration that is no time"},
      {"head -c 1100000 /dev/zero", "profile work: its credential_process printed more than 1 MiB"},
  };
  for (const auto& [text, message] : cases) {
    command(script(text));
    EXPECT_EQ(failure(work), message);
  }
}

TEST_F(ProcessTest, ACommandThatIsNoneIsAnError) {
  command("'unended");
  EXPECT_EQ(failure(work), "profile work: its credential_process is no command");
  command("/no/such/program");
  EXPECT_EQ(failure(work),
            "profile work: its credential_process cannot start /no/such/program: No such file or directory");
}

} // namespace
} // namespace iasql::discovery
