#include "tests/db/explain.h"

#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "platform/db/db_private.h"

enum { PARAMETERS_MOST = 256, PLAN_LIMIT = 64 * 1024 };

/* Texts gathered, in order; map tells which are there. */
static struct {
    pthread_mutex_t lock;
    struct arena *arena;
    struct map *known;
    const char **texts;
    size_t count, capacity;
} gathered = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void gather(const char *sql, void *context)
{
    (void)context;
    pthread_mutex_lock(&gathered.lock);
    if (!map_get(gathered.known, sql)) {
        char *copy = arena_copy(gathered.arena, sql);
        map_put(gathered.known, copy, copy);
        if (gathered.count == gathered.capacity) {
            gathered.capacity = gathered.capacity ? 2 * gathered.capacity : 256;
            gathered.texts = realloc(gathered.texts, gathered.capacity * sizeof *gathered.texts);
        }
        gathered.texts[gathered.count++] = copy;
    }
    pthread_mutex_unlock(&gathered.lock);
}

void explain_begin(void)
{
    gathered.arena = arena_new();
    gathered.known = map_new(gathered.arena);
    gathered.count = 0;
    db_observe(gather, NULL);
}

void explain_end(void)
{
    db_observe(NULL, NULL);
    arena_free(&gathered.arena);
    free(gathered.texts);
    gathered.texts = NULL;
    gathered.count = gathered.capacity = 0;
}

size_t explain_count(void) { return gathered.count; }

/* The highest $n. */
static size_t count_parameters(const char *sql)
{
    size_t most = 0;
    while (*sql) {
        const size_t skipped = db_text_skip(sql);
        const size_t number = !skipped && *sql == '$' ? strtoul(sql + 1, NULL, 10) : 0;
        if (number > most) most = number;
        sql += skipped ? skipped : 1;
    }
    return most;
}

static bool starts_with_word(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0 && !isalnum((unsigned char)text[strlen(word)]) &&
           text[strlen(word)] != '_';
}

static bool can_be_explained(const char *sql)
{
    static const char *const verbs[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (starts_with_word(sql, verbs[i])) return true;
    return false;
}

/* The lines of the plan, joined, or NULL with the error filled. */
static const char *read_plan(struct db_handle *handle, struct arena *arena, const char *sql, size_t parameters,
                             size_t column, struct error *error)
{
    static struct db_value nulls[PARAMETERS_MOST];
    struct buffer *plan = buffer_new(arena, PLAN_LIMIT);
    struct db_rows *rows = db_query(handle, sql, nulls, parameters);
    while (db_next(rows)) buffer_print(plan, "%s\n", db_get_text(rows, column));
    return db_end(&rows, error) ? NULL : buffer_data(plan);
}

static const char *plan_of_sqlite(struct db_handle *handle, struct arena *arena, const char *sql, struct error *error)
{
    return read_plan(handle, arena, arena_print(arena, "EXPLAIN QUERY PLAN %s", sql), count_parameters(sql), 3, error);
}

static const char *plan_of_postgresql(struct db_handle *handle, struct arena *arena, const char *sql,
                                      struct error *error)
{
    const size_t parameters = count_parameters(sql);
    struct buffer *execute = buffer_new(arena, PLAN_LIMIT);
    buffer_text(execute, "EXPLAIN EXECUTE explained");
    for (size_t i = 0; i < parameters; i++) buffer_text(execute, i ? ", NULL" : " (NULL");
    if (parameters) buffer_char(execute, ')');
    if (db_execute(handle, arena_print(arena, "PREPARE explained AS %s", sql), error)) return NULL;
    const char *plan = read_plan(handle, arena, buffer_data(execute), 0, 0, error);
    return db_execute(handle, "DEALLOCATE explained", error) ? NULL : plan;
}

/* Whether the line of SQLite's plan ("SCAN n", by alias) is about the table. */
static bool names_table(const char *name, size_t length, const char *table, const char *sql)
{
    if (strlen(table) == length && strncmp(name, table, length) == 0) return true;
    for (const char *at = sql; (at = strstr(at, table)); at += strlen(table)) {
        if (at > sql && (isalnum((unsigned char)at[-1]) || at[-1] == '_')) continue;
        const char *alias = at + strlen(table) + strspn(at + strlen(table), " ");
        if (starts_with_word(alias, "AS")) alias += 2 + strspn(alias + 2, " ");
        const size_t alias_length = strspn(alias, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (alias > at + strlen(table) && alias_length == length && strncmp(alias, name, length) == 0) return true;
    }
    return false;
}

/* "SCAN t" is a fault; "SCAN t USING INDEX" is not when a LIMIT stops it and nothing is sorted. */
static bool sqlite_scans(const char *plan, const char *table, const char *sql)
{
    const bool stops = strstr(sql, "LIMIT") && !strstr(plan, "TEMP B-TREE FOR ORDER BY");
    for (const char *line = plan; *line; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, "SCAN ", 5) != 0) continue;
        const size_t length = strcspn(line + 5, " \n");
        const char *rest = line + 5 + length;
        const bool by_index = strncmp(rest, " USING ", 7) == 0 || strncmp(rest, " VIRTUAL ", 9) == 0;
        if (names_table(line + 5, length, table, sql) && !(by_index && stops) && strncmp(rest, " VIRTUAL ", 9) != 0)
            return true;
    }
    return false;
}

static bool postgresql_scans(const char *plan, const char *table)
{
    for (const char *at = plan; (at = strstr(at, "Seq Scan on ")); at++)
        if (starts_with_word(at + strlen("Seq Scan on "), table)) return true;
    return false;
}

static const char *find_scanned(const struct db *db, const char *plan, const char *sql,
                                const struct explain_rules *rules)
{
    for (const char *const *table = rules->large; *table; table++)
        if (db_engine(db) == DB_SQLITE ? sqlite_scans(plan, *table, sql) : postgresql_scans(plan, *table))
            return *table;
    return NULL;
}

static bool is_allowed(const char *sql, const struct explain_rules *rules)
{
    for (const char *const *start = rules->allowed; start && *start; start++)
        if (strncmp(sql, *start, strlen(*start)) == 0) return true;
    return false;
}

static size_t check_text(struct db *db, struct db_handle *handle, struct arena *arena, const char *sql,
                         const struct explain_rules *rules)
{
    struct error error;
    char said[1400];
    const char *plan = db_engine(db) == DB_SQLITE ? plan_of_sqlite(handle, arena, sql, &error)
                                                  : plan_of_postgresql(handle, arena, sql, &error);
    if (!plan) {
        error_describe(&error, said, sizeof said);
        fprintf(stderr, "not explained: %s\n%s\n\n", said, sql);
        return 1;
    }
    const char *scanned = find_scanned(db, plan, sql, rules);
    if (!scanned || is_allowed(sql, rules)) return 0;
    fprintf(stderr, "reads the whole of %s: %s\n%s\n", scanned, sql, plan);
    return 1;
}

size_t explain_check(struct db *db, const struct explain_rules *rules)
{
    struct arena *arena = arena_new();
    struct db_handle *handle = NULL;
    struct error error;
    size_t faults = 0;
    db_observe(NULL, NULL);
    if (db_read(db, &handle, &error)) return 1;
    if (db_engine(db) == DB_POSTGRESQL &&
        db_execute(handle, "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", &error))
        faults++;
    for (size_t i = 0; i < gathered.count; i++) {
        if (can_be_explained(gathered.texts[i])) faults += check_text(db, handle, arena, gathered.texts[i], rules);
        arena_reset(arena);
    }
    if (handle) handle->lost = true; /* its settings are the test's */
    db_release(&handle);
    db_observe(gather, NULL);
    arena_free(&arena);
    return faults;
}
