# The command line: a client over libpq; it shares the AWS client and the sealing of keys with the extension, never the
# engine.
find_package(CLI11 REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
execute_process(COMMAND ${IASQL_PG_CONFIG} --bindir OUTPUT_VARIABLE IASQL_POSTGRES_BIN
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${IASQL_PG_CONFIG} --version OUTPUT_VARIABLE IASQL_POSTGRES_VERSION
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "[0-9]+" IASQL_POSTGRES_VERSION "${IASQL_POSTGRES_VERSION}")
set(IASQL_EMULATOR ${CMAKE_BINARY_DIR}/emulator)
configure_file(${CMAKE_SOURCE_DIR}/src/cli/build_paths.hpp.in ${CMAKE_BINARY_DIR}/generated/cli/build_paths.hpp @ONLY)

file(GLOB cli_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cli/*.cpp)
add_executable(iasql ${cli_sources})
target_include_directories(iasql PRIVATE ${CMAKE_BINARY_DIR}/generated)
target_link_libraries(iasql PRIVATE iasql_credentials iasql_aws CLI11::CLI11 PkgConfig::LIBPQ PkgConfig::SODIUM)
install(TARGETS iasql RUNTIME DESTINATION bin COMPONENT command_line)
