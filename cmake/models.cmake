# The service models of botocore's wheel, pinned: those operations that src/**/models.txt name compiled into iasql_aws,
# all of them in the archive that is installed beside the library.
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
set(botocore_pins ${CMAKE_SOURCE_DIR}/tools/botocore.txt)
set(models_folder ${CMAKE_BINARY_DIR}/models)
set(botocore_wheel ${models_folder}/botocore.whl)
set(models_source ${models_folder}/models.cpp)
set(model_archive ${CMAKE_BINARY_DIR}/iasql--${PROJECT_VERSION}.models)
file(GLOB_RECURSE model_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/models.txt)

# Not of iasql_aws, which needs what this makes.
file(GLOB jmespath_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/aws/jmespath*.cpp)
add_executable(pack_models ${CMAKE_SOURCE_DIR}/tools/pack_models.cpp ${CMAKE_SOURCE_DIR}/src/aws/packed_json.cpp
  ${jmespath_sources})
target_link_libraries(pack_models PRIVATE iasql_base PkgConfig::ZSTD)

add_custom_command(
  OUTPUT ${botocore_wheel}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/fetch_pypi.py ${botocore_pins} wheel ${botocore_wheel}
  COMMAND ${CMAKE_COMMAND} -E touch ${botocore_wheel}
  DEPENDS ${botocore_pins}
  COMMENT "Fetching botocore's service models"
  VERBATIM)
add_custom_command(
  OUTPUT ${models_source}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/trim_models.py ${botocore_wheel}
          ${models_folder}/trimmed.jsonl ${model_lists}
  COMMAND pack_models source ${models_folder}/trimmed.jsonl ${models_source}
  DEPENDS ${botocore_wheel} ${CMAKE_SOURCE_DIR}/tools/trim_models.py ${model_lists} pack_models
  COMMENT "Trimming service models"
  VERBATIM)
add_custom_command(
  OUTPUT ${model_archive}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/trim_models.py ${botocore_wheel} ${models_folder}/all.jsonl
  COMMAND pack_models archive ${models_folder}/all.jsonl ${model_archive}
  DEPENDS ${botocore_wheel} ${CMAKE_SOURCE_DIR}/tools/trim_models.py pack_models
  COMMENT "Packing all service models"
  VERBATIM)
add_custom_target(model_archive ALL DEPENDS ${model_archive})
target_sources(iasql_aws PRIVATE ${models_source})
target_link_libraries(iasql_aws PUBLIC PkgConfig::ZSTD)
