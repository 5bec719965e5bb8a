// Which row stands for which object when rows come and go between applies: an object has one entry, a row keeps its
// object, and what cannot be deleted holds up nothing else.

#include "simulation/laboratory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::simulation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class PairingTest : public testing::Test {
protected:
  Laboratory lab;
  Session& tenant = lab.session();
};

TEST_F(PairingTest, ARowInsertedAgainAlikeKeepsTheObjectForGood) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  const std::string id = lab.objects("hidden")[0]->id;
  tenant.remove("hidden", "1");
  tenant.insert("hidden", {{"a", 1}}, "2");
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_EQ(tenant.value("hidden", "2", "thing_id"), Value(id)) << "outputs are filled";
  tenant.update("hidden", "2", {{"b", 7}});
  EXPECT_THAT(tenant.plan(), ElementsAre("update hidden 2 hidden 1"));
  tenant.apply();
  ASSERT_THAT(lab.objects("hidden"), SizeIs(1));
  EXPECT_EQ(lab.objects("hidden")[0]->id, id);
}

TEST_F(PairingTest, ARowInsertedAgainForAnObjectThatIsGoneLeavesOneEntry) {
  tenant.insert("named", {{"name", "one"}, {"a", 1}}, "1");
  tenant.apply();
  tenant.remove("named", "1");
  tenant.insert("named", {{"name", "one"}, {"a", 2}}, "2");
  lab.outside("DeleteNamed", {{"ThingId", lab.objects("named")[0]->id}});
  tenant.apply();
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_THAT(lab.objects("named"), SizeIs(1));
  EXPECT_THAT(tenant.sync(), IsEmpty());
}

TEST_F(PairingTest, ADeleteThatIsRefusedHoldsUpNoCreate) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  lab.outside("CreateChild", {{"ParentId", lab.objects("hidden")[0]->id}, {"A", 1}});
  tenant.remove("hidden", "1");
  tenant.insert("hidden", {{"a", 2}}, "2");
  try {
    tenant.apply();
    FAIL() << "the delete is refused";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("delete failed: DependencyViolation"));
    EXPECT_THAT(error.detail(), testing::Not(HasSubstr("Not tried")));
  }
  EXPECT_THAT(lab.objects("hidden"), SizeIs(2));
}

} // namespace
} // namespace iasql::simulation
