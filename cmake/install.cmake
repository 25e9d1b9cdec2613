# The package that find_package(spec2) finds: libraries, headers in the folders of the source tree, the program.
include(CMakePackageConfigHelpers)

get_property(targets GLOBAL PROPERTY SPEC2_TARGETS)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/spec2)
install(TARGETS ${targets} EXPORT spec2Targets)
install(TARGETS spec2)
install(EXPORT spec2Targets NAMESPACE spec2:: DESTINATION ${package_dir})
foreach(layer core wcs datamodels steps pipeline)
  install(DIRECTORY ${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/spec2 FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/spec2 FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY cfgs DESTINATION ${CMAKE_INSTALL_DATADIR}/spec2)
configure_package_config_file(cmake/spec2Config.cmake.in ${PROJECT_BINARY_DIR}/spec2Config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/spec2ConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/spec2Config.cmake ${PROJECT_BINARY_DIR}/spec2ConfigVersion.cmake DESTINATION ${package_dir})
