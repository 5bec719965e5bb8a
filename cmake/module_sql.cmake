# Embeds each module's DDL, src/modules/<module>/<module>.sql, in the library: the build tree's module_sql.cpp defines
# iasql::modules::module_sql(name). Included by CMakeLists.txt it declares the command that writes that file; the
# command is this same file in script mode.

if(CMAKE_SCRIPT_MODE_FILE)
  set(branches "")
  foreach(file IN LISTS SQL_FILES)
    get_filename_component(module "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND branches "  if (module == \"${module}\")\n    return R\"sql(${text})sql\";\n")
  endforeach()
  file(WRITE "${OUTPUT}" "// Written by cmake/module_sql.cmake.\n#include \"modules/modules.hpp\"\n\nnamespace iasql::modules {\n\n"
    "std::string_view module_sql(std::string_view module) {\n${branches}  return {};\n}\n\n} // namespace iasql::modules\n")
  return()
endif()

file(GLOB module_sql_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/modules/*/*.sql)
set(module_sql_source ${CMAKE_BINARY_DIR}/module_sql.cpp)
add_custom_command(
  OUTPUT ${module_sql_source}
  COMMAND ${CMAKE_COMMAND} "-DSQL_FILES=${module_sql_files}" "-DOUTPUT=${module_sql_source}"
          -P ${CMAKE_SOURCE_DIR}/cmake/module_sql.cmake
  DEPENDS ${module_sql_files} ${CMAKE_SOURCE_DIR}/cmake/module_sql.cmake
  COMMENT "Embedding the modules' tables"
  VERBATIM)
target_sources(iasql_modules PRIVATE ${module_sql_source})
