#include "aws/protocol/header_list.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

TEST(HeaderList, IsReadAsItIsWritten) {
  const std::vector<std::string> strings = {"a", "b,c", "\"d\\\"", "", "e f"};
  EXPECT_EQ(join_header_list(strings, HeaderList::strings), R"(a, "b,c", "\"d\\\"", "", e f)");
  EXPECT_EQ(split_header_list(join_header_list(strings, HeaderList::strings), HeaderList::strings), strings);
  EXPECT_EQ(join_header_list({}, HeaderList::plain), "");
  EXPECT_EQ(split_header_list(" 1 ,, 2,", HeaderList::plain), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(split_header_list("Mon, 16 Dec 2019 23:48:18 GMT, Tue, 17 Dec 2019 23:48:18 GMT", HeaderList::dates),
            (std::vector<std::string>{"Mon, 16 Dec 2019 23:48:18 GMT", "Tue, 17 Dec 2019 23:48:18 GMT"}));
  EXPECT_EQ(split_header_list("\"open, \\", HeaderList::strings), (std::vector<std::string>{"open, \\"}));
}

} // namespace iasql::aws
