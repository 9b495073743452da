/* beside.h: a program that runs beside a test: another service, played by a script that prints its port. */
#ifndef TESTS_RECORD_BESIDE_H
#define TESTS_RECORD_BESIDE_H

struct arena;

/* Starts the script; gives "http://127.0.0.1:PORT", in the arena. One at a time. */
const char *beside_start(struct arena *arena, const char *script);
/* Ends it; nothing when none runs. */
void beside_stop(void);
/* As the tear-down of a test. */
int beside_end(void **state);

#endif
