# The extension: iasql.so, iasql.control and iasql--<version>.sql in the build folder; `cmake --install` (component
# extension) copies them to where the PostgreSQL of IASQL_PG_CONFIG looks for them.
set(IASQL_OTHER_PG_CONFIGS "" CACHE STRING "pg_config of further PostgreSQL versions to build the extension for")

file(GLOB_RECURSE extension_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/extension/*.cpp)

file(WRITE ${CMAKE_BINARY_DIR}/iasql.control.in [[
comment = 'An AWS account as a database'
default_version = '@PROJECT_VERSION@'
module_pathname = '$libdir/iasql'
schema = iasql
relocatable = false
superuser = true
trusted = false
]])
configure_file(${CMAKE_BINARY_DIR}/iasql.control.in ${CMAKE_BINARY_DIR}/iasql.control @ONLY)

# One topic a file, put together in the order of their names.
file(GLOB extension_sql CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/extension/sql/*.sql)
list(SORT extension_sql)
set(extension_script ${CMAKE_BINARY_DIR}/iasql--${PROJECT_VERSION}.sql)
add_custom_command(OUTPUT ${extension_script}
                   COMMAND ${CMAKE_COMMAND} -E cat ${extension_sql} > ${extension_script}
                   DEPENDS ${extension_sql}
                   COMMENT "Putting ${extension_script} together"
                   VERBATIM)
add_custom_target(iasql_extension_sql ALL DEPENDS ${extension_script})

# The library for the PostgreSQL of that pg_config, in `folder`, and its installation as the component `component`.
function(iasql_extension_for pg_config target folder component)
  foreach(question includedir-server includedir pkglibdir sharedir)
    execute_process(COMMAND ${pg_config} --${question} OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE
                    COMMAND_ERROR_IS_FATAL ANY)
    set(${question} ${answer})
  endforeach()
  add_library(${target} MODULE ${extension_sources})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME iasql PREFIX "" SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${folder})
  # -isystem: PostgreSQL's headers are C and do not pass our warnings.
  target_include_directories(${target} SYSTEM PRIVATE ${includedir-server} ${includedir})
  target_compile_definitions(${target} PRIVATE IASQL_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${target} PRIVATE iasql_modules iasql_credentials)
  # What static libraries bring along stays inside; backend and worker compare build ids.
  target_link_options(${target} PRIVATE -Wl,--build-id -Wl,--exclude-libs,ALL)

  # What is installed with it.
  add_dependencies(${target} model_archive)
  # Servers that run have the library mapped: a new file beside theirs, never new bytes in it.
  install(CODE "file(REMOVE \"\$ENV{DESTDIR}${pkglibdir}/iasql.so\")" COMPONENT ${component})
  install(TARGETS ${target} LIBRARY DESTINATION ${pkglibdir} COMPONENT ${component}
          PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  install(FILES ${extension_script} ${CMAKE_BINARY_DIR}/iasql.control ${model_archive} DESTINATION ${sharedir}/extension
          COMPONENT ${component})
endfunction()

iasql_extension_for(${IASQL_PG_CONFIG} iasql_extension ${CMAKE_BINARY_DIR} extension)
# Those of other versions are built when they are asked for by name: iasql_extension_18, installed as component extension_18.
foreach(pg_config ${IASQL_OTHER_PG_CONFIGS})
  execute_process(COMMAND ${pg_config} --version OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "[0-9]+" version "${version}")
  iasql_extension_for(${pg_config} iasql_extension_${version} ${CMAKE_BINARY_DIR}/postgresql-${version}
                      extension_${version})
  set_target_properties(iasql_extension_${version} PROPERTIES EXCLUDE_FROM_ALL ON)
endforeach()
