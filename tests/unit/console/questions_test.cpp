#include "base/error.hpp"
#include "base/json.hpp"
#include "console/questions.hpp"
#include "hosting/failure.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

// As it is read on the other side.
Value there(const Value& document) {
  return read_json(write_json(document));
}

TEST(QuestionsTest, an_account_with_a_key) {
  const NewAccount account{.access = KeyGiven{"AKIAIOSFODNN7EXAMPLE", "se/cr+et", "token"},
                           .place = Place::emulator,
                           .region = "eu-west-2",
                           .further_regions = {"us-east-1", "eu-west-1"},
                           .alias = "shop",
                           .user = "anna"};
  const auto read = read_account(there(write(account)));
  const auto& key = std::get<KeyGiven>(read.access);
  EXPECT_EQ(key.access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(key.secret_access_key, "se/cr+et");
  EXPECT_EQ(key.session_token, "token");
  EXPECT_EQ(read.place, Place::emulator);
  EXPECT_EQ(read.region, "eu-west-2");
  EXPECT_EQ(read.further_regions, account.further_regions);
  EXPECT_EQ(read.alias, "shop");
  EXPECT_EQ(read.user, "anna");
}

TEST(QuestionsTest, an_account_with_a_role) {
  const NewAccount account{.access = RoleGiven{"arn:aws:iam::123456789012:role/iasql"},
                           .place = Place::aws,
                           .region = "eu-west-2",
                           .further_regions = {},
                           .alias = {},
                           .user = "ben"};
  const auto read = read_account(there(write(account)));
  EXPECT_EQ(std::get<RoleGiven>(read.access).arn, "arn:aws:iam::123456789012:role/iasql");
  EXPECT_EQ(read.place, Place::aws);
  EXPECT_TRUE(read.further_regions.empty());
  EXPECT_EQ(read.alias, std::nullopt);
}

TEST(QuestionsTest, a_database) {
  const hosting::HostedDatabase database{.name = "_0123456789abcdef",
                                         .role = "abcdefgh",
                                         .account_id = "123456789012",
                                         .region = "eu-west-2",
                                         .created = "2026-11-22 15:04",
                                         .alias = {},
                                         .endpoint_url = "http://127.0.0.1:4566",
                                         .bytes = 9'000'000'000,
                                         .stage = hosting::Stage::changing_key};
  const auto read = read_database(there(write(database)));
  EXPECT_EQ(read.name, database.name);
  EXPECT_EQ(read.role, database.role);
  EXPECT_EQ(read.account_id, database.account_id);
  EXPECT_EQ(read.created, database.created);
  EXPECT_EQ(read.alias, std::nullopt);
  EXPECT_EQ(read.endpoint_url, database.endpoint_url);
  EXPECT_EQ(read.bytes, database.bytes);
  EXPECT_EQ(read.stage, hosting::Stage::changing_key);
}

TEST(QuestionsTest, errors_arrive_as_what_they_were) {
  try {
    throw_error(there(write(hosting::Failure("no", "hint", hosting::Reason::credentials_refused))));
  } catch (const hosting::Failure& failure) {
    EXPECT_STREQ(failure.what(), "no");
    EXPECT_EQ(failure.hint(), "hint");
    EXPECT_EQ(failure.reason(), hosting::Reason::credentials_refused);
  }
  try {
    throw_error(there(write(hosting::DatabaseError("refused", "42501"))));
  } catch (const hosting::DatabaseError& error) {
    EXPECT_STREQ(error.what(), "refused");
    EXPECT_EQ(error.sqlstate(), "42501");
  }
  try {
    throw_error(there(write(Error(sqlstate::network_failed, "no answer", "detail", "hint"))));
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no answer");
    EXPECT_EQ(error.sqlstate(), sqlstate::network_failed);
    EXPECT_EQ(error.detail(), "detail");
    EXPECT_EQ(error.hint(), "hint");
  }
  // What nobody meant for a reader stays in the log.
  EXPECT_THROW(throw_error(there(write(std::runtime_error("std::bad_thing at 0x12")))), hosting::Failure);
  EXPECT_EQ(write_json(write(std::runtime_error("bad_thing"))).find("bad_thing"), std::string::npos);
}

// What a process that was taken over may send instead.
TEST(QuestionsTest, documents_of_another_shape_are_errors) {
  for (const auto* text : {"null", "{}", "[]", R"({"emulator": "yes"})", R"({"emulator": true, "region": 7})",
                           R"({"emulator": true, "region": "x", "user": "u", "further_regions": "all"})"})
    EXPECT_THROW(read_account(read_json(text)), Error) << text;
}

} // namespace
} // namespace iasql::console
