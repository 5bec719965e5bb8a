#include "aws/endpoint_rules/rules.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

// A rule set is data: it must not make of few bytes more than memory holds.
TEST(EndpointRules, ATextDoesNotDoubleForEver) {
  std::string conditions = R"({"fn": "uriEncode", "argv": ["{Region}{Region}"], "assign": "v0"})";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "v" + std::to_string(i - 1);
    conditions += R"(, {"fn": "uriEncode", "argv": ["{)" + before + "}{" + before + R"(}"], "assign": "v)" +
                  std::to_string(i) + "\"}";
  }
  const EndpointRules rules(R"({"parameters": {"Region": {"type": "string"}}, "rules": [{"type": "endpoint",
      "conditions": [)" + conditions +
                            R"(], "endpoint": {"url": "https://{v59}"}}]})");
  try {
    rules.evaluate({"eu-west-2"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
    EXPECT_STREQ(error.what(), "the endpoint rules cannot be evaluated: a text is too long");
  }
}

} // namespace iasql::aws
