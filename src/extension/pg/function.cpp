#include "extension/pg/function.hpp"

#include "extension/pg/call.hpp"

extern "C" {
#include <catalog/pg_type.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/jsonb.h>
#include <utils/memutils.h>
}

namespace iasql::pg {

std::string bytes_argument(FunctionCallInfo function_call, int index) {
  varlena* value = nullptr;
  call([&] { value = PG_DETOAST_DATUM_PACKED(function_call->args[index].value); });
  return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}

std::optional<std::string> text_argument(FunctionCallInfo function_call, int index) {
  if (function_call->args[index].isnull) return std::nullopt;
  return bytes_argument(function_call, index);
}

std::optional<std::string> jsonb_argument(FunctionCallInfo function_call, int index) {
  if (function_call->args[index].isnull) return std::nullopt;
  char* text = nullptr;
  call([&] {
    Jsonb* document = DatumGetJsonbP(function_call->args[index].value);
    text = JsonbToCString(nullptr, &document->root, VARSIZE(document));
  });
  return text;
}

std::vector<std::string> texts_argument(FunctionCallInfo function_call, int index) {
  Datum* elements = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  call([&] {
    auto* array = DatumGetArrayTypeP(function_call->args[index].value);
    deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
  });
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) {
    if (nulls[i]) throw Error("22004", "a module's name must not be NULL");
    auto* text = reinterpret_cast<varlena*>(DatumGetPointer(elements[i]));
    result.emplace_back(VARDATA_ANY(text), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(text)));
  }
  return result;
}

Datum return_text(const std::string& text) {
  Datum result = 0;
  call([&] { result = PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size()))); });
  return result;
}

ResultRows::ResultRows(FunctionCallInfo function_call) {
  call([&] {
    InitMaterializedSRF(function_call, MAT_SRF_USE_EXPECTED_DESC);
    auto* result = reinterpret_cast<ReturnSetInfo*>(function_call->resultinfo);
    m_rows = result->setResult;
    m_columns = TupleDescGetAttInMetadata(result->setDesc);
    // The macro around it is no C++.
    m_row = AllocSetContextCreateInternal(CurrentMemoryContext, "row of an iasql function", ALLOCSET_DEFAULT_SIZES);
  });
  m_values.resize(static_cast<std::size_t>(m_columns->tupdesc->natts));
}

void ResultRows::add(const TextRow& row) {
  for (std::size_t i = 0; i < m_values.size(); ++i)
    m_values[i] = i < row.size() && row[i] ? const_cast<char*>(row[i]->c_str()) : nullptr;
  call([&] {
    const MemoryContext former = MemoryContextSwitchTo(m_row);
    tuplestore_puttuple(m_rows, BuildTupleFromCStrings(m_columns, m_values.data()));
    MemoryContextSwitchTo(former);
    MemoryContextReset(m_row);
  });
}

Datum return_rows(FunctionCallInfo function_call, const std::vector<TextRow>& rows) {
  ResultRows result(function_call);
  for (const auto& row : rows)
    result.add(row);
  return return_nothing(function_call);
}

Datum return_nothing(FunctionCallInfo function_call) {
  function_call->isnull = true;
  return 0;
}

} // namespace iasql::pg
