#include "extension/pg/sql.hpp"

#include "base/error.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <catalog/pg_database.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_type.h>
#include <executor/spi.h>
#include <storage/lmgr.h>
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
#include <utils/syscache.h>
}

namespace iasql::pg {

namespace {

struct Setting {
  const char* name;
  const char* value;
};

// What would change a statement's meaning or the text of its result.
constexpr Setting settings[] = {
    {"row_security", "off"},         {"session_replication_role", "origin"}, {"TimeZone", "UTC"},
    {"DateStyle", "ISO, YMD"},       {"IntervalStyle", "iso_8601"},          {"extra_float_digits", "1"},
    {"bytea_output", "hex"},         {"transform_null_equals", "off"},       {"standard_conforming_strings", "on"},
    {"check_function_bodies", "on"},
};

void set_for_now(const char* name, const char* value) {
  set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

// The functions below run inside call(): no C++ objects.

::Oid owner_of_schema(const char* name) {
  HeapTuple tuple = SearchSysCache1(NAMESPACENAME, CStringGetDatum(name));
  if (!HeapTupleIsValid(tuple))
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA), errmsg("there is no schema \"%s\"", name)));
  const ::Oid owner = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(tuple))->nspowner;
  ReleaseSysCache(tuple);
  return owner;
}

::Oid owner_of_database() {
  HeapTuple tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(MyDatabaseId));
  if (!HeapTupleIsValid(tuple)) ereport(ERROR, (errcode(ERRCODE_UNDEFINED_DATABASE), errmsg("the database is gone")));
  const ::Oid owner = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple))->datdba;
  ReleaseSysCache(tuple);
  return owner;
}

[[noreturn]] void raise_table_changed(const NameData& name, const char* what, const char* hint) {
  const char* state = sqlstate::table_changed.data();
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg("table \"%s\" %s", NameStr(name), what), hint ? errhint("%s", hint) : 0));
  pg_unreachable();
}

// After this the name means that table until the transaction ends. Its owner's rights are the tenant's: a superuser's
// table among them could be reached by what the tenant puts in its way, so there is none.
::Oid owner_of_locked_table(::Oid table, const NameData& name) {
  LockRelationOid(table, AccessShareLock);
  HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
  if (!HeapTupleIsValid(tuple)) raise_table_changed(name, "was dropped", nullptr);
  const auto* relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
  const bool is_same = strcmp(NameStr(relation->relname), NameStr(name)) == 0 &&
                       relation->relkind == RELKIND_RELATION &&
                       relation->relnamespace == get_namespace_oid("public", true);
  const ::Oid owner = relation->relowner;
  ReleaseSysCache(tuple);
  if (!is_same) raise_table_changed(name, "is not the table it was", "Another session has just changed it: try again.");
  if (superuser_arg(owner) && !superuser_arg(owner_of_database()))
    raise_table_changed(name, "belongs to a superuser, the database does not",
                        "Give the table to the owner of the database with ALTER TABLE … OWNER TO.");
  return owner;
}

// Who the session was before, to return to.
struct Identity {
  ::Oid user = InvalidOid;
  int context = 0;
  int settings_level = 0; // 0: settings untouched
};

Identity assume(const As& as) {
  Identity former;
  GetUserIdAndSecContext(&former.user, &former.context);
  if (as.who == As::Who::caller) return former;

  former.settings_level = NewGUCNestLevel();
  for (const Setting& setting : settings)
    set_for_now(setting.name, setting.value);
  set_for_now("search_path", as.who == As::Who::database_owner ? "public, pg_temp" : "pg_catalog, pg_temp");

  const int restricted = SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION;
  switch (as.who) {
  case As::Who::caller:
    break;
  case As::Who::extension_owner:
    SetUserIdAndSecContext(owner_of_schema("iasql"), former.context | SECURITY_LOCAL_USERID_CHANGE);
    break;
  case As::Who::table_owner: {
    NameData name;
    memset(&name, 0, sizeof name);
    memcpy(NameStr(name), as.table_name.data(), Min(as.table_name.size(), std::size_t{NAMEDATALEN - 1}));
    SetUserIdAndSecContext(owner_of_locked_table(as.table, name), former.context | restricted);
    break;
  }
  case As::Who::database_owner:
    SetUserIdAndSecContext(owner_of_database(), former.context | restricted);
    break;
  }
  return former;
}

void resume(const Identity& former) {
  if (former.settings_level == 0) return;
  // As for an abort: what the tables' owner's code set stays with it, whoever called.
  AtEOXact_GUC(false, former.settings_level);
  SetUserIdAndSecContext(former.user, former.context);
}

int execute(const Statement& statement, ::Snapshot held) {
  const int count = static_cast<int>(statement.parameters.size());
  if (count == 0 && statement.sees == Sees::own) return SPI_execute(statement.text.c_str(), false, 0);

  auto* types = static_cast<::Oid*>(palloc0(sizeof(::Oid) * (count + 1)));
  auto* values = static_cast<Datum*>(palloc0(sizeof(Datum) * (count + 1)));
  auto* nulls = static_cast<char*>(palloc0(count + 1));
  for (int index = 0; index < count; ++index) {
    const std::optional<std::string>& parameter = statement.parameters[index];
    types[index] = TEXTOID;
    nulls[index] = parameter ? ' ' : 'n';
    if (parameter)
      values[index] = PointerGetDatum(cstring_to_text_with_len(parameter->data(), static_cast<int>(parameter->size())));
  }
  if (statement.sees == Sees::own)
    return SPI_execute_with_args(statement.text.c_str(), count, types, values, nulls, false, 0);

  SPIPlanPtr plan = SPI_prepare(statement.text.c_str(), count, types);
  if (plan == nullptr) return SPI_result;
  if (statement.sees == Sees::held) return SPI_execute_snapshot(plan, values, nulls, held, nullptr, false, true, 0);
  CommandCounterIncrement(); // a read-only statement does not make our own last write visible by itself
  return SPI_execute_snapshot(plan, values, nulls, GetLatestSnapshot(), nullptr, true, true, 0);
}

void collect(Rows& result) {
  result.processed = SPI_processed;
  if (SPI_tuptable == nullptr) return;
  const TupleDesc columns = SPI_tuptable->tupdesc;
  for (std::uint64_t row = 0; row < SPI_tuptable->numvals; ++row) {
    TextRow& target = result.rows.emplace_back();
    for (int column = 1; column <= columns->natts; ++column) {
      char* value = SPI_getvalue(SPI_tuptable->vals[row], columns, column);
      if (value == nullptr) {
        target.emplace_back();
      } else {
        target.emplace_back(std::in_place, value);
        pfree(value);
      }
    }
  }
}

} // namespace

Rows run(const Statement& statement) {
  Rows result;
  const auto held = statement.held == nullptr ? nullptr : static_cast<::Snapshot>(statement.held->m_snapshot);
  call(statement.guard, [&] {
    const Identity former = assume(statement.as);
    if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
    const int code = execute(statement, held);
    if (code < 0) elog(ERROR, "SPI failed: %s", SPI_result_code_string(code));
    collect(result);
    SPI_finish();
    resume(former);
  });
  return result;
}

Snapshot::Snapshot() {
  call([&] {
    m_snapshot = RegisterSnapshot(GetTransactionSnapshot());
    m_owner = CurrentResourceOwner;
  });
}

Snapshot::~Snapshot() {
  release();
}

void Snapshot::release() noexcept {
  if (m_snapshot != nullptr)
    UnregisterSnapshotFromOwner(static_cast<::Snapshot>(m_snapshot), static_cast<ResourceOwner>(m_owner));
  m_snapshot = nullptr;
}

void Snapshot::refresh() {
  if (IsolationUsesXactSnapshot()) return;
  release();
  call([&] {
    m_snapshot = RegisterSnapshot(GetTransactionSnapshot());
    m_owner = CurrentResourceOwner;
  });
}

bool Snapshot::finished(std::uint64_t transaction) const {
  if (transaction == U64FromFullTransactionId(GetTopFullTransactionIdIfAny())) return false;
  bool result = false;
  call([&] {
    const std::uint64_t next = U64FromFullTransactionId(ReadNextFullTransactionId());
    if (transaction >= next)
      result = false;
    else if (next - transaction > MaxTransactionId / 4)
      result = true; // so old that its 32 bits may mean another transaction
    else
      result = !XidInMVCCSnapshot(static_cast<TransactionId>(transaction), static_cast<::Snapshot>(m_snapshot));
  });
  return result;
}

std::string quoted(std::string_view identifier) {
  std::string result = "\"";
  for (const char character : identifier) {
    if (character == '"') result += '"';
    result += character;
  }
  return result + '"';
}

std::string literal(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'') result += '\'';
    result += character;
  }
  return result + '\'';
}

std::string array_text(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) {
    text += text.empty() ? "\"" : ",\"";
    for (char character : element) {
      if (character == '"' || character == '\\') text += '\\';
      text += character;
    }
    text += '"';
  }
  return "{" + text + "}";
}

} // namespace iasql::pg
