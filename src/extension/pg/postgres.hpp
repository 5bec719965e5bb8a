#pragma once

// PostgreSQL's own headers, for files of pg/ alone. C++'s headers that its macros would break come first; macros that
// collide with C++ or with our names are undone.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// PostgreSQL 15 leaves it empty, and everything is compiled with hidden visibility.
#ifndef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

// postgres.h comes before the others, whatever the alphabet says.
extern "C" {
#include <postgres.h>
}
extern "C" {
#include <fmgr.h>
#include <miscadmin.h>
}

#if PG_VERSION_NUM < 160000
// As in 16: the function itself is exported too.
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(function)                                                                                  \
  extern PGDLLEXPORT Datum function(PG_FUNCTION_ARGS);                                                                 \
  extern PGDLLEXPORT const Pg_finfo_record* CppConcat(pg_finfo_, function)(void);                                      \
  const Pg_finfo_record* CppConcat(pg_finfo_, function)(void) {                                                        \
    static const Pg_finfo_record my_finfo = {1};                                                                       \
    return &my_finfo;                                                                                                  \
  }                                                                                                                    \
  extern int no_such_variable
#endif

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
