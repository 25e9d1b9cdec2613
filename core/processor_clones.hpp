#pragma once

/// Before a function: it is compiled once for any x86-64 and once each for processors with AVX2 and with AVX-512, everything that
/// it calls and that is known here inlined; which one runs is decided when the program starts. All give the same bits, because
/// products and sums are never fused (-ffp-contract=off). Sanitizers cannot follow the choice at start.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SPEC2_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), flatten))
#else
#define SPEC2_CLONES
#endif
