# Conformance: other people's cases, read where they are. Those of botocore's source distribution are fetched, with a
# pinned hash, when the tests first run.
find_package(GTest REQUIRED)
file(GLOB conformance_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/conformance/*.cpp)
add_executable(conformance_tests ${conformance_sources})
target_include_directories(conformance_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(conformance_tests PRIVATE
  IASQL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
  IASQL_BINARY_DIR="${CMAKE_BINARY_DIR}"
  IASQL_PYTHON="${Python3_EXECUTABLE}"
  IASQL_MODEL_ARCHIVE="${model_archive}")
add_dependencies(conformance_tests model_archive)
target_link_libraries(conformance_tests PRIVATE iasql_aws iasql_discovery GTest::gtest GTest::gtest_main)
add_test(NAME conformance COMMAND conformance_tests)
