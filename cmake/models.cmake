# The service models: botocore's wheel, pinned, trimmed to what src/**/models.txt name, compiled into iasql_aws.
set(botocore_pins ${CMAKE_SOURCE_DIR}/tools/botocore.txt)
set(botocore_wheel ${CMAKE_BINARY_DIR}/models/botocore.whl)
set(models_source ${CMAKE_BINARY_DIR}/models/models.cpp)
file(GLOB_RECURSE model_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/models.txt)

add_custom_command(
  OUTPUT ${botocore_wheel}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/fetch_pypi.py ${botocore_pins} wheel ${botocore_wheel}
  COMMAND ${CMAKE_COMMAND} -E touch ${botocore_wheel}
  DEPENDS ${botocore_pins}
  COMMENT "Fetching botocore's service models"
  VERBATIM)
add_custom_command(
  OUTPUT ${models_source}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/trim_models.py ${botocore_wheel} ${models_source} ${model_lists}
  DEPENDS ${botocore_wheel} ${CMAKE_SOURCE_DIR}/tools/trim_models.py ${model_lists}
  COMMENT "Trimming service models"
  VERBATIM)
target_sources(iasql_aws PRIVATE ${models_source})
# Both compilers take literals far longer than the least that the standard asks of them.
set_source_files_properties(${models_source} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
