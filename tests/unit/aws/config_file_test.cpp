#include "aws/config_file.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <random>

namespace iasql::aws {
namespace {

Config configuration(std::string_view text) {
  return parse_config(text, ConfigFile::configuration, "config");
}
Config credentials(std::string_view text) {
  return parse_config(text, ConfigFile::credentials, "credentials");
}

TEST(ConfigFile, HasProfilesSessionsAndServices) {
  auto config = configuration("# comment\r\n"
                              "[default]\r\n"
                              "region = eu-west-2\r\n"
                              "Services: own\r\n"
                              "; comment\n"
                              "[profile one]\n"
                              "aws_secret_access_key=a/b+c==\n"
                              "s3 =\n"
                              "  # comment\n"
                              "\n"
                              "  Addressing_Style = path\n"
                              "  max=1\n"
                              "output = json\n"
                              "[profile \"my own\"]\n"
                              "empty =\n"
                              "[sso-session work]\n"
                              "sso_region = us-east-1\n"
                              "[services own]\n"
                              "dynamodb =\n"
                              "  endpoint_url = http://127.0.0.1:1\n"
                              "[preview]\n"
                              "cloudsearch = true\n");
  EXPECT_EQ(config.profiles.size(), 3);
  EXPECT_EQ(config.profiles["default"].get("region"), "eu-west-2");
  EXPECT_EQ(config.profiles["default"].get("services"), "own");
  EXPECT_EQ(config.profiles["one"].get("aws_secret_access_key"), "a/b+c==");
  EXPECT_EQ(config.profiles["one"].get("s3", "Addressing_Style"), "path");
  EXPECT_EQ(config.profiles["one"].get("s3", "max"), "1");
  EXPECT_EQ(config.profiles["one"].get("s3", "missing"), "");
  EXPECT_EQ(config.profiles["one"].get("missing", "max"), "");
  EXPECT_EQ(config.profiles["one"].get("output"), "json");
  EXPECT_TRUE(config.profiles["my own"].has("empty"));
  EXPECT_FALSE(config.profiles["my own"].has("other"));
  EXPECT_EQ(config.profiles["my own"].get("empty"), "");
  EXPECT_EQ(config.sso_sessions["work"].get("sso_region"), "us-east-1");
  EXPECT_EQ(config.services["own"].get("dynamodb", "endpoint_url"), "http://127.0.0.1:1");
}

struct HeaderCase {
  const char* header;
  const char* profile; // nullptr: no profile
};

TEST(ConfigFile, HeadersAreReadAsAShellReadsWords) {
  const HeaderCase cases[] = {
      {"[default]", "default"},     {"[profile default]", "default"}, {"[profile a]", "a"},
      {"[profile\ta]", "a"},        {"[ profile a ]", "a"},           {"[profile 'a b']", "a b"},
      {"[profile \"a]b\"]", "a]b"}, {"[profile a\\ b]", "a b"},       {"[profile \"a\\\"b\"]", "a\"b"},
      {"[profile 'a\\b']", "a\\b"}, {"[profile \"a\"b]", "ab"},       {"[profile a] # comment", "a"},
      {"[profile]", nullptr},       {"[profile a b]", nullptr},       {"[profile \"a]", nullptr},
      {"[profile a\\]", nullptr},   {"[profiles a]", nullptr},        {"[a]", nullptr},
      {"[DEFAULT]", nullptr},
  };
  for (const auto& [header, profile] : cases) {
    SCOPED_TRACE(header);
    auto config = configuration(std::string(header) + "\nregion = here\n");
    ASSERT_EQ(config.profiles.size(), profile ? 1 : 0);
    if (profile) {
      EXPECT_EQ(config.profiles.begin()->first, profile);
    }
  }
}

TEST(ConfigFile, InTheCredentialsFileEverySectionIsAProfile) {
  auto config = credentials("[default]\na = 1\n[one]\na = 2\n[profile two]\na = 3\n");
  EXPECT_EQ(config.profiles["one"].get("a"), "2");
  EXPECT_EQ(config.profiles["profile two"].get("a"), "3");
  EXPECT_EQ(config.profiles.size(), 3);
}

TEST(ConfigFile, LinesBelowAValueContinueIt) {
  auto config =
      credentials("[a]\n  key = one\n  other = two\n   three\n# comment\n\n   four\n  last = five ; no comment\n");
  EXPECT_EQ(config.profiles["a"].get("key"), "one");
  EXPECT_EQ(config.profiles["a"].get("other"), "two\nthree\n\nfour");
  EXPECT_EQ(config.profiles["a"].get("last"), "five ; no comment");
}

TEST(ConfigFile, TheCredentialsFileCountsMore) {
  auto both = merge_configs(configuration("[default]\nregion = r\na = 1\ns3 =\n x = 1\n[profile p]\na = 2\n"),
                            credentials("[default]\na = 3\ns3 = none\n[q]\na = 4\ng =\n y = 2\n"));
  EXPECT_EQ(both.profiles["default"].get("region"), "r");
  EXPECT_EQ(both.profiles["default"].get("a"), "3");
  EXPECT_EQ(both.profiles["default"].get("s3"), "none");
  EXPECT_EQ(both.profiles["default"].get("s3", "x"), "");
  EXPECT_EQ(both.profiles["p"].get("a"), "2");
  EXPECT_EQ(both.profiles["q"].get("g", "y"), "2");
}

struct BadCase {
  const char* text;
  const char* message;
};

TEST(ConfigFile, WhatCannotBeReadIsAnErrorWithItsLine) {
  const BadCase cases[] = {
      {"a = verysecret\n", "line 1: a setting before the first [section]"},
      {"\n[a]\nverysecret\n", "line 3: neither a [section] nor a setting with \"=\""},
      {"[a]\r\n = verysecret\r\n", "line 2: a value without a name"},
      {"[a]\rx = 1\rX = verysecret", "line 3: a second setting x"},
      {"[a]\nx =\n y = 1\nx = verysecret\n", "line 4: a second setting x"},
      {"[a]\n[b]\n[a]\nx = verysecret\n", "line 3: a second section [a]"},
      {"[a]\ns3 =\n  verysecret\n", "line 3: a setting below s3 without \"=\""},
      {"[]\nx = verysecret\n", "line 1: a setting before the first [section]"},
      {"[a\nx = verysecret\n", "line 1: a setting before the first [section]"},
      {"[a]\nx = verysecret\xff\n", "it is not UTF-8"},
      {"[a]\nx = \xc0\xaf verysecret\n", "it is not UTF-8"},
      {"[a]\nx = \xed\xa0\x80 verysecret\n", "it is not UTF-8"},
      {"[a]\nx = \xf4\x90\x80\x80 verysecret\n", "it is not UTF-8"},
  };
  for (const auto& [text, message] : cases) {
    SCOPED_TRACE(text);
    try {
      configuration(text);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
      EXPECT_EQ(error.what(), std::string("cannot read config: ") + message);
    }
  }
}

TEST(ConfigFile, IsAtMostOneMebibyte) {
  EXPECT_NO_THROW(configuration(std::string(largest_config_file, '#')));
  EXPECT_THROW(configuration(std::string(largest_config_file + 1, '#')), Error);
}

TEST(ConfigFile, AnyBytesAreReadOrRefused) {
  std::mt19937 random(1);
  const std::string_view alphabet = "[]=: \t\r\n#;'\"\\abprofile\xc3\xa9\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto length = random() % 40; length > 0; --length)
      text += alphabet[random() % (round % 2 ? alphabet.size() : alphabet.size() - 3)];
    try {
      configuration(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
    }
  }
}

TEST(ConfigFile, SectionsAreCopiedAndAssigned) {
  auto config = configuration("[default]\na = a value that is longer than any short string\n");
  ConfigSection copy = config.profiles["default"];
  config.profiles["default"] = ConfigSection();
  EXPECT_EQ(copy.get("a"), "a value that is longer than any short string");
  EXPECT_FALSE(config.profiles["default"].has("a"));
}

} // namespace
} // namespace iasql::aws
