# The console: HTTP by Boost.Beast (headers only), and the page's files compiled in.
find_package(Boost 1.74 REQUIRED)

set(page_source ${CMAKE_BINARY_DIR}/generated/console/page.cpp)
file(GLOB page_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/console/page/*)
add_custom_command(
  OUTPUT ${page_source}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed_page.py ${page_source} ${page_files}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/embed_page.py ${page_files}
  COMMENT "Embedding the console's page"
  VERBATIM)

iasql_library(console iasql_hosting PkgConfig::SODIUM OpenSSL::SSL)
target_sources(iasql_console PRIVATE ${page_source})
target_include_directories(iasql_console SYSTEM PRIVATE ${Boost_INCLUDE_DIRS})
