#pragma once

namespace iasql::cli {

// Whether a server could listen on that port of 127.0.0.1 now.
bool is_free(int port);
// The first free port of `wanted` and those after it. Throws Failure when a hundred are taken.
int free_port_from(int wanted);

} // namespace iasql::cli
