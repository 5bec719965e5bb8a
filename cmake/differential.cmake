# Our side of the comparison with botocore that tests/differential/run makes. Never installed.
add_executable(differential_driver ${CMAKE_SOURCE_DIR}/tests/differential/driver.cpp)
target_link_libraries(differential_driver PRIVATE iasql_aws)

# Our side of tests/differential/signing/run.
add_executable(signing_driver ${CMAKE_SOURCE_DIR}/tests/differential/signing/driver.cpp)
target_link_libraries(signing_driver PRIVATE iasql_aws)
