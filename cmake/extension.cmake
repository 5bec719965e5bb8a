# The extension: iasql.so, iasql.control and iasql--<version>.sql in the build folder; `cmake --install` (component
# extension) copies them to where the PostgreSQL of IASQL_PG_CONFIG looks for them.
function(iasql_ask_pg_config variable question)
  execute_process(COMMAND ${IASQL_PG_CONFIG} --${question} OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} ${answer} PARENT_SCOPE)
endfunction()
iasql_ask_pg_config(postgres_headers includedir-server)
iasql_ask_pg_config(postgres_client_headers includedir)
iasql_ask_pg_config(postgres_libraries pkglibdir)
iasql_ask_pg_config(postgres_share sharedir)

file(GLOB_RECURSE extension_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/extension/*.cpp)
add_library(iasql_extension MODULE ${extension_sources})
set_target_properties(iasql_extension PROPERTIES OUTPUT_NAME iasql PREFIX "" SUFFIX .so)
# -isystem: PostgreSQL's headers are C and do not pass our warnings.
target_include_directories(iasql_extension SYSTEM PRIVATE ${postgres_headers} ${postgres_client_headers})
target_compile_definitions(iasql_extension PRIVATE IASQL_VERSION="${PROJECT_VERSION}")
target_link_libraries(iasql_extension PRIVATE iasql_modules iasql_credentials)
# What static libraries bring along stays inside; backend and worker compare build ids.
target_link_options(iasql_extension PRIVATE -Wl,--build-id -Wl,--exclude-libs,ALL)

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

# Servers that run have the library mapped: a new file beside theirs, never new bytes in it.
install(CODE "file(REMOVE \"\$ENV{DESTDIR}${postgres_libraries}/iasql.so\")" COMPONENT extension)
install(FILES $<TARGET_FILE:iasql_extension> DESTINATION ${postgres_libraries} COMPONENT extension)
install(FILES ${extension_script} ${CMAKE_BINARY_DIR}/iasql.control
        DESTINATION ${postgres_share}/extension COMPONENT extension)
