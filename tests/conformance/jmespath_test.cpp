#include "aws/jmespath.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace iasql::aws {

// The cases of functions and of expression references that are outside the subset count as refused, which is right for
// them as long as it is an Error; a wrong result never is.
TEST(JmesPath, ComplianceCases) {
  auto folder = conformance::shared_folder("jmespath");
  if (!folder) GTEST_SKIP() << "no shared/conformance/jmespath: the JMESPath cases are not run";
  int all = 0, right = 0, refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    Value document = read_json(conformance::read_file(entry.path()));
    for (const Value& suite : document.array()) {
      for (const Value& single : suite["cases"].array()) {
        SCOPED_TRACE(entry.path().filename().string() + ": " + single["expression"].string());
        ++all;
        const bool wants_error = !single["error"].is_null();
        try {
          Value found = JmesPath(single["expression"].string()).search(suite["given"]);
          bool is_right = !wants_error && (!single["bench"].is_null() || found == single["result"]);
          EXPECT_TRUE(is_right) << "found " << write_json(found) << ", expected " << write_json(single);
          right += is_right;
        } catch (const Error& error) {
          bool is_outside = std::string_view(error.what()).find("not supported") != std::string_view::npos;
          EXPECT_TRUE(wants_error || is_outside) << error.what();
          ++(wants_error ? right : refused);
        }
      }
    }
  }
  EXPECT_EQ(all, 908);
  std::cout << "JMESPath: " << right << "/" << all << " right, " << refused << " refused as outside the subset\n";
}

} // namespace iasql::aws
