// Single sentences of journal.md and interface.md, §2, one test each: the real engine, led by the hand.

#include "simulation/laboratory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::simulation {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class JournalTest : public testing::Test {
protected:
  Laboratory lab;
  Session& tenant = lab.session();

  std::string error_of(const std::function<void()>& what) {
    try {
      what();
    } catch (const Error& error) {
      return error.sqlstate() + " " + error.what() + " " + error.detail();
    }
    return "";
  }
  void much_later() { lab.clock.advance(std::chrono::hours(1)); }
};

TEST_F(JournalTest, AnApplyMakesItAndThePlanIsEmpty) {
  tenant.insert("named", {{"name", "one"}, {"a", 1}}, "1");
  EXPECT_THAT(tenant.plan(), ElementsAre("create named 1 one"));
  EXPECT_THAT(tenant.apply(), ElementsAre("create named 1 one"));
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.sync(), IsEmpty());
  EXPECT_EQ(tenant.value("named", "1", "thing_id"), Value(lab.objects("named")[0]->id));
  EXPECT_EQ(tenant.value("named", "1", "b"), Value(1)) << "no opinion: AWS's default is filled in";
}

TEST_F(JournalTest, WhatARolledBackApplyMadeIsOfferedForDeletion) {
  tenant.store.begin();
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  tenant.store.rollback();
  const std::string id = lab.objects("hidden")[0]->id;
  EXPECT_THAT(tenant.plan(), ElementsAre("delete hidden - " + id));
  EXPECT_THAT(tenant.apply(), ElementsAre("delete hidden - " + id));
  EXPECT_THAT(lab.objects("hidden"), IsEmpty());
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_F(JournalTest, ARowThatWasThereBeforePairsWithWhatARolledBackApplyMade) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.store.begin();
  tenant.apply();
  tenant.store.rollback();
  EXPECT_TRUE(tenant.value("hidden", "1", "thing_id").is_null());
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_EQ(tenant.value("hidden", "1", "thing_id"), Value(lab.objects("hidden")[0]->id)) << "outputs are filled";
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
}

TEST_F(JournalTest, ARolledBackSyncDeletesNothing) {
  lab.outside("CreateHidden", {{"A", 5}});
  tenant.store.begin();
  EXPECT_THAT(tenant.sync(), SizeIs(1));
  tenant.store.rollback();
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
}

TEST_F(JournalTest, AnUpdateOfWhatARolledBackSyncImportedMakesNoEntry) {
  lab.outside("CreateHidden", {{"A", 5}});
  tenant.store.begin();
  tenant.sync();
  tenant.update("hidden", tenant.rows("hidden")[0].key, {{"a", 6}});
  tenant.apply();
  tenant.store.rollback();
  EXPECT_EQ(lab.objects("hidden")[0]->properties.get("A"), Value(6));
  EXPECT_THAT(tenant.plan(), IsEmpty());
  tenant.apply();
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
  EXPECT_THAT(tenant.sync(), SizeIs(1));
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_F(JournalTest, ARolledBackUpdateIsKnown) {
  tenant.insert("hidden", {{"a", 1}, {"b", 1}}, "1");
  tenant.apply();
  tenant.store.begin();
  tenant.update("hidden", "1", {{"b", 2}});
  tenant.apply();
  tenant.store.rollback();
  EXPECT_THAT(tenant.plan(), SizeIs(1)) << "the row says 1 again, and AWS has 2";
  tenant.apply();
  EXPECT_EQ(lab.objects("hidden")[0]->properties.get("B"), Value(1));
}

TEST_F(JournalTest, ASavepointRolledBackIsAsGoodAsARollback) {
  tenant.store.begin();
  tenant.store.savepoint();
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  tenant.store.rollback_to();
  EXPECT_THAT(tenant.plan(), ElementsAre("delete hidden - " + lab.objects("hidden")[0]->id));
  tenant.insert("hidden", {{"a", 1}}, "1");
  EXPECT_THAT(tenant.plan(), IsEmpty());
  tenant.apply();
  tenant.store.commit();
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
}

TEST_F(JournalTest, AnotherSessionsApplyIsShownAsRunning) {
  Session& other = lab.session("other");
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.store.begin();
  tenant.apply();
  EXPECT_THAT(other.plan(), ElementsAre("running hidden 1 hidden 1"));
  tenant.store.commit();
  EXPECT_THAT(other.plan(), IsEmpty());
}

// -- adoption

TEST_F(JournalTest, AnObjectOfTheSameNameIsAdoptedAndSurvivesARollback) {
  lab.outside("CreateNamed", {{"Name", "one"}, {"A", 5}});
  tenant.store.begin();
  tenant.insert("named", {{"name", "one"}, {"a", 6}}, "1");
  EXPECT_THAT(tenant.apply(), ElementsAre(HasSubstr("update named 1 one (adopts existing")));
  EXPECT_EQ(lab.objects("named")[0]->properties.get("A"), Value(6));
  ASSERT_THAT(lab.database.journal().intents, Not(IsEmpty()));
  const engine::Intent& last = lab.database.journal().intents.back();
  EXPECT_EQ(last.effect, engine::Effect::update);
  EXPECT_TRUE(last.adoption);
  for (const engine::Outcome& outcome : lab.database.journal().outcomes)
    EXPECT_NE(outcome.result, engine::Result::created);
  tenant.store.rollback();
  EXPECT_THAT(tenant.plan(), IsEmpty());
  tenant.apply();
  EXPECT_THAT(lab.objects("named"), SizeIs(1));
}

TEST_F(JournalTest, AnAdoptionThatWouldReplaceFailsAndNamesTheColumns) {
  lab.outside("CreateNamed", {{"Name", "one"}, {"Size", 7}});
  tenant.insert("named", {{"name", "one"}, {"size", 8}}, "1");
  EXPECT_THAT(error_of([&] { tenant.apply(); }), HasSubstr("size"));
  EXPECT_EQ(lab.objects("named")[0]->properties.get("Size"), Value(7));
}

TEST_F(JournalTest, AnAdoptionInPlaceOfAnObjectThatIsGoneLeavesOneEntry) {
  tenant.insert("named", {{"name", "one"}, {"a", 1}}, "1");
  tenant.apply();
  much_later();
  lab.outside("DeleteNamed", {{"ThingId", lab.objects("named")[0]->id}});
  lab.outside("CreateNamed", {{"Name", "one"}, {"A", 5}});
  tenant.update("named", "1", {{"b", 2}});
  tenant.apply();
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(lab.database.committed().registry, SizeIs(1));
}

// -- apply writes what users changed

TEST_F(JournalTest, AnUpdateSendsOnlyWhatTheUserChanged) {
  tenant.insert("hidden", {{"a", 1}, {"b", 1}}, "1");
  tenant.apply();
  much_later();
  const std::string id = lab.objects("hidden")[0]->id;
  lab.outside("UpdateHidden", {{"ThingId", id}, {"A", 9}});
  tenant.update("hidden", "1", {{"b", 2}});
  tenant.apply();
  EXPECT_EQ(lab.objects("hidden")[0]->properties.get("A"), Value(9));
  EXPECT_EQ(lab.objects("hidden")[0]->properties.get("B"), Value(2));
  EXPECT_THAT(tenant.report.warnings, Not(IsEmpty()));
  EXPECT_EQ(tenant.value("hidden", "1", "a"), Value(1)) << "drift stays for sync to show";
  EXPECT_THAT(tenant.sync(), SizeIs(1));
  EXPECT_EQ(tenant.value("hidden", "1", "a"), Value(9));
}

TEST_F(JournalTest, AnObjectThatIsGoneIsMadeAgain) {
  tenant.insert("hidden", {{"a", 1}, {"b", 1}}, "1");
  tenant.apply();
  much_later();
  lab.outside("DeleteHidden", {{"ThingId", lab.objects("hidden")[0]->id}});
  tenant.update("hidden", "1", {{"b", 2}});
  tenant.apply();
  ASSERT_THAT(lab.objects("hidden"), SizeIs(1));
  EXPECT_EQ(lab.objects("hidden")[0]->properties.get("B"), Value(2));
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(lab.database.committed().registry, SizeIs(1)) << "the new object supersedes the one that is gone";
}

TEST_F(JournalTest, WhatBaseHasNeverSeenIsNeverDeleted) {
  lab.outside("CreateHidden", {{"A", 5}});
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  tenant.remove("hidden", "1");
  tenant.apply();
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
}

// -- in doubt

class InDoubt : public JournalTest, public testing::WithParamInterface<std::string> {
protected:
  std::string noun() const {
    for (const ThingKind& kind : thing_kinds())
      if (kind.table == GetParam()) return kind.noun;
    return "";
  }
  Row row() const {
    Row row{{"a", 1}, {"b", 1}};
    if (GetParam() == "named" || GetParam() == "branded") row.set("name", "one");
    return row;
  }
};
INSTANTIATE_TEST_SUITE_P(Journal, InDoubt, testing::Values("named", "branded", "tokened", "hidden"),
                         [](const auto& info) { return info.param; });

TEST_P(InDoubt, ALostAnswerMakesNoSecondObject) {
  tenant.insert(GetParam(), row(), "1");
  tenant.door.fault = fault_at("Create" + noun(), 1, Fault::lost_answer);
  EXPECT_THAT(error_of([&] { tenant.apply(); }), HasSubstr("IQ012"));
  EXPECT_THAT(tenant.plan(), ElementsAre(testing::StartsWith("in doubt " + GetParam() + " 1")));
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_THAT(lab.objects(GetParam()), SizeIs(1));
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_EQ(lab.calls("Create" + noun()), 1u);
  EXPECT_TRUE(lab.database.committed().registry.begin()->second.created_here) << "the hidden tag says that it is ours";
}

TEST_P(InDoubt, ALostAnswerAndTheRowIsGone) {
  tenant.insert(GetParam(), row(), "1");
  tenant.door.fault = fault_at("Create" + noun(), 1, Fault::lost_answer);
  error_of([&] { tenant.apply(); });
  tenant.remove(GetParam(), "1");
  EXPECT_THAT(tenant.apply(), SizeIs(1));
  EXPECT_THAT(lab.objects(GetParam()), IsEmpty());
  EXPECT_EQ(lab.calls("Create" + noun()), 1u);
}

TEST_P(InDoubt, ARequestThatNeverArrivedIsMadeAgain) {
  tenant.insert(GetParam(), row(), "1");
  tenant.door.fault = fault_at("Create" + noun(), 1, Fault::dropped);
  error_of([&] { tenant.apply(); });
  EXPECT_THAT(tenant.apply(), SizeIs(1));
  EXPECT_THAT(lab.objects(GetParam()), SizeIs(1));
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_P(InDoubt, ALateRequestMakesNoSecondObject) {
  tenant.insert(GetParam(), row(), "1");
  tenant.door.fault = fault_at("Create" + noun(), 1, Fault::late);
  error_of([&] { tenant.apply(); });
  tenant.apply();
  much_later();
  lab.cloud.land_due(lab.clock.now());
  EXPECT_THAT(lab.objects(GetParam()), SizeIs(1));
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_P(InDoubt, ASyncNeverRepeatsACreate) {
  tenant.insert(GetParam(), row(), "1");
  tenant.door.fault = fault_at("Create" + noun(), 1, Fault::dropped);
  error_of([&] { tenant.apply(); });
  tenant.sync();
  EXPECT_THAT(lab.objects(GetParam()), IsEmpty());
  EXPECT_EQ(lab.calls("Create" + noun()), 1u);
}

TEST_P(InDoubt, AnUpdateCountsAsMadeWhenTheSentColumnsHaveTheSentValues) {
  tenant.insert(GetParam(), row(), "1");
  tenant.apply();
  much_later();
  const std::string id = lab.objects(GetParam())[0]->id;
  tenant.update(GetParam(), "1", {{"b", 2}});
  tenant.door.fault = fault_at("Update" + noun(), 1, Fault::lost_answer);
  error_of([&] { tenant.apply(); });
  lab.outside("Update" + noun(), {{"ThingId", id}, {"A", 9}});
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_EQ(lab.calls("Update" + noun()), 1u);
  EXPECT_EQ(tenant.value(GetParam(), "1", "a"), Value(1));
  EXPECT_EQ(lab.database.committed().registry.begin()->second.attributes.get("a"), Value(1)) << "no other column";
}

TEST_P(InDoubt, ADeleteWithoutAnAnswer) {
  tenant.insert(GetParam(), row(), "1");
  tenant.apply();
  much_later();
  tenant.remove(GetParam(), "1");
  tenant.door.fault = fault_at("Delete" + noun(), 1, Fault::lost_answer);
  error_of([&] { tenant.apply(); });
  EXPECT_THAT(tenant.apply(), IsEmpty());
  EXPECT_THAT(lab.database.committed().registry, IsEmpty());
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

// -- read lag

TEST_P(InDoubt, ReadLagMakesNothingTwiceAndDropsNothing) {
  lab.cloud.read_lag = seconds(8);
  tenant.insert(GetParam(), row(), "1");
  tenant.apply();
  EXPECT_THAT(tenant.sync(), IsEmpty());
  EXPECT_THAT(tenant.rows(GetParam()), SizeIs(1));
  tenant.update(GetParam(), "1", {{"b", 2}});
  tenant.apply();
  EXPECT_THAT(lab.objects(GetParam()), SizeIs(1));
  tenant.remove(GetParam(), "1");
  tenant.apply();
  EXPECT_THAT(tenant.sync(), IsEmpty()) << "what was just deleted is not imported";
  EXPECT_THAT(lab.objects(GetParam()), IsEmpty());
}

// -- failures

TEST_F(JournalTest, NineOfTen) {
  for (int i = 1; i <= 10; ++i)
    tenant.insert("named", {{"name", "n" + std::to_string(i)}, {"a", i == 7 ? 13 : i}}, std::to_string(i));
  const std::string error = error_of([&] { tenant.apply(); });
  EXPECT_THAT(error, HasSubstr("n7"));
  EXPECT_THAT(error, HasSubstr("InvalidParameter"));
  EXPECT_THAT(error, HasSubstr("request-of-CreateNamed"));
  EXPECT_THAT(lab.objects("named"), SizeIs(9));
  EXPECT_THAT(tenant.plan(), ElementsAre("create named 7 n7"));
  EXPECT_ANY_THROW(tenant.apply());
  tenant.update("named", "7", {{"a", 7}});
  EXPECT_THAT(tenant.apply(), ElementsAre("create named 7 n7"));
  EXPECT_THAT(lab.objects("named"), SizeIs(10));
  for (int i = 1; i <= 10; ++i)
    EXPECT_FALSE(tenant.value("named", std::to_string(i), "thing_id").is_null()) << i;
}

TEST_F(JournalTest, AChildOfWhatFailedIsNotTried) {
  tenant.insert("hidden", {{"a", 13}}, "1");
  tenant.insert("child", {{"parent_id", 1}}, "1");
  EXPECT_THAT(error_of([&] { tenant.apply(); }), HasSubstr("Not tried"));
  EXPECT_EQ(lab.calls("CreateChild"), 0u);
}

TEST_F(JournalTest, OfAnUpdateInTwoCallsOnlyTheRestIsPlanned) {
  tenant.insert("split", {{"name", "one"}, {"a", 1}, {"b", 1}}, "1");
  tenant.apply();
  much_later();
  tenant.update("split", "1", {{"a", 2}, {"b", 2}});
  tenant.door.fault = fault_at("UpdateSplitB", 1, Fault::refused);
  EXPECT_THAT(error_of([&] { tenant.apply(); }), HasSubstr("AccessDenied"));
  EXPECT_THAT(tenant.plan(), ElementsAre("update split 1 one"));
  EXPECT_THAT(tenant.apply(), SizeIs(1));
  EXPECT_EQ(lab.calls("UpdateSplitA"), 1u) << "what was done is not done again";
  EXPECT_EQ(lab.calls("UpdateSplitB"), 2u);
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_F(JournalTest, AFailedReadIsNotAnEmptyAnswer) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  much_later();
  tenant.door.fault = fault_at("DescribeHidden", 1, Fault::refused);
  EXPECT_NE(error_of([&] { tenant.sync(); }), "");
  EXPECT_THAT(tenant.rows("hidden"), SizeIs(1));
}

TEST_F(JournalTest, AllPagesAreRead) {
  lab.cloud.page_size = 2;
  for (int i = 0; i < 5; ++i)
    lab.outside("CreateHidden", {{"A", i}});
  EXPECT_THAT(tenant.sync(), SizeIs(5));
  EXPECT_THAT(tenant.sync(), IsEmpty());
}

// -- replace

TEST_F(JournalTest, AReplaceOfANamedThingDeletesFirst) {
  tenant.insert("named", {{"name", "one"}, {"size", 1}}, "1");
  tenant.apply();
  much_later();
  const std::string old = lab.objects("named")[0]->id;
  tenant.update("named", "1", {{"size", 2}});
  EXPECT_THAT(tenant.plan(), ElementsAre("replace named 1 one"));
  EXPECT_THAT(tenant.apply(), ElementsAre("replace named 1 one"));
  ASSERT_THAT(lab.objects("named"), SizeIs(1));
  EXPECT_NE(lab.objects("named")[0]->id, old);
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_P(InDoubt, AReplaceThatStopsBetweenItsHalves) {
  for (const std::string half : {"Delete", "Create"})
    for (Fault fault : {Fault::lost_answer, Fault::dropped, Fault::refused}) {
      Laboratory fresh;
      Session& session = fresh.session();
      Row first = row();
      first.set("size", 1);
      session.insert(GetParam(), first, "1");
      session.apply();
      fresh.clock.advance(std::chrono::hours(1));
      session.update(GetParam(), "1", {{"size", 2}});
      session.door.fault = fault_at(half + noun(), 1, fault);
      EXPECT_ANY_THROW(session.apply());
      session.apply();
      ASSERT_THAT(fresh.objects(GetParam()), SizeIs(1)) << half << " " << static_cast<int>(fault);
      EXPECT_EQ(fresh.objects(GetParam())[0]->properties.get("Size"), Value(2));
      EXPECT_THAT(session.plan(), IsEmpty());
      fresh.clock.advance(std::chrono::hours(1));
      EXPECT_THAT(session.sync(), IsEmpty());
    }
}

TEST_F(JournalTest, ParentsComeFirstAndGoLast) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.insert("child", {{"parent_id", 1}}, "1");
  EXPECT_THAT(tenant.apply(), SizeIs(2));
  EXPECT_EQ(lab.objects("child")[0]->properties.get("ParentId"), Value(lab.objects("hidden")[0]->id));
  much_later();
  tenant.remove("child", "1");
  tenant.remove("hidden", "1");
  EXPECT_THAT(tenant.apply(), SizeIs(2));
  EXPECT_THAT(lab.cloud.existing(), IsEmpty());
}

// -- uninstall and install

TEST_F(JournalTest, WhatARolledBackApplyMadeIsKnownAfterAReinstall) {
  tenant.store.begin();
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  tenant.store.rollback();
  tenant.context.settings.discard_changes = true;
  tenant.uninstall({"things"});
  EXPECT_THAT(lab.database.committed().registry, IsEmpty());
  tenant.install({"things"});
  EXPECT_THAT(tenant.plan(), IsEmpty());
  EXPECT_THAT(tenant.rows("hidden"), SizeIs(1)) << "imported";
  EXPECT_THAT(lab.objects("hidden"), SizeIs(1));
}

TEST_F(JournalTest, EntriesBelongToAnIncarnation) {
  tenant.insert("hidden", {{"a", 1}, {"b", 1}});
  tenant.insert("hidden", {{"a", 2}, {"b", 2}});
  tenant.apply();
  tenant.uninstall({"things"});
  tenant.install({"things"});
  EXPECT_THAT(tenant.rows("hidden"), SizeIs(2));
  EXPECT_THAT(tenant.plan(), IsEmpty());
  tenant.sync();
  EXPECT_THAT(lab.objects("hidden"), SizeIs(2));
}

// -- safety

TEST_F(JournalTest, APlanWithTooManyDeletesIsRefusedBeforeItsFirstCall) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.insert("hidden", {{"a", 2}}, "2");
  tenant.apply();
  tenant.remove("hidden", "1");
  tenant.remove("hidden", "2");
  tenant.context.settings.max_deletes = 1;
  EXPECT_THAT(error_of([&] { tenant.apply(); }), HasSubstr("IQ014"));
  EXPECT_EQ(lab.calls("DeleteHidden"), 0u);
  EXPECT_THAT(lab.objects("hidden"), SizeIs(2));
}

TEST_F(JournalTest, APlanCallsNothingAndTakesNoTransactionId) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  const auto calls = tenant.door.calls.size();
  tenant.store.begin();
  tenant.plan();
  EXPECT_FALSE(tenant.store.has_transaction());
  tenant.store.rollback();
  EXPECT_EQ(tenant.door.calls.size(), calls);
}

TEST_F(JournalTest, ASyncRestoresADeletedRowUnderItsFormerKey) {
  tenant.insert("hidden", {{"a", 1}}, "1");
  tenant.apply();
  much_later();
  tenant.remove("hidden", "1");
  tenant.sync();
  ASSERT_THAT(tenant.rows("hidden"), SizeIs(1));
  EXPECT_EQ(tenant.rows("hidden")[0].key, "1");
  EXPECT_THAT(tenant.plan(), IsEmpty());
}

TEST_F(JournalTest, APlanOfASyncChangesNothing) {
  lab.outside("CreateHidden", {{"A", 5}});
  EXPECT_THAT(tenant.plan_sync(), SizeIs(1));
  EXPECT_THAT(tenant.rows("hidden"), IsEmpty());
}

} // namespace
} // namespace iasql::simulation
