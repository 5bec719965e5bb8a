#include "console/router.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

std::vector<Route> routes() {
  std::vector<Route> result;
  const auto add = [&](const char* method, const char* pattern) {
    result.push_back({method, pattern, Access::user, [pattern](const Asked&) { return Response{.body = pattern}; }});
  };
  add("GET", "/");
  add("GET", "/api/databases");
  add("POST", "/api/databases");
  add("DELETE", "/api/databases/{database}");
  add("GET", "/api/databases/{database}/plan");
  return result;
}

TEST(Router, FindsByMethodAndPath) {
  const auto all = routes();
  EXPECT_EQ(find_route(all, "GET", "/").route, &all[0]);
  EXPECT_EQ(find_route(all, "GET", "/api/databases").route, &all[1]);
  EXPECT_EQ(find_route(all, "POST", "/api/databases").route, &all[2]);
  const auto match = find_route(all, "GET", "/api/databases/_0123/plan");
  EXPECT_EQ(match.route, &all[4]);
  EXPECT_EQ(match.parameters.at("database"), "_0123");
}

TEST(Router, TellsAnotherMethodFromAnotherPath) {
  const auto all = routes();
  const auto other = find_route(all, "DELETE", "/api/databases");
  EXPECT_EQ(other.route, nullptr);
  EXPECT_TRUE(other.other_method);
  for (const auto* path :
       {"/api", "/api/databases/a/plan/b", "/api/databases/a/other", "/API/databases", "/index.html"}) {
    const auto none = find_route(all, "GET", path);
    EXPECT_EQ(none.route, nullptr) << path;
    EXPECT_FALSE(none.other_method) << path;
  }
}

TEST(Asked, KnowsTextsFromOtherThings) {
  const Request request;
  const Asked asked{.request = request,
                    .parameters = {},
                    .body = Object{{"name", "x"}, {"number", 1}, {"yes", true}, {"nothing", nullptr}},
                    .session = {}};
  EXPECT_EQ(asked.text("name"), "x");
  EXPECT_EQ(asked.text("missing"), "");
  EXPECT_EQ(asked.text("nothing"), "");
  EXPECT_THROW(asked.text("number"), BadRequest);
  EXPECT_TRUE(asked.flag("yes"));
  EXPECT_FALSE(asked.flag("missing"));
  EXPECT_THROW(asked.flag("name"), BadRequest);
}

} // namespace
} // namespace iasql::console
