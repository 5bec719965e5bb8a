# Clusters and hosted databases, for the command line and the console: a client over libpq that shares the AWS client and
# the sealing of keys with the extension, never the engine.
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
execute_process(COMMAND ${IASQL_PG_CONFIG} --bindir OUTPUT_VARIABLE IASQL_POSTGRES_BIN
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${IASQL_PG_CONFIG} --version OUTPUT_VARIABLE IASQL_POSTGRES_VERSION
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "[0-9]+" IASQL_POSTGRES_VERSION "${IASQL_POSTGRES_VERSION}")
configure_file(${CMAKE_SOURCE_DIR}/src/hosting/build_paths.hpp.in
               ${CMAKE_BINARY_DIR}/generated/hosting/build_paths.hpp @ONLY)

iasql_library(hosting iasql_aws iasql_credentials PkgConfig::LIBPQ PkgConfig::SODIUM)
target_include_directories(iasql_hosting PUBLIC ${CMAKE_BINARY_DIR}/generated)
