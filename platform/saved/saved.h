/* saved.h: lists that people keep, and what is new in them.
 *
 * A search is the address of a list with a name; what it finds is found anew each time, with the rights that its person then has. New is
 * what was filed since they last looked. */
#ifndef PLATFORM_SAVED_H
#define PLATFORM_SAVED_H

#include "platform/http/http.h"
#include "platform/record/record.h"

/* SAVED_MOST: searches a person; SAVED_COUNTED: beyond so many, what is new is no longer counted. */
enum { SAVED_MOST = 50, SAVED_NAME_MOST = 100, SAVED_QUERY_MOST = 2000, SAVED_COUNTED = 100 };

struct saved_search {
    int64_t id;
    const struct kind *kind;
    const char *name, *query;
    int64_t created, seen; /* moments */
};

/* Keeps a search. The same list again gets the new name. STATUS_INPUT: no name; STATUS_LIMIT: too many, or too long. One transaction. */
enum status saved_keep(struct db *db, int64_t account, const struct saved_search *search, struct error *error);

/* Those of an account, by name; in the arena. A kind that there is no more is left out. */
enum status saved_list(struct db_handle *read, struct arena *arena, int64_t account, struct saved_search **searches,
                       size_t *count, struct error *error);

/* What the person has seen, up to this moment; the end of a search. STATUS_MISSING when it is not theirs. */
enum status saved_see(struct db *db, int64_t account, int64_t id, int64_t moment, struct error *error);
enum status saved_end(struct db *db, int64_t account, int64_t id, struct error *error);

/* In the transaction that erases the account. */
enum status saved_forget(struct db_handle *write, int64_t account, struct error *error);

/* What the search finds that was filed after the moment, newest first: how many, at most SAVED_COUNTED, and the first `most` of them. Only what the
 * context's viewer may read. Reads at most SAVED_COUNTED records and a batch. */
struct saved_news {
    int64_t count;
    void **records;
    size_t record_count;
};
enum status saved_find_news(struct record_context *context, const struct saved_search *search, int64_t since,
                            size_t most, struct saved_news *news, struct error *error);

/* The pages: the searches of who is signed in, and keeping one: ?of=KIND and the list's parameters. */
#define SAVED_PATH "/space/searches"
#define SAVED_NEW_PATH "/space/searches/new"
http_handler saved_page, saved_post, saved_new_page, saved_new_post;

#endif
