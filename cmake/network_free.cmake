# CFITSIO and HDF5 without their network drivers, for programs that must start at once and never open a URL
# (docs/decisions/0006): a target with the property SPEC2_NETWORK_FREE takes their archives, and core/no_network.c in the place of
# libcurl and libcrypto. Others, and programs built against the installed package, take the shared libraries.
find_library(SPEC2_CFITSIO_ARCHIVE libcfitsio.a)
find_library(SPEC2_HDF5_ARCHIVE NAMES libhdf5_serial.a libhdf5.a)
find_library(SPEC2_HDF5_HL_ARCHIVE NAMES libhdf5_serial_hl.a libhdf5_hl.a)
find_library(SPEC2_SZIP sz)

add_library(spec2_cfitsio INTERFACE)
add_library(spec2_hdf5 INTERFACE)
if(SPEC2_CFITSIO_ARCHIVE AND SPEC2_HDF5_ARCHIVE AND SPEC2_HDF5_HL_ARCHIVE AND SPEC2_SZIP AND NOT SPEC2_SANITIZE)
  add_library(spec2_no_network STATIC core/no_network.c)
  add_library(spec2_cfitsio_archive STATIC IMPORTED)
  set_target_properties(spec2_cfitsio_archive PROPERTIES IMPORTED_LOCATION ${SPEC2_CFITSIO_ARCHIVE}
    INTERFACE_INCLUDE_DIRECTORIES "${cfitsio_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "spec2_no_network;ZLIB::ZLIB;BZip2::BZip2;Threads::Threads;m")
  add_library(spec2_hdf5_archive STATIC IMPORTED)
  set_target_properties(spec2_hdf5_archive PROPERTIES IMPORTED_LOCATION ${SPEC2_HDF5_ARCHIVE}
    INTERFACE_INCLUDE_DIRECTORIES "${HDF5_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "spec2_no_network;${SPEC2_SZIP};ZLIB::ZLIB;${CMAKE_DL_LIBS};m")
  add_library(spec2_hdf5_hl_archive STATIC IMPORTED)
  set_target_properties(spec2_hdf5_hl_archive PROPERTIES IMPORTED_LOCATION ${SPEC2_HDF5_HL_ARCHIVE}
    INTERFACE_LINK_LIBRARIES spec2_hdf5_archive)
  set(chosen "$<BOOL:$<TARGET_PROPERTY:SPEC2_NETWORK_FREE>>")
  target_link_libraries(spec2_cfitsio INTERFACE "$<IF:${chosen},spec2_cfitsio_archive,PkgConfig::cfitsio>")
  target_link_libraries(spec2_hdf5 INTERFACE "$<IF:${chosen},spec2_hdf5_hl_archive,hdf5::hdf5>" "$<$<NOT:${chosen}>:hdf5::hdf5_hl>")
else()
  target_link_libraries(spec2_cfitsio INTERFACE PkgConfig::cfitsio)
  target_link_libraries(spec2_hdf5 INTERFACE hdf5::hdf5 hdf5::hdf5_hl)
endif()
