#include "aws/caller.hpp"
#include "aws/redact.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

TEST(HideSensitive, PutsStarsInThePlaceOfWhatTheModelCallsSensitive) {
  auto model = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "Out":{"type":"structure","members":{"Name":{"shape":"Text"},"Password":{"shape":"Secret"},"Keys":{"shape":"Keys"},
        "ByName":{"shape":"ByName"},"Whole":{"shape":"Whole"}}},
      "Text":{"type":"string"},"Secret":{"type":"string","sensitive":true},
      "Keys":{"type":"list","member":{"shape":"Secret"}},
      "ByName":{"type":"map","key":{"shape":"Text"},"value":{"shape":"Secret"}},
      "Whole":{"type":"structure","sensitive":true,"members":{"Inner":{"shape":"Text"}}}}})");
  Value output = read_json(R"({"Name":"n","Password":"p","Keys":["a",null,"b"],"ByName":{"x":"y"},
                               "Whole":{"Inner":"i"},"Unknown":"u"})");
  hide_sensitive(model->find_shape("Out"), output);
  EXPECT_EQ(write_json(output), R"({"Name":"n","Password":"***","Keys":["***",null,"***"],"ByName":{"x":"***"},)"
                                R"("Whole":"***","Unknown":"u"})");
  Value absent = read_json(R"({"Password":null})");
  hide_sensitive(model->find_shape("Out"), absent);
  EXPECT_EQ(write_json(absent), R"({"Password":null})");
  hide_sensitive(nullptr, output);
}

TEST(ReadOnly, IsSaidOfNamesThatAreKnownToBeHarmless) {
  for (const char* read : {"BatchDescribeEntities", "SearchResources", "Query", "Scan", "FilterLogEvents", "GetItem"})
    EXPECT_TRUE(is_read_only(read)) << read;
  for (const char* write : {"GetId", "GetActivityTask", "GetTokensFromRefreshToken", "GetDelegatedAccessToken",
                            "GetScalingConfigurationRecommendation", "GetCaseAttachmentUploadUrl", "QueryAndDelete",
                            "ScanSbom", "StartQuery", "Invoke", "ExecuteStatement"})
    EXPECT_FALSE(is_read_only(write)) << write;
}

} // namespace
} // namespace iasql::aws
