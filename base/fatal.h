/* fatal.h: the ends from which there is no return. */
#ifndef BASE_FATAL_H
#define BASE_FATAL_H

#include <stddef.h>

/* Our own fault (a broken invariant): writes the message to standard error and aborts. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The system refused memory: writes how much was asked and aborts. */
_Noreturn void fatal_memory(size_t size);

/* An invariant that holds unless the program is wrong; never a check of input. */
#define ENSURE(condition) ((condition) ? (void)0 : fatal("%s:%d: %s does not hold", __FILE__, __LINE__, #condition))

#endif
