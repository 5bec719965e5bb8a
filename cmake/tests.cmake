include(cmake/conformance.cmake)
include(cmake/differential.cmake)

# Unit tests: one executable, a file each for what it tests.
find_package(GTest REQUIRED)
file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/*.cpp)
add_executable(unit_tests ${unit_sources})
target_include_directories(unit_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
target_compile_definitions(unit_tests PRIVATE IASQL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                              IASQL_MODEL_ARCHIVE="${model_archive}")
add_dependencies(unit_tests model_archive)
target_link_libraries(unit_tests PRIVATE iasql_modules iasql_discovery iasql_credentials iasql_console GTest::gtest GTest::gtest_main GTest::gmock)
# What the sanitizers watch is the libraries; the tests themselves run once, so they are compiled as fast as can be.
if(IASQL_SANITIZE)
  target_compile_options(unit_tests PRIVATE -O0)
endif()
add_test(NAME unit COMMAND unit_tests)
