# The command line: the hosting and console libraries with arguments and a terminal around them, and the operator's own
# AWS profiles.
find_package(CLI11 REQUIRED)
file(GLOB cli_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cli/*.cpp)
add_executable(iasql ${cli_sources})
target_link_libraries(iasql PRIVATE iasql_console iasql_discovery CLI11::CLI11)
install(TARGETS iasql RUNTIME DESTINATION bin COMPONENT command_line)
