# One target per folder. spec2_library(core SOURCES a.cpp DEPENDS ...) makes the static library `spec2_core`
# (alias spec2::core); DEPENDS takes folder targets and outside libraries alike.
# No global flags: what a target needs comes from spec2_compile_options.

add_library(spec2_compile_options INTERFACE)
target_compile_options(spec2_compile_options INTERFACE -Wall -Wextra -Wno-psabi -Wno-missing-field-initializers)
# No option changes a result: multiplications and additions are never fused (the clones of a kernel for newer processors give the
# same bits), and nobody reads errno or floating-point traps, which would keep square roots and selections out of vector lanes.
target_compile_options(spec2_compile_options INTERFACE -ffp-contract=off -fno-math-errno -fno-trapping-math)
if(SPEC2_SANITIZE)
  target_compile_options(spec2_compile_options INTERFACE -fsanitize=${SPEC2_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(spec2_compile_options INTERFACE -fsanitize=${SPEC2_SANITIZE})
  # For tests of what a sanitizer changes: the memory of the process, the order of libraries.
  target_compile_definitions(spec2_compile_options INTERFACE SPEC2_SANITIZED)
endif()

function(spec2_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(spec2_${name} STATIC ${arg_SOURCES})
  add_library(spec2::${name} ALIAS spec2_${name})
  set_target_properties(spec2_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(spec2_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/spec2>)
  target_link_libraries(spec2_${name} PUBLIC ${arg_DEPENDS} PRIVATE $<BUILD_INTERFACE:spec2_compile_options>)
  set_property(GLOBAL APPEND PROPERTY SPEC2_TARGETS spec2_${name})
endfunction()

# spec2_test(core_memory SOURCES x_test.cpp DEPENDS spec2::core [LABEL regression]) makes the GoogleTest program
# `test_core_memory` and registers each of its tests with ctest.
function(spec2_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;DEPENDS" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${arg_DEPENDS} GTest::gmock GTest::gtest_main spec2_compile_options)
  target_compile_definitions(test_${name} PRIVATE
    SPEC2_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SPEC2_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  set(timeout 300)
  if(SPEC2_SANITIZE)
    set(timeout 1800)
  endif()
  gtest_discover_tests(test_${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${timeout} DISCOVERY_TIMEOUT 60)
endfunction()
