#include "modules/aws_rds/hooks.hpp"

#include <algorithm>

namespace iasql::modules {

using namespace engine;

void name_final_snapshot(const Making& making, Request& request) {
  if (making.action != Action::remove || making.base.get("skip_final_snapshot") == Value(true)) return;
  std::string token = making.token;
  // No hyphen next to another one, nor at the end.
  std::erase(token, '-');
  request.input.set_path("FinalDBSnapshotIdentifier",
                         making.base.get("db_instance_identifier").text() + "-final-" + token);
}

Value with_pending_changes(Value object) {
  const Value pending = object["PendingModifiedValues"];
  for (const char* member : {"AllocatedStorage", "BackupRetentionPeriod", "DBInstanceClass"})
    if (!pending[member].is_null()) object.set_path(member, pending[member]);
  if (Value* groups = object.object().find("VpcSecurityGroups"); groups && groups->is_array())
    groups->array().erase_if([](const Value& group) { return group["Status"] == Value("removing"); });
  return object;
}

} // namespace iasql::modules
