/* load.c: the lists from the database into memory. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/time.h"
#include "platform/db/db.h"
#include "platform/vocabulary/vocabulary_private.h"

enum { POOL_BLOCK = 64 * 1024 };

/* Texts stand one after the other: an allocation each would cost as much again. */
struct pool {
    char *at;
    size_t left;
};

struct loading {
    struct vocabulary *vocabulary;
    bool as_indexed; /* the editions by which the records were indexed are those in force */
    struct db_handle *handle;
    struct pool pool;
    const char *levels[MOST_LEVELS];
    size_t level_count;
};

static const char *keep(struct loading *loading, const char *text)
{
    if (!text) return NULL;
    const size_t size = strlen(text) + 1;
    if (size > POOL_BLOCK / 8) return arena_copy(loading->vocabulary->arena, text);
    if (size > loading->pool.left) {
        loading->pool.at = arena_alloc(loading->vocabulary->arena, POOL_BLOCK);
        loading->pool.left = POOL_BLOCK;
    }
    char *kept = loading->pool.at;
    memcpy(kept, text, size);
    loading->pool.at += size;
    loading->pool.left -= size;
    return kept;
}

static const char *keep_level(struct loading *loading, const char *level)
{
    if (!level) level = "";
    for (size_t i = 0; i < loading->level_count; i++)
        if (strcmp(loading->levels[i], level) == 0) return loading->levels[i];
    const char *kept = keep(loading, level);
    if (loading->level_count < MOST_LEVELS) loading->levels[loading->level_count++] = kept;
    return kept;
}

static int64_t integer_or(const struct db_rows *rows, size_t column, int64_t absent)
{
    return db_is_null(rows, column) ? absent : db_get_integer(rows, column);
}

static const char edition_query[] =
    "SELECT v.scheme, v.version, s.title_fr, s.title_en, v.valid_from, v.valid_until, v.codes, v.source, v.licence, "
    "v.edition, CASE WHEN v.edition = b.edition THEN 1 ELSE 0 END "
    "FROM vocabulary_version v JOIN vocabulary_scheme s ON s.scheme = v.scheme "
    "LEFT JOIN vocabulary_basis b ON b.scheme = v.scheme "
    "WHERE v.ready = 1 OR ($1 = 1 AND v.edition = b.edition) ORDER BY v.scheme, v.valid_from DESC, v.version DESC";

static struct vocabulary_edition read_edition(struct loading *loading, const struct db_rows *rows)
{
    return (struct vocabulary_edition){
        .scheme = keep(loading, db_get_text(rows, 0)),
        .version = keep(loading, db_get_text(rows, 1)),
        .title_fr = keep(loading, db_get_text(rows, 2)),
        .title_en = keep(loading, db_get_text(rows, 3)),
        .from = db_get_integer(rows, 4),
        .until = integer_or(rows, 5, INT64_MAX),
        .codes = db_get_integer(rows, 6),
        .source = keep(loading, db_get_text(rows, 7)),
        .licence = keep(loading, db_get_text(rows, 8)),
        .edition = db_get_integer(rows, 9),
        .current = loading->as_indexed && db_get_integer(rows, 10),
    };
}

static enum status read_editions(struct loading *loading, struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    size_t room = 0;
    struct db_rows *rows = db_query(loading->handle, edition_query, DB_BIND(db_integer(loading->as_indexed)));
    while (db_next(rows)) {
        if (vocabulary->edition_count == room) {
            room = room ? 2 * room : 32;
            struct vocabulary_edition *larger = ARENA_ARRAY(vocabulary->arena, room, struct vocabulary_edition);
            if (vocabulary->edition_count)
                memcpy(larger, vocabulary->editions, vocabulary->edition_count * sizeof *larger);
            vocabulary->editions = larger;
        }
        vocabulary->editions[vocabulary->edition_count++] = read_edition(loading, rows);
    }
    return db_end(&rows, error);
}

/* Of the editions of one scheme, newest first: one that is so marked, the newest that has begun, or the first to come. */
static size_t edition_in_force(const struct vocabulary_edition *editions, size_t count, int64_t day)
{
    for (size_t i = 0; i < count; i++)
        if (editions[i].current) return i;
    for (size_t i = 0; i < count; i++)
        if (editions[i].from <= day) return i;
    return count - 1;
}

/* Puts the edition in force at the head of those of its scheme. */
static void arrange_editions(struct vocabulary_edition *editions, size_t count)
{
    const size_t chosen = edition_in_force(editions, count, time_today());
    struct vocabulary_edition current = editions[chosen];
    current.current = true;
    memmove(editions + 1, editions, chosen * sizeof *editions);
    editions[0] = current;
}

static size_t same_scheme(const struct vocabulary *vocabulary, size_t first)
{
    size_t count = 1;
    while (first + count < vocabulary->edition_count &&
           strcmp(vocabulary->editions[first].scheme, vocabulary->editions[first + count].scheme) == 0)
        count++;
    return count;
}

static void make_room(struct vocabulary *vocabulary)
{
    int64_t codes = 0;
    for (size_t i = 0; i < vocabulary->edition_count; i++) codes += vocabulary->editions[i].codes;
    ENSURE(codes >= 0 && codes < INT32_MAX / 4);
    const size_t room = (size_t)codes;
    struct arena *arena = vocabulary->arena;
    vocabulary->codes = ARENA_ARRAY(arena, room, struct vocabulary_code);
    vocabulary->held_by = ARENA_ARRAY(arena, room, uint32_t);
    vocabulary->parent = ARENA_ARRAY(arena, room, int32_t);
    vocabulary->other_parent = ARENA_ARRAY(arena, room, int32_t);
    vocabulary->folded = ARENA_ARRAY(arena, room, const char *);
    vocabulary->slot_mask = 1023;
    while (vocabulary->slot_mask < 2 * room) vocabulary->slot_mask = 2 * vocabulary->slot_mask + 1;
    vocabulary->slots = ARENA_ARRAY(arena, (size_t)vocabulary->slot_mask + 1, int32_t);
    for (uint32_t i = 0; i <= vocabulary->slot_mask; i++) vocabulary->slots[i] = NOWHERE;
    vocabulary->schemes = ARENA_ARRAY(arena, vocabulary->edition_count, struct scheme);
}

static const char code_query[] =
    "SELECT code, level, parent, other_parent, label_fr, label_en, folded, population, latitude, longitude, "
    "approximate, retired, "
    "replaced_by, valid_from, valid_until FROM vocabulary_code WHERE edition = $1 ORDER BY position";

/* The index of a code that stands in the edition, or else in any. */
static int32_t resolve(const struct vocabulary *vocabulary, const char *scheme, uint32_t edition, const char *code)
{
    const int32_t index = vocabulary_index_in(vocabulary, scheme, edition, code);
    return index == NOWHERE ? vocabulary_index(vocabulary, scheme, code) : index;
}

/* Whether an edition read before has the code with the same label and parent. */
static bool already_held(struct vocabulary *vocabulary, const struct vocabulary_edition *edition, uint32_t bit,
                         const struct db_rows *rows)
{
    const int32_t index = vocabulary_index(vocabulary, edition->scheme, db_get_text(rows, 0));
    if (index == NOWHERE) return false;
    const struct vocabulary_code *held = &vocabulary->codes[index];
    const char *parent = db_get_text(rows, 2);
    if (strcmp(held->label_fr, db_get_text(rows, 4)) != 0 ||
        strcmp(held->parent ? held->parent : "", parent ? parent : "") != 0)
        return false;
    vocabulary->held_by[index] |= bit;
    return true;
}

static void add_code(struct loading *loading, const struct vocabulary_edition *edition, uint32_t bit,
                     const struct db_rows *rows)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    const int32_t index = vocabulary->count++;
    const int32_t parent = resolve(vocabulary, edition->scheme, bit, db_get_text(rows, 2));
    const char *label = keep(loading, db_get_text(rows, 4));
    vocabulary->parent[index] = parent;
    vocabulary->other_parent[index] = resolve(vocabulary, edition->scheme, bit, db_get_text(rows, 3));
    vocabulary->held_by[index] = bit;
    vocabulary->folded[index] = keep(loading, db_get_text(rows, 6));
    vocabulary->codes[index] = (struct vocabulary_code){
        .code = keep(loading, db_get_text(rows, 0)),
        .scheme = edition->scheme,
        .label_fr = label,
        .label_en = db_is_null(rows, 5) ? label : keep(loading, db_get_text(rows, 5)),
        .parent = parent == NOWHERE ? NULL : vocabulary->codes[parent].code,
        .level = keep_level(loading, db_get_text(rows, 1)),
        .depth = parent == NOWHERE ? 0 : vocabulary->codes[parent].depth + 1,
        .version = edition->version,
        .from = integer_or(rows, 13, edition->from),
        .until = integer_or(rows, 14, edition->until),
        .population = integer_or(rows, 7, INT64_MIN),
        .latitude = integer_or(rows, 8, INT64_MIN),
        .longitude = integer_or(rows, 9, INT64_MIN),
        .approximate = db_get_integer(rows, 10) != 0,
        .retired = db_get_integer(rows, 11) != 0 || (!edition->current && edition->from <= time_today()),
        .replaced_by = keep(loading, db_get_text(rows, 12)),
    };
    vocabulary_enter(vocabulary, index);
}

static enum status read_codes(struct loading *loading, const struct vocabulary_edition *edition, uint32_t bit,
                              struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    const int32_t before = vocabulary->count;
    struct db_rows *rows = db_query(loading->handle, code_query, DB_BIND(db_integer(edition->edition)));
    while (db_next(rows)) {
        if (!edition->current && already_held(vocabulary, edition, bit, rows)) continue;
        if (vocabulary->count - before >= edition->codes) break; /* the list grew since its edition was read */
        add_code(loading, edition, bit, rows);
    }
    return db_end(&rows, error);
}

static enum status read_scheme(struct loading *loading, size_t first, size_t editions, struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    struct scheme *scheme = &vocabulary->schemes[vocabulary->scheme_count++];
    *scheme = (struct scheme){.name = vocabulary->editions[first].scheme, .first = vocabulary->count};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < editions && i < MOST_EDITIONS && status == STATUS_OK; i++) {
        status = read_codes(loading, &vocabulary->editions[first + i], (uint32_t)1 << i, error);
        if (i == 0) scheme->current = vocabulary->count - scheme->first;
    }
    scheme->count = vocabulary->count - scheme->first;
    return status;
}

static enum status read_schemes(struct loading *loading, struct error *error)
{
    const struct vocabulary *vocabulary = loading->vocabulary;
    enum status status = STATUS_OK;
    for (size_t i = 0, count; i < vocabulary->edition_count && status == STATUS_OK; i += count) {
        count = same_scheme(vocabulary, i);
        arrange_editions(vocabulary->editions + i, count);
        status = read_scheme(loading, i, count, error);
    }
    return status;
}

/* Counts, then places: each code under its parent, and under its other parent. */
static void find_children(struct vocabulary *vocabulary)
{
    const size_t count = (size_t)vocabulary->count;
    int32_t *start = ARENA_ARRAY(vocabulary->arena, count + 2, int32_t);
    vocabulary->children = ARENA_ARRAY(vocabulary->arena, 2 * count, int32_t);
    const int32_t *const chains[] = {vocabulary->parent, vocabulary->other_parent};
    for (size_t chain = 0; chain < 2; chain++)
        for (size_t i = 0; i < count; i++)
            if (chains[chain][i] != NOWHERE) start[chains[chain][i] + 2]++;
    for (size_t i = 2; i < count + 2; i++) start[i] += start[i - 1];
    for (size_t i = 0; i < count; i++)
        for (size_t chain = 0; chain < 2; chain++)
            if (chains[chain][i] != NOWHERE) vocabulary->children[start[chains[chain][i] + 1]++] = (int32_t)i;
    vocabulary->child_start = start;
}

/* The number of rows that the statement counts for the edition, added to *room. */
static enum status count_rows(struct loading *loading, const char *sql, size_t *room, struct error *error)
{
    const struct vocabulary *vocabulary = loading->vocabulary;
    for (size_t i = 0; i < vocabulary->edition_count; i++) {
        int64_t count = 0;
        if (!vocabulary->editions[i].current) continue;
        const enum status status =
            db_one_integer(loading->handle, sql, DB_BIND(db_integer(vocabulary->editions[i].edition)), &count, error);
        if (status) return status;
        *room += (size_t)count;
    }
    return STATUS_OK;
}

static enum status read_edition_texts(struct loading *loading, const struct vocabulary_edition *edition, size_t room,
                                      struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    struct db_rows *rows = db_query(loading->handle,
                                    "SELECT code, purpose, language, content FROM vocabulary_text WHERE edition = $1 "
                                    "ORDER BY position, rank",
                                    DB_BIND(db_integer(edition->edition)));
    while (db_next(rows) && vocabulary->attached_count < room) {
        enum language language = LANGUAGE_FRENCH;
        const int32_t code = vocabulary_index(vocabulary, edition->scheme, db_get_text(rows, 0));
        if (code == NOWHERE || !language_find(db_get_text(rows, 2), &language)) continue;
        vocabulary->attached[vocabulary->attached_count++] =
            (struct attached){.code = code,
                              .note = strcmp(db_get_text(rows, 1), "note") == 0,
                              .language = language,
                              .content = keep(loading, db_get_text(rows, 3))};
    }
    return db_end(&rows, error);
}

/* Editions and positions come in the order of the codes in memory: the texts are sorted as they come. */
static enum status read_texts(struct loading *loading, struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    size_t room = 0;
    enum status status = count_rows(loading, "SELECT COUNT(*) FROM vocabulary_text WHERE edition = $1", &room, error);
    vocabulary->attached = ARENA_ARRAY(vocabulary->arena, room, struct attached);
    for (size_t i = 0; i < vocabulary->edition_count && status == STATUS_OK; i++)
        if (vocabulary->editions[i].current)
            status = read_edition_texts(loading, &vocabulary->editions[i], room, error);
    return status;
}

static int by_link(const void *left, const void *right)
{
    const struct link *a = left, *b = right;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static enum status read_edition_links(struct loading *loading, const struct vocabulary_edition *edition, size_t room,
                                      struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    struct db_rows *rows =
        db_query(loading->handle,
                 "SELECT code, other_scheme, other_code FROM vocabulary_link WHERE edition = $1 ORDER BY position",
                 DB_BIND(db_integer(edition->edition)));
    while (db_next(rows) && vocabulary->link_count < room) {
        const int32_t to = vocabulary_index(vocabulary, edition->scheme, db_get_text(rows, 0));
        const int32_t from = vocabulary_index(vocabulary, db_get_text(rows, 1), db_get_text(rows, 2));
        if (from != NOWHERE && to != NOWHERE) vocabulary->links[vocabulary->link_count++] = (struct link){from, to};
    }
    return db_end(&rows, error);
}

static enum status read_links(struct loading *loading, struct error *error)
{
    struct vocabulary *vocabulary = loading->vocabulary;
    size_t room = 0;
    enum status status = count_rows(loading, "SELECT COUNT(*) FROM vocabulary_link WHERE edition = $1", &room, error);
    vocabulary->links = ARENA_ARRAY(vocabulary->arena, room, struct link);
    for (size_t i = 0; i < vocabulary->edition_count && status == STATUS_OK; i++)
        if (vocabulary->editions[i].current)
            status = read_edition_links(loading, &vocabulary->editions[i], room, error);
    if (vocabulary->link_count) qsort(vocabulary->links, vocabulary->link_count, sizeof *vocabulary->links, by_link);
    return status;
}

static enum status read_all(struct loading *loading, struct error *error)
{
    enum status status = read_editions(loading, error);
    if (status) return status;
    make_room(loading->vocabulary);
    status = read_schemes(loading, error);
    if (status) return status;
    find_children(loading->vocabulary);
    vocabulary_group_levels(loading->vocabulary);
    status = read_texts(loading, error);
    return status ? status : read_links(loading, error);
}

static enum status load(struct db *db, bool as_indexed, struct vocabulary **vocabulary, struct error *error)
{
    struct arena *arena = arena_new();
    struct loading loading = {.vocabulary = ARENA_NEW(arena, struct vocabulary), .as_indexed = as_indexed};
    loading.vocabulary->arena = arena;
    loading.vocabulary->late = ARENA_NEW(arena, struct made_late);
    pthread_mutex_init(&loading.vocabulary->late->lock, NULL);
    *vocabulary = loading.vocabulary;
    enum status status = db_read(db, &loading.handle, error);
    if (status == STATUS_OK) status = read_all(&loading, error);
    db_release(&loading.handle);
    if (status) vocabulary_free(vocabulary);
    return status;
}

enum status vocabulary_load(struct db *db, struct vocabulary **vocabulary, struct error *error)
{
    return load(db, false, vocabulary, error);
}

enum status vocabulary_load_as_indexed(struct db *db, struct vocabulary **vocabulary, struct error *error)
{
    return load(db, true, vocabulary, error);
}

void vocabulary_free(struct vocabulary **vocabulary)
{
    if (!*vocabulary) return;
    pthread_mutex_destroy(&(*vocabulary)->late->lock);
    struct arena *arena = (*vocabulary)->arena;
    *vocabulary = NULL;
    arena_free(&arena);
}
