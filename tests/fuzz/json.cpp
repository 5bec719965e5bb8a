// JSON text as a value and back: what is written is read to the same text.

#include "base/json.hpp"

#include "fuzz/target.hpp"

namespace iasql::fuzz {

void run(std::string_view bytes) {
  try {
    std::string written = write_json(read_json(bytes));
    require(write_json(read_json(written)) == written, "JSON that was written reads as what it was");
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::invalid_document});
  }
}

} // namespace iasql::fuzz
