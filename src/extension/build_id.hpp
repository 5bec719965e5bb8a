#pragma once

#include <string>

namespace iasql::extension {

// The linker's build id of this library as hexadecimal digits: two processes with the same one run the same code.
// "" where the library was linked without.
std::string build_id();

} // namespace iasql::extension
