/* official_private.h: what the readers of official files share. */
#ifndef PLATFORM_VOCABULARY_OFFICIAL_PRIVATE_H
#define PLATFORM_VOCABULARY_OFFICIAL_PRIVATE_H

#include <sodium.h>

#include "platform/sheet/sheet.h"
#include "platform/vocabulary/list.h"

struct official {
    const char *path;
    struct sheet_reader *reader;
    const char *const *columns;
    size_t column_count;
    const char *const *cells; /* of the present row */
    int64_t line;
    crypto_generichash_state hash; /* of the cells read */
};

enum status official_open(struct official *file, const char *path, const char *sheet, struct error *error);
/* The number of the first of the names ("A|B|C", "A*": begins so) that is a column; -1 when none is. */
int official_column(struct arena *arena, const struct official *file, const char *names);
/* The same; STATUS_INPUT when none is. */
enum status official_need(struct arena *arena, const struct official *file, const char *names, int *column,
                          struct error *error);
/* The next row. */
bool official_next(struct official *file);
/* Closes; status as given, or why reading stopped. Gives the list (which may be NULL) its fingerprint. */
enum status official_close(struct official *file, enum status status, struct list *list, struct error *error);
/* A new row, empty, at the end of the list. */
struct list_row *official_add(struct arena *arena, struct list *list, size_t *room);

typedef enum status official_read(struct arena *arena, struct official *file, const struct vocabulary *present,
                                  struct list *list, struct error *error);
official_read official_territories, official_activities, official_areas, official_correspondence;

/* "SECTION A", "a" -> "A"; "1011Z" -> "10.11Z", as written with its point; NULL when it is no code of the NAF. In the arena. */
const char *official_naf_code(struct arena *arena, const char *cell);
/* A new link at the end of the list. */
void official_link(struct arena *arena, struct list *list, size_t *room, const char *code, const char *other_scheme,
                   const char *other_code);

#endif
