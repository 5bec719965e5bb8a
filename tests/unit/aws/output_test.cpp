// Readers of answers expect members in an order, and texts in one piece. Neither is anything that AWS promises.

#include "aws/protocol/expected_name.hpp"
#include "aws/protocol/protocol.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace iasql::aws {

namespace {

// A service with one operation, Go, whose output is a list of structures of `count` members: texts, numbers and lists
// of texts in turn, member i with the value that value() has.
std::unique_ptr<Service> service_of(const std::string& protocol, int count) {
  Object members, shapes{{"Text", Object{{"type", "string"}}}, {"Number", Object{{"type", "integer"}}}};
  constexpr const char* kinds[] = {"Text", "Number", "Texts"};
  for (int i = 0; i < count; ++i)
    members.set("Member" + std::to_string(i), Object{{"shape", kinds[i % 3]}});
  shapes.set("Texts", Object{{"type", "list"}, {"member", Object{{"shape", "Text"}}}});
  shapes.set("Thing", Object{{"type", "structure"}, {"members", members}});
  shapes.set("Things", Object{{"type", "list"}, {"member", Object{{"shape", "Thing"}}}});
  shapes.set("Output", Object{{"type", "structure"}, {"members", Object{{"Things", Object{{"shape", "Things"}}}}}});
  const Object http{{"method", "POST"}, {"requestUri", "/"}};
  const Object go{{"http", http}, {"output", Object{{"shape", "Output"}}}};
  const Object metadata{{"protocol", protocol}, {"apiVersion", "1"}, {"endpointPrefix", "x"}, {"jsonVersion", "1.1"}};
  const Object model{{"metadata", metadata}, {"operations", Object{{"Go", go}}}, {"shapes", shapes}};
  return read_service("order", write_json(model));
}

Value value(int member, int salt) {
  if (member % 3 == 0) return "text " + std::to_string(member * 1000 + salt);
  if (member % 3 == 1) return member * 1000 + salt;
  return Array{"a", std::to_string(salt)};
}

std::string xml_of(const Value& value) {
  std::string result;
  if (value.is_array()) {
    for (const Value& element : value.array())
      result += "<member>" + xml_of(element) + "</member>";
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.object())
      result += "<" + std::string(name) + ">" + xml_of(member) + "</" + std::string(name) + ">";
  } else {
    result = value.text();
  }
  return result;
}

std::string answer(const std::string& protocol, const Value& output) {
  return protocol == "json" ? write_json(output) : "<GoResponse>" + xml_of(output) + "</GoResponse>";
}

Value read(const Service& service, const std::string& body) {
  return aws::parse(service, service.operation("Go"), {200, {}, body});
}

// What a text of an answer is read as, which is written that way.
Value text_of(const std::string& written) {
  static const std::unique_ptr<Service> service = service_of("query", 4);
  const Value output = read(*service, "<GoResponse><Things><member>" + written + "</member></Things></GoResponse>");
  return output["Things"].array()[0];
}

} // namespace

TEST(Output, MembersComeInAnyOrderAndNumber) {
  std::mt19937 random(1);
  for (const std::string protocol : {"query", "json"})
    for (const int count : {1, 3, 63, 64, 65, 200}) {
      const std::unique_ptr<Service> service = service_of(protocol, count);
      for (int round = 0; round < 20; ++round) {
        Array things;
        for (int thing = 0; thing < 10; ++thing) {
          std::vector<int> order;
          for (int i = 0; i < count; ++i)
            if (round % 2 == 0 || random() % 3 > 0) order.push_back(i);
          if (round > 1) std::shuffle(order.begin(), order.end(), random);
          Object members;
          for (const int member : order)
            members.set("Member" + std::to_string(member), value(member, thing));
          things.push_back(std::move(members));
        }
        const Value output = Object{{"Things", std::move(things)}};
        ASSERT_EQ(read(*service, answer(protocol, output)), output) << protocol << " " << count << " " << round;
      }
    }
}

TEST(Output, OfAMemberThatComesTwiceTheLastIsLeft) {
  for (const int count : {4, 70}) {
    const std::string last = std::to_string(count - count % 3 - 3); // a text; of 70 members none of the first 64
    const std::unique_ptr<Service> query = service_of("query", count), json = service_of("json", count);
    const Value expected = Object{{"Things", Array{Object{{"Member" + last, "b"}, {"Member1", 2}}, Object()}}};
    EXPECT_EQ(read(*query, "<GoResponse><Things><member><Member" + last + ">a</Member" + last +
                               "><Member1>1</Member1><Member" + last + ">b</Member" + last +
                               "><Member1>2</Member1></member><member/></Things></GoResponse>"),
              expected);
    EXPECT_EQ(read(*json, R"({"Things":[{"Member)" + last + R"(":"a","Member1":1,"Member)" + last +
                              R"(":"b","Member1":2},{}]})"),
              expected);
  }
}

TEST(Output, ATextIsAllItsPieces) {
  const Value abc = Object{{"Member0", "abc"}};
  for (const char* written :
       {"<Member0>abc</Member0>", "<Member0>a<![CDATA[b]]>c</Member0>", "<Member0><![CDATA[abc]]></Member0>",
        "<Member0><![CDATA[a]]><![CDATA[bc]]></Member0>", "<Member0>ab<!-- x -->c</Member0>",
        "<Member0>a<unknown>x<deeper>y</deeper></unknown>b<unknown/>c</Member0>",
        "<Member0><unknown>x</unknown>abc</Member0>", "<x:Member0>abc</x:Member0>",
        "<Member0>z</Member0><Member0>a<![CDATA[bc]]></Member0>"})
    EXPECT_EQ(text_of(written), abc) << written;
  EXPECT_EQ(text_of("<Member0>a<![CDATA[b]]></Member0><Member1>1</Member1><Member3>c</Member3>"),
            read_json(R"({"Member0":"ab","Member1":1,"Member3":"c"})"));
  EXPECT_EQ(text_of("<Member0/><Member3> </Member3>"), read_json(R"({"Member0":"","Member3":" "})"));
}

TEST(Output, ANumberIsAllItsPieces) {
  const Value number = Object{{"Member1", 123}};
  for (const char* written :
       {"<Member1>123</Member1>", "<Member1>1<![CDATA[2]]>3</Member1>", "<Member1><![CDATA[123]]></Member1>",
        "<Member1> 123 </Member1>", "<Member1>1<unknown>9</unknown>23</Member1>", "<Member1/><Member1>123</Member1>"})
    EXPECT_EQ(text_of(written), number) << written;
  EXPECT_EQ(text_of("<Member1></Member1>"), Value(Object()));
  EXPECT_THROW(text_of("<Member1>1x</Member1>"), Error);
}

// The last name in a document, so that what is read behind it is the document's end.
TEST(Output, NamesOfAnyLengthAreThemselves) {
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string name(size, 'n');
    const ExpectedName expected(name);
    for (std::size_t other = 1; other < 40; ++other) {
      std::string document = ExpectedName::with_room(std::string(other, 'n'));
      EXPECT_EQ(expected.is(document.c_str()), other == size) << size << " " << other;
      document[other / 2] = 'm';
      EXPECT_FALSE(expected.is(document.c_str())) << size << " " << other;
    }
  }
  EXPECT_EQ(text_of("<M/><Me/><Member/><Member00>b</Member00><Member0>a</Member0><Member00>b</Member00><n"
                    "/>"),
            Value(Object{{"Member0", "a"}}));
}

} // namespace iasql::aws
