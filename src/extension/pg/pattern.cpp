#include "extension/pg/pattern.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

extern "C" {
#include <catalog/pg_collation.h>
#include <fmgr.h>
#include <utils/builtins.h>
#include <utils/fmgrprotos.h>
}

namespace iasql::pg {

bool matches_pattern(const std::string& pattern, const std::string& text) {
  auto anchored = "^(?:" + pattern + ")$";
  bool matches = false;
  try {
    call(Guard::subtransaction, [&] {
      auto* subject = cstring_to_text_with_len(text.data(), static_cast<int>(text.size()));
      auto* expression = cstring_to_text_with_len(anchored.data(), static_cast<int>(anchored.size()));
      matches = DatumGetBool(
          DirectFunctionCall2Coll(textregexeq, C_COLLATION_OID, PointerGetDatum(subject), PointerGetDatum(expression)));
    });
  } catch (const Error& error) {
    if (error.sqlstate() == "2201B") return true; // invalid_regular_expression
    throw;
  }
  return matches;
}

} // namespace iasql::pg
