#pragma once

namespace iasql::credentials {

// From here to its end the process leaves no core file and no other process of its user may look into its memory: once
// a key was open, copies of it may lie anywhere in freed memory.
void refuse_core_files();

} // namespace iasql::credentials
