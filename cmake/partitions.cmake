# The partitions of AWS, from the same wheel as the service models.
set(partition_table ${CMAKE_BINARY_DIR}/models/partition_table.cpp)
add_custom_command(
  OUTPUT ${partition_table}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/partition_table.py ${botocore_wheel} ${partition_table}
  DEPENDS ${botocore_wheel} ${CMAKE_SOURCE_DIR}/tools/partition_table.py
  COMMENT "Making the table of partitions"
  VERBATIM)
target_sources(iasql_aws PRIVATE ${partition_table})
