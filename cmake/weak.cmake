# Fails where an object of OBJECTS defines a weak symbol: cmake -DNM= -DOBJECTS= -P weak.cmake.
#
# An inline function or template that is not inlined is compiled into every object that uses it,
# and the linker keeps any one of them. If that is the one for AVX-512, the plain code runs it
# too, and a machine without AVX-512 stops at an illegal instruction. What is named after its
# own instruction set is in no other object.
foreach(OBJECT IN LISTS OBJECTS)
  string(REGEX REPLACE ".*kernels_([a-z0-9]+)\\.dir.*" "\\1" TARGET "${OBJECT}")
  execute_process(COMMAND "${NM}" -C --defined-only "${OBJECT}"
    OUTPUT_VARIABLE SYMBOLS COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [WVu] [^\n]*" WEAK "${SYMBOLS}")
  list(FILTER WEAK EXCLUDE REGEX "involution::${TARGET}::")
  if(WEAK)
    list(JOIN WEAK "\n  " WEAK)
    message(FATAL_ERROR "Expected no weak symbols in ${OBJECT}. Received:\n  ${WEAK}")
  endif()
endforeach()
