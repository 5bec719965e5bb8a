# The benchmark's own half, for bench/run.
add_executable(measure ${CMAKE_SOURCE_DIR}/bench/measure.cpp)
target_link_libraries(measure PRIVATE iasql_aws)
