#pragma once

// PostgreSQL's own headers, for files of pg/ alone. C++'s headers that its macros would break come first; macros that
// collide with C++ or with our names are undone.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// clang-format off: postgres.h comes first, whatever the alphabet says
extern "C" {
#include <postgres.h>

#include <fmgr.h>
#include <miscadmin.h>
}
// clang-format on

#undef _
#undef gettext
#undef dgettext
#undef ngettext
#undef dngettext
#undef snprintf
#undef vsnprintf
#undef sprintf
#undef vsprintf
#undef fprintf
#undef vfprintf
#undef printf
#undef vprintf
#undef strerror
#undef strerror_r
