# Debian packages, by `cpack -G DEB` in the build folder: postgresql-<version>-iasql has the extension, iasql the command
# line with its manual page, the documentation of a server, and systemd units. docs/packages.md says what they do.
set(IASQL_PACKAGE_MAINTAINER "iasql maintainers <maintainers@iasql.invalid>" CACHE STRING
    "Who answers for the Debian packages that are built here, as \"Name <address>\"")
set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(packaging_documents ${CMAKE_BINARY_DIR}/packaging)
set(extension_package postgresql-${IASQL_POSTGRES_VERSION}-iasql)

# The revision is the changelog's, so that the two agree.
file(STRINGS ${packaging}/debian/changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^iasql \\(${PROJECT_VERSION}-([0-9.]+)\\) ")
  message(FATAL_ERROR "The newest entry of packaging/debian/changelog is not of version ${PROJECT_VERSION}: ${newest}")
endif()
set(package_revision ${CMAKE_MATCH_1})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${packaging}/debian/changelog)

# Compressed as Debian wants it, without a time of day.
foreach(document changelog iasql.1)
  set(compressed ${packaging_documents}/${document}.gz)
  add_custom_command(OUTPUT ${compressed}
                     COMMAND gzip -9 --no-name --stdout ${packaging}/debian/${document} > ${compressed}
                     DEPENDS ${packaging}/debian/${document}
                     VERBATIM)
  list(APPEND compressed_documents ${compressed})
endforeach()
file(MAKE_DIRECTORY ${packaging_documents})
add_custom_target(package_documents ALL DEPENDS ${compressed_documents})

# Parts of the packages alone; `cmake --install` of the components extension and command_line does without them.
function(iasql_package_documents component package)
  set(folder /usr/share/doc/${package})
  install(FILES ${packaging}/debian/copyright DESTINATION ${folder} COMPONENT ${component})
  install(FILES ${packaging_documents}/changelog.gz DESTINATION ${folder} RENAME changelog.Debian.gz
          COMPONENT ${component})
  install(FILES ${packaging}/debian/${component}.lintian-overrides DESTINATION /usr/share/lintian/overrides
          RENAME ${package} COMPONENT ${component})
endfunction()
iasql_package_documents(extension_package ${extension_package})
iasql_package_documents(command_line_package iasql)
install(FILES ${CMAKE_SOURCE_DIR}/docs/packages.md ${CMAKE_SOURCE_DIR}/docs/operating.md
              ${CMAKE_SOURCE_DIR}/docs/console.md ${CMAKE_SOURCE_DIR}/docs/threat-model.md
        DESTINATION /usr/share/doc/iasql COMPONENT command_line_package)
install(FILES ${packaging_documents}/iasql.1.gz DESTINATION /usr/share/man/man1 COMPONENT command_line_package)
install(FILES ${packaging}/systemd/iasql.service ${packaging}/systemd/iasql-console.service
        DESTINATION /lib/systemd/system COMPONENT command_line_package)
install(FILES ${packaging}/systemd/iasql.sysusers DESTINATION /usr/lib/sysusers.d RENAME iasql.conf
        COMPONENT command_line_package)

set(CPACK_PACKAGE_VENDOR "iasql")
set(CPACK_PACKAGE_CONTACT "${IASQL_PACKAGE_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
# With the recipe beside them the packages are all that building a container's image needs.
foreach(file Containerfile start .containerignore)
  configure_file(${packaging}/container/${file} ${CPACK_PACKAGE_DIRECTORY}/${file} COPYONLY)
endforeach()

set(CPACK_COMPONENTS_ALL extension extension_package command_line command_line_package)
# The extension's folders are PostgreSQL's, whatever the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${package_revision})
set(CPACK_DEBIAN_PACKAGE_SOURCE iasql)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# Groups are packages; the names of the variables have the group's in capitals.
set(CPACK_DEBIAN_POSTGRESQL_PACKAGE_NAME ${extension_package})
set(CPACK_DEBIAN_POSTGRESQL_PACKAGE_DEPENDS "postgresql-${IASQL_POSTGRES_VERSION}")
set(CPACK_DEBIAN_POSTGRESQL_PACKAGE_SUGGESTS iasql)
set(CPACK_COMPONENT_POSTGRESQL_DESCRIPTION
"AWS account as a database: extension of PostgreSQL ${IASQL_POSTGRES_VERSION}
Modules bring tables whose rows are the resources of an AWS account:
installing one imports what exists, INSERT, UPDATE and DELETE say what
should exist, a plan shows the difference, and applying it makes the
account match.
.
CREATE EXTENSION iasql, by a superuser, adds it to a database. The command
line that gives a database its AWS key is in package iasql.")

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME iasql)
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS "systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_SERVER_PACKAGE_RECOMMENDS "${extension_package}")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
    "${packaging}/debian/postinst;${packaging}/debian/prerm;${packaging}/debian/postrm")
set(CPACK_COMPONENT_SERVER_DESCRIPTION
"AWS account as a database: command line, console and server
Makes a database for each AWS account that is connected to it, in a
private PostgreSQL server or in one that is there already, and serves a
console for the browser. Keys are sealed before they reach PostgreSQL.
.
The package brings systemd units for the private server and the console;
none of them is enabled or started by itself.")

include(CPack)
cpack_add_component(extension GROUP postgresql)
cpack_add_component(extension_package GROUP postgresql)
cpack_add_component(command_line GROUP server)
cpack_add_component(command_line_package GROUP server)
cpack_add_component_group(postgresql)
cpack_add_component_group(server)
