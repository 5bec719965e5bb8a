#include "console/http.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

struct PathCase {
  const char* target;
  const char* path; // nullptr: refused
};

class DecodePath : public testing::TestWithParam<PathCase> {};

TEST_P(DecodePath, GivesThePathOrNothing) {
  const auto path = decode_path(GetParam().target);
  if (GetParam().path) {
    ASSERT_TRUE(path) << GetParam().target;
    EXPECT_EQ(*path, GetParam().path);
  } else {
    EXPECT_FALSE(path) << *path;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Targets, DecodePath,
    testing::Values(PathCase{"/", "/"}, PathCase{"/?a=b", "/"}, PathCase{"/api/session", "/api/session"},
                    PathCase{"/api/users/a%20b", "/api/users/a b"}, PathCase{"/%41", "/A"}, PathCase{"", nullptr},
                    PathCase{"api", nullptr}, PathCase{"*", nullptr}, PathCase{"http://else.where/", nullptr},
                    PathCase{"//", nullptr}, PathCase{"/a//b", nullptr}, PathCase{"/a/", nullptr},
                    PathCase{"/..", nullptr}, PathCase{"/a/../b", nullptr}, PathCase{"/%2e%2e/b", nullptr},
                    PathCase{"/a%2fb", nullptr}, PathCase{"/a%00", nullptr}, PathCase{"/a%0d%0a", nullptr},
                    PathCase{"/%", nullptr}, PathCase{"/%4", nullptr}, PathCase{"/%zz", nullptr}));

Request with_cookies(const std::string& cookies) {
  return {.method = "GET", .path = "/", .headers = {{"cookie", cookies}}, .body = {}, .address = {}};
}

TEST(Cookie, IsFoundAmongOthers) {
  EXPECT_EQ(with_cookies("a=1; iasql_8080=two; b=3").cookie("iasql_8080"), "two");
  EXPECT_EQ(with_cookies("iasql_8080=two").cookie("iasql_8080"), "two");
  EXPECT_EQ(with_cookies("iasql_8080=").cookie("iasql_8080"), "");
}

TEST(Cookie, IsNothingWhereThereIsNoneOrTwo) {
  EXPECT_FALSE(with_cookies("").cookie("iasql_8080"));
  EXPECT_FALSE(with_cookies("iasql_80800=x; xiasql_8080=y; iasql_8080").cookie("iasql_8080"));
  EXPECT_FALSE(with_cookies("iasql_8080=mine; iasql_8080=planted").cookie("iasql_8080"));
}

TEST(ErrorResponse, QuotesWhatItSays) {
  const auto response = error_response(422, "a \"b\"\n</script>", "try");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"error":{"message":"a \"b\"\n</script>","hint":"try"}})");
  EXPECT_EQ(error_response(404, "x").body, R"({"error":{"message":"x"}})");
}

} // namespace
} // namespace iasql::console
