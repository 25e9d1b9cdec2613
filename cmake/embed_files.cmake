# Script: writes a C++ source that holds files as text, so that the program carries them.
#   cmake -DOUTPUT=x.cpp -DHEADER=x.hpp -DNAMESPACE=a::b "-DENTRIES=kName=file|kOther=file" -P embed_files.cmake
string(REPLACE "|" ";" entries "${ENTRIES}")
set(text "#include <string_view>\n\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
foreach(entry IN LISTS entries)
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
  set(name ${CMAKE_MATCH_1})
  file(READ "${CMAKE_MATCH_2}" bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "\nstatic const char ${name}Bytes[] = {${bytes}'\\0'};\n"
    "extern const std::string_view ${name};\nconst std::string_view ${name}(${name}Bytes, sizeof(${name}Bytes) - 1);\n")
endforeach()
string(APPEND text "\n}  // namespace ${NAMESPACE}\n")
file(WRITE "${OUTPUT}" "${text}")
