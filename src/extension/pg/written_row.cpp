// From PostgreSQL's tuples to values by column name and back. Old and new row are taken apart once, changed column by
// column as Datums, and put together again only if something changed. Every step that PostgreSQL may refuse runs inside
// call(), so the pieces are short: reading, comparing, defaults, setting.

#include "extension/pg/written_row.hpp"

#include "base/json.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_type.h>
#include <commands/trigger.h>
#include <executor/executor.h>
#include <optimizer/optimizer.h>
#include <rewrite/rewriteHandler.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/datum.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace iasql::pg {

namespace {

static_assert(sizeof(Datum) == sizeof(std::uintptr_t) && sizeof(bool) == sizeof(char));

TriggerData* data(void* trigger_data) {
  return static_cast<TriggerData*>(trigger_data);
}

TupleDesc columns_of(void* trigger_data) {
  return RelationGetDescr(data(trigger_data)->tg_relation);
}

const FormData_pg_attribute& attribute_at(TupleDesc columns, std::size_t index) {
  return *TupleDescAttr(columns, static_cast<int>(index)); // where it lies differs from version to version
}

bool is_text(::Oid type) {
  return type == TEXTOID || type == VARCHAROID || type == BPCHAROID;
}

std::string output(Datum value, ::Oid type) {
  char* text = nullptr;
  call([&] {
    ::Oid function = InvalidOid;
    bool is_variable = false;
    getTypeOutputInfo(type, &function, &is_variable);
    text = OidOutputFunctionCall(function, value);
  });
  return text;
}

Array texts(Datum value) {
  Datum* elements = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  call([&] {
    deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
  });
  Array result;
  for (int i = 0; i < count; ++i)
    result.push_back(nulls[i] ? Value() : Value(output(elements[i], TEXTOID)));
  return result;
}

} // namespace

WrittenRow::WrittenRow(void* trigger_data) : m_trigger_data(trigger_data) {
  auto* trigger = data(trigger_data);
  if (trigger == nullptr || !IsA(trigger, TriggerData) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
      !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
      !(TRIGGER_FIRED_BY_INSERT(trigger->tg_event) || TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)))
    throw Error("39P01", "this function is for a trigger BEFORE INSERT OR UPDATE FOR EACH ROW");
  m_event = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? Event::update : Event::insert;
  m_table = RelationGetRelid(trigger->tg_relation);
  m_table_name = RelationGetRelationName(trigger->tg_relation);

  auto* columns = columns_of(trigger_data);
  auto count = static_cast<std::size_t>(columns->natts);
  for (std::size_t i = 0; i < count; ++i)
    if (const auto& attribute = attribute_at(columns, i); !attribute.attisdropped)
      m_columns.emplace(NameStr(attribute.attname), i);
  auto deform = [&](HeapTuple tuple, std::vector<std::uintptr_t>& values, std::vector<char>& nulls) {
    values.resize(count);
    nulls.resize(count);
    auto* first_value = values.data();
    auto* first_null = reinterpret_cast<bool*>(nulls.data());
    call([&] { heap_deform_tuple(tuple, columns, first_value, first_null); });
  };
  if (m_event == Event::insert) {
    deform(trigger->tg_trigtuple, m_new_values, m_new_nulls);
  } else {
    deform(trigger->tg_trigtuple, m_old_values, m_old_nulls);
    deform(trigger->tg_newtuple, m_new_values, m_new_nulls);
  }
}

std::size_t WrittenRow::index(std::string_view column) const {
  auto found = m_columns.find(column);
  if (found == m_columns.end())
    throw Error(sqlstate::internal_error, "table " + m_table_name + " has no column " + std::string(column));
  return found->second;
}

bool WrittenRow::has(std::string_view column) const {
  return m_columns.find(column) != m_columns.end();
}

bool WrittenRow::has_default(std::string_view column) const {
  return attribute_at(columns_of(m_trigger_data), index(column)).atthasdef;
}

bool WrittenRow::is_null(std::string_view column) const {
  return m_new_nulls[index(column)] != 0;
}

bool WrittenRow::is_empty_text(std::string_view column) const {
  auto at = index(column);
  auto type = attribute_at(columns_of(m_trigger_data), at).atttypid;
  return !m_new_nulls[at] && is_text(type) && output(m_new_values[at], type).empty();
}

Value WrittenRow::value(std::string_view column) const {
  auto at = index(column);
  if (m_new_nulls[at]) return {};
  ::Oid type = InvalidOid;
  call([&] { type = getBaseType(attribute_at(columns_of(m_trigger_data), at).atttypid); });
  auto datum = m_new_values[at];
  switch (type) {
  case BOOLOID:
    return DatumGetBool(datum);
  case INT2OID:
    return static_cast<std::int64_t>(DatumGetInt16(datum));
  case INT4OID:
    return static_cast<std::int64_t>(DatumGetInt32(datum));
  case INT8OID:
    return static_cast<std::int64_t>(DatumGetInt64(datum));
  case TEXTARRAYOID:
    return texts(datum);
  case JSONOID:
  case JSONBOID:
    return read_json(output(datum, type));
  default:
    return output(datum, type);
  }
}

bool WrittenRow::is_changed(std::string_view column) const {
  if (m_event == Event::insert) return true;
  auto at = index(column);
  if (m_new_nulls[at] || m_old_nulls[at]) return m_new_nulls[at] != m_old_nulls[at];
  const auto& attribute = attribute_at(columns_of(m_trigger_data), at);
  bool equal = false;
  call([&] { equal = datum_image_eq(m_new_values[at], m_old_values[at], attribute.attbyval, attribute.attlen); });
  return !equal;
}

WrittenRow::Default WrittenRow::default_of(std::size_t column) const {
  Default result;
  call([&] {
    auto* expression =
        reinterpret_cast<Expr*>(build_column_default(data(m_trigger_data)->tg_relation, static_cast<int>(column) + 1));
    if (expression == nullptr) return;
    auto* state = CreateExecutorState();
    auto* ready = ExecPrepareExpr(expression, state);
    const auto& attribute = attribute_at(columns_of(m_trigger_data), column);
    result.value = ExecEvalExprSwitchContext(ready, GetPerTupleExprContext(state), &result.is_null);
    if (!result.is_null) result.value = datumCopy(result.value, attribute.attbyval, attribute.attlen);
    FreeExecutorState(state);
  });
  return result;
}

bool WrittenRow::equals_default(std::string_view column) const {
  auto at = index(column);
  auto standard = default_of(at);
  if (m_new_nulls[at] || standard.is_null) return m_new_nulls[at] && standard.is_null;
  const auto& attribute = attribute_at(columns_of(m_trigger_data), at);
  bool equal = false;
  call([&] { equal = datum_image_eq(m_new_values[at], standard.value, attribute.attbyval, attribute.attlen); });
  return equal;
}

void WrittenRow::set_null(std::string_view column) {
  auto at = index(column);
  m_modified |= !m_new_nulls[at];
  m_new_values[at] = 0;
  m_new_nulls[at] = 1;
}

void WrittenRow::set_default(std::string_view column) {
  auto at = index(column);
  auto standard = default_of(at);
  m_new_values[at] = standard.value;
  m_new_nulls[at] = standard.is_null;
  m_modified = true;
}

void WrittenRow::set_stored(std::string_view column) {
  auto at = index(column);
  m_new_values[at] = m_old_values.at(at);
  m_new_nulls[at] = m_old_nulls.at(at);
  m_modified = true;
}

void WrittenRow::set_text(std::string_view column, const std::string& text) {
  auto at = index(column);
  call([&] {
    m_new_values[at] = PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
  });
  m_new_nulls[at] = 0;
  m_modified = true;
}

void* WrittenRow::tuple() {
  auto* trigger = data(m_trigger_data);
  auto* unchanged = m_event == Event::insert ? trigger->tg_trigtuple : trigger->tg_newtuple;
  if (!m_modified) return unchanged;
  HeapTuple result = nullptr;
  std::vector<char> replaced(m_new_values.size(), 1);
  auto* every = reinterpret_cast<bool*>(replaced.data());
  auto* nulls = reinterpret_cast<bool*>(m_new_nulls.data());
  call([&] { result = heap_modify_tuple(unchanged, columns_of(m_trigger_data), m_new_values.data(), nulls, every); });
  return result;
}

} // namespace iasql::pg
