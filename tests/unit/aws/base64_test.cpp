#include "aws/base64.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

TEST(Base64, TakesEveryByteThereAndBack) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) {
    EXPECT_EQ(base64_bytes(base64_text(bytes)), bytes);
    bytes += static_cast<char>(c);
  }
  EXPECT_EQ(base64_text(""), "");
  EXPECT_EQ(base64_text("f"), "Zg==");
  EXPECT_EQ(base64_text("fo"), "Zm8=");
  EXPECT_EQ(base64_text("foo"), "Zm9v");
}

} // namespace iasql::aws
