#include "extension/pg/message.hpp"

#include "extension/pg/call.hpp"
#include "extension/pg/postgres.hpp"

namespace iasql::pg {

namespace {

int severity(Level level) {
  switch (level) {
  case Level::debug:
    return DEBUG1;
  case Level::log:
    return LOG;
  case Level::info:
    return INFO;
  case Level::notice:
    return NOTICE;
  case Level::warning:
    return WARNING;
  }
  return NOTICE;
}

} // namespace

void tell(Level level, const std::string& message, const std::string& detail, const std::string& hint) {
  const int severity_level = severity(level);
  const char* message_text = message.c_str();
  const char* detail_text = detail.empty() ? nullptr : detail.c_str();
  const char* hint_text = hint.empty() ? nullptr : hint.c_str();
  call([&] {
    ereport(severity_level,
            (errmsg_internal("%s", message_text), detail_text ? errdetail_internal("%s", detail_text) : 0,
             hint_text ? errhint("%s", hint_text) : 0));
  });
}

} // namespace iasql::pg
