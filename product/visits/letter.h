/* letter.h: the letter of the evening of a visit: what to remember, who does what, the needs noted, who and what may help. */
#ifndef PRODUCT_VISITS_LETTER_H
#define PRODUCT_VISITS_LETTER_H

#include "platform/job/job.h"
#include "product/kinds/visit.h"

struct application;

enum { LETTER_READERS = 10, LETTER_NEEDS = 10, LETTER_HELPS = 3 };

/* What a letter may say; texts in an arena. `helps` are public records that answer needs of the same kinds, those of the same région first. */
struct visit_letter {
    const struct visit *visit;
    const char *company, *cluster;
    const char *officer, *officer_email; /* set by the caller: to whom one answers */
    const char *needs[LETTER_NEEDS], *need_paths[LETTER_NEEDS];
    size_t need_count;
    struct visit_help {
        const char *kind, *title, *path; /* kind: "Good practice", translated */
    } helps[3 * LETTER_HELPS];
    size_t help_count;
};

/* Gathers in the context's language what its viewer may read of the visit. Some statements. */
enum status visit_letter_gather(struct record_context *context, int64_t visit, struct visit_letter *letter,
                                struct error *error);

/* The text: to the company, or the copy of the officer, which says to whom it went (to NULL: to nobody; then it asks to hand it on). In the arena. */
const char *visit_letter_text(const struct record_context *context, const char *origin,
                              const struct visit_letter *letter, bool is_copy, const char *to);

/* Whether letters of visits of that day leave by now: from six in the evening in Paris, that day. */
bool visit_letter_is_time(int64_t day, int64_t now);

/* The work that sends them, once each. */
extern const struct job_type visit_jobs[];

#endif
