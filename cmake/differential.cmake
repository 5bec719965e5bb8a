# Our side of the comparison with botocore that tests/differential/run makes. Never installed.
add_executable(differential_driver ${CMAKE_SOURCE_DIR}/tests/differential/driver.cpp)
target_link_libraries(differential_driver PRIVATE iasql_aws)
