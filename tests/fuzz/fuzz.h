/* fuzz.h: what a fuzz target defines. It must return 0 and neither crash, leak nor overrun, whatever the bytes. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
