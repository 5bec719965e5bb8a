#include "aws/model_members.hpp"

#include <gmock/gmock.h>

namespace iasql::aws {
namespace {

using testing::ElementsAre;

// "path: type", then what else is said of it.
std::vector<std::string> listed(const Shape* message) {
  std::vector<std::string> lines;
  for (const ListedMember& member : list_members(message)) {
    std::string line = member.path + ": " + member.type;
    if (member.is_required) line += ", required";
    if (member.is_sensitive) line += ", sensitive";
    for (const std::string& value : *member.allowed)
      line += ", " + value;
    if (!member.members_at.empty()) line += ", see " + member.members_at;
    lines.push_back(line);
  }
  return lines;
}

TEST(ModelMembers, AreListedWithWhatIsBelowThem) {
  auto model = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "In":{"type":"structure","required":["Name"],"members":{"Name":{"shape":"Text"},"Colours":{"shape":"Colours"},
        "Tags":{"shape":"Tags"},"ByName":{"shape":"ByName"},"Key":{"shape":"Key"},"Any":{"shape":"Any"}}},
      "Text":{"type":"string"},"Colour":{"type":"string","enum":["red","blue"]},
      "Colours":{"type":"list","member":{"shape":"Colour"}},
      "Tag":{"type":"structure","members":{"Value":{"shape":"Text"}}},
      "Tags":{"type":"list","member":{"shape":"Tag"}},
      "ByName":{"type":"map","key":{"shape":"Text"},"value":{"shape":"Tags"}},
      "Key":{"type":"structure","sensitive":true,"members":{"Part":{"shape":"Text"}}},
      "Any":{"type":"structure","document":true,"members":{}}}})");
  EXPECT_THAT(listed(model->find_shape("In")),
              ElementsAre("Name: string, required", "Colours: list of string, red, blue", "Tags: list of structure Tag",
                          "Tags[].Value: string", "ByName: map of list of structure Tag, see Tags[]",
                          "Key: structure Key, sensitive", "Key.Part: string, sensitive", "Any: any JSON"));
  EXPECT_TRUE(list_members(nullptr).empty());
}

TEST(ModelMembers, RecursionEndsWhereTheStructureIsListed) {
  auto model = read_service("x", R"({"metadata":{"protocol":"json"},"shapes":{
      "Node":{"type":"structure","members":{"Next":{"shape":"Node"},"Deep":{"shape":"Inner"},"Shallow":{"shape":"Leaf"}}},
      "Inner":{"type":"structure","members":{"Leaf":{"shape":"Leaf"},"Inners":{"shape":"Inners"}}},
      "Inners":{"type":"list","member":{"shape":"Inner"}},
      "Leaf":{"type":"structure","members":{"Number":{"shape":"Number"}}},"Number":{"type":"integer"}}})");
  EXPECT_THAT(listed(model->find_shape("Node")),
              ElementsAre("Next: structure Node, see the message itself", "Deep: structure Inner",
                          "Deep.Leaf: structure Leaf, see Shallow", "Deep.Inners: list of structure Inner, see Deep",
                          "Shallow: structure Leaf", "Shallow.Number: integer"));
}

} // namespace
} // namespace iasql::aws
