// Two versions of a function, of which the processor's own is chosen when the library is loaded: GNU C on glibc can.
#pragma once

#include <cstddef>  // with which the library says which one it is

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(TICKETOPT_ONE_VERSION)
#define TICKETOPT_VERSIONS __attribute__((target_clones("avx2", "default")))
#else
#define TICKETOPT_VERSIONS
#endif
