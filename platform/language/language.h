/* language.h: the languages of the site and their sentences, compiled in from locale/<language>/<room>.po.
 * English is the language of the code and the key; French is complete or the build fails (tools/compile-languages).
 * Texts that are returned belong to the arena, or are static; none is ever NULL. All functions may be called by any thread. */
#ifndef PLATFORM_LANGUAGE_H
#define PLATFORM_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct arena;

enum language { LANGUAGE_FRENCH, LANGUAGE_ENGLISH, LANGUAGES };

/* "fr", "en". */
const char *language_code(enum language language);
/* The name of the language in itself: "Français", "English". */
const char *language_name(enum language language);
/* The language of a code; false when there is none. */
bool language_find(const char *code, enum language *language);
/* The best of an Accept-Language header (may be NULL: French), by RFC 9110 section 12.5.4. */
enum language language_accept(const char *header);
/* Thousandths of the weight that one range of an Accept or Accept-Language header says (";q=0.8"); 1000 when it says none. */
int language_weight(const char *from, const char *to);

/* The sentence in that language; the English one itself when it is not found (which the build refuses); "" for NULL. O(log n). */
const char *language_text(enum language language, const char *english);

/* The sentence with {1}, {2}, ... replaced; arguments up to six texts ended by NULL. Result in the arena. */
const char *language_print(struct arena *arena, enum language language, const char *english, ...);

/* One of two sentences by number (French: 0 and 1 are singular); {1} is the number, formatted. */
const char *language_plural(struct arena *arena, enum language language, int64_t number, const char *one,
                            const char *many);

/* The message of an error, translated, its arguments in place. */
const char *language_error(struct arena *arena, enum language language, const struct error *error);

/* An error or a sentence as a text that can be kept (JSON), and back: the sentence is translated when it is read, not when it is written. What is
 * no such text gives an empty message. */
const char *language_keep(struct arena *arena, const struct error *error);
void language_kept(struct arena *arena, const char *text, struct error *error);

/* Figures as people write them: 1 234,5 (narrow no-break space) or 1,234.5. scale: digits after the point (0 to 18), value = scaled
 * integer. Below zero with a true minus sign. INT64_MIN is "absent" and gives "". */
const char *language_number(struct arena *arena, enum language language, int64_t scaled, int scale);
/* Euros from cents, "1 234,50 €" or "€1,234.50"; whole euros without cents. */
const char *language_money(struct arena *arena, enum language language, int64_t cents);
/* Sizes of files: "34 Ko", "1,2 Mo"; "34 kB", "1.2 MB" (thousands, not 1,024). */
const char *language_bytes(struct arena *arena, enum language language, int64_t bytes);

/* "22 novembre 2026", "1er janvier 2026"; "22 November 2026". INT64_MIN gives "", here and below. */
const char *language_day(struct arena *arena, enum language language, int64_t day);
/* For tables: "22/11/2026" in both languages. */
const char *language_day_short(struct arena *arena, enum language language, int64_t day);
/* "novembre 2026", "November 2026". */
const char *language_month(struct arena *arena, enum language language, int64_t day);
/* "22 novembre 2026 à 08:30" (Europe/Paris), "22 November 2026, 08:30". */
const char *language_moment(struct arena *arena, enum language language, int64_t moment);

/* Milliseconds that Paris is ahead of UTC at that moment: one hour, two from the last Sunday of March to the last Sunday of October, both
 * at 01:00 UTC (directive 2000/84/EC; right for moments since 1996). */
int64_t language_paris_offset(int64_t moment);
/* The moment at which clocks in Paris show this (milliseconds as if it were UTC): the earlier one in the hour that comes twice; false in the hour
 * that is left out in March. */
bool language_paris_moment(int64_t local, int64_t *moment);

#endif
