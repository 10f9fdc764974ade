# Flags that every source is compiled with.
if(MSVC AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR
    "Expected a compiler with GCC's vector extensions: GCC, Clang or, on Windows, clang-cl "
    "(CMAKE_GENERATOR_TOOLSET=ClangCL). Received: ${CMAKE_CXX_COMPILER}")
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR
    "Expected GCC 12 or newer, which has __builtin_shufflevector. "
    "Received: GCC ${CMAKE_CXX_COMPILER_VERSION}")
endif()

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_MSVC_RUNTIME_LIBRARY MultiThreaded)  # static: Windows may lack the runtime
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# clang-cl takes the warnings of Visual Studio, and passes what follows /clang: on to Clang.
# -Wno-psabi: compilers differ in how they pass vectors by value, but no vector leaves a source.
if(CMAKE_CXX_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC")
  set(CLANG /clang:)
  add_compile_options(/W4 -Wno-psabi)
else()
  set(CLANG "")
  add_compile_options(-Wall -Wextra -Wno-psabi)
endif()

# A product may be fused with a sum, but nothing is reordered: no -ffast-math.
add_compile_options(${CLANG}-O3 ${CLANG}-fno-math-errno ${CLANG}-ffp-contract=fast)

if(INVOLUTION_WERROR)
  add_compile_options(${CLANG}-Werror)
endif()
if(INVOLUTION_SANITIZE)
  set(SANITIZE -fsanitize=${INVOLUTION_SANITIZE} -fno-sanitize-recover=all)
  add_compile_options(${SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(${SANITIZE})
endif()
