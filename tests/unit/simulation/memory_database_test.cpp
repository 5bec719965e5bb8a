// The database in memory is PostgreSQL enough.

#include "simulation/memory_database.hpp"
#include "simulation/things.hpp"

#include <gtest/gtest.h>

namespace iasql::simulation {
namespace {

using Isolation = MemorySession::Isolation;

class MemoryDatabaseTest : public testing::Test {
protected:
  MemoryDatabaseTest() : database([](const engine::Module&) { return thing_tables(); }) {
    database.install(thing_modules()[0]);
    table = database.committed().catalogue.table("named");
  }
  MemoryDatabase database;
  engine::Table table;
  MemorySession a{database}, b{database};
};

void insert(MemorySession& session, const engine::Table& table, int value) {
  session.insert_row(table, {{"name", "one"}, {"a", value}}, "1");
}

std::string sqlstate_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const Error& error) {
    return error.sqlstate();
  }
  return "";
}

TEST_F(MemoryDatabaseTest, CommitShowsAndRollbackHides) {
  a.begin();
  insert(a, table, 1);
  EXPECT_EQ(a.rows(table).size(), 1u);
  b.begin();
  EXPECT_TRUE(b.rows(table).empty());
  a.commit();
  EXPECT_TRUE(b.rows(table).empty()) << "a snapshot is of a statement";
  b.statement();
  EXPECT_EQ(b.rows(table).size(), 1u);
  b.delete_row(table, "1");
  b.rollback();
  a.begin();
  EXPECT_EQ(a.rows(table).size(), 1u);
}

TEST_F(MemoryDatabaseTest, RepeatableReadKeepsItsSnapshotAndRefusesChangedRows) {
  a.begin();
  insert(a, table, 1);
  a.commit();
  b.begin(Isolation::repeatable_read);
  a.begin();
  a.update_row(table, "1", {{"a", 2}});
  a.commit();
  b.statement();
  EXPECT_EQ(b.rows(table)[0].columns.get("a"), Value(1));
  EXPECT_EQ(b.latest_rows(table)[0].columns.get("a"), Value(2));
  EXPECT_EQ(sqlstate_of([&] { b.update_row(table, "1", {{"a", 3}}); }), sqlstate::serialization_failure);
}

TEST_F(MemoryDatabaseTest, RowLocksMakeOthersWaitUntilTheEnd) {
  a.begin();
  insert(a, table, 1);
  b.begin();
  EXPECT_FALSE(b.could_lock_row("named", "1"));
  EXPECT_THROW(insert(b, table, 2), WouldBlock);
  a.commit();
  EXPECT_TRUE(b.could_lock_row("named", "1"));
  b.statement();
  EXPECT_EQ(sqlstate_of([&] { insert(b, table, 2); }), "23505");
}

TEST_F(MemoryDatabaseTest, SavepointsUndoWritesAndKeepTheWritersLock) {
  a.begin();
  insert(a, table, 1);
  a.savepoint();
  a.begin_writing(engine::Writing::apply);
  a.mark(7);
  a.update_row(table, "1", {{"a", 5}});
  a.rollback_to();
  EXPECT_EQ(a.rows(table)[0].columns.get("a"), Value(1));
  EXPECT_TRUE(a.marks().empty());
  b.begin();
  EXPECT_THROW(b.begin_writing(engine::Writing::apply), WouldBlock);
  a.commit();
  EXPECT_NO_THROW(b.begin_writing(engine::Writing::apply));
}

TEST_F(MemoryDatabaseTest, EpochStopsAStaleWriter) {
  b.begin(Isolation::repeatable_read);
  a.begin();
  a.begin_writing(engine::Writing::apply);
  a.commit();
  EXPECT_EQ(sqlstate_of([&] { b.begin_writing(engine::Writing::apply); }), sqlstate::serialization_failure);
}

TEST_F(MemoryDatabaseTest, ARecordOfATransactionTheSnapshotDoesNotSeeStopsAWriter) {
  b.begin(Isolation::repeatable_read);
  a.begin();
  a.begin_writing(engine::Writing::apply);
  engine::Intent intent;
  intent.transaction = a.transaction();
  a.intend(intent);
  a.rollback();
  EXPECT_EQ(sqlstate_of([&] { b.begin_writing(engine::Writing::apply); }), sqlstate::serialization_failure);
}

TEST_F(MemoryDatabaseTest, TheJournalSurvivesARollback) {
  a.begin();
  const auto transaction = a.transaction();
  engine::Intent intent;
  intent.transaction = transaction;
  engine::Outcome outcome;
  outcome.intent = a.intend(intent);
  a.conclude(outcome);
  a.mark(outcome.intent);
  EXPECT_FALSE(a.finished(transaction));
  a.rollback();
  b.begin();
  EXPECT_EQ(b.read().intents.size(), 1u);
  EXPECT_EQ(b.read().outcomes.size(), 1u);
  EXPECT_TRUE(b.marks().empty());
  EXPECT_TRUE(b.finished(transaction));
}

TEST_F(MemoryDatabaseTest, ASequenceStartsAgainWithANewIncarnation) {
  a.begin();
  const std::string first = a.insert_row(table, {{"name", "one"}}, "");
  EXPECT_EQ(a.insert_row(table, {{"name", "two"}}, ""), std::to_string(std::stoi(first) + 1));
  a.drop_module(thing_modules()[0]);
  EXPECT_TRUE(a.existing({"named"}).empty());
  a.create_module(thing_modules()[0], true);
  const engine::Table again = a.catalogue().table("named");
  EXPECT_NE(again.oid, table.oid);
  EXPECT_EQ(a.insert_row(again, {{"name", "one"}}, ""), first);
}

} // namespace
} // namespace iasql::simulation
