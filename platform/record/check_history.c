/* check_history.c: the history of records: no version lacks, the lines are as they were written, and together they lead to what the record says. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/record/check_private.h"

enum { LEAVES_MOST = 64, SQL_LIMIT = 4096, FIRST_ROOM = 128 };

struct kept_line {
    int64_t id;
    struct history_words words;
    const char *changes;
    const unsigned char *salt, *digest; /* NULL: not there */
};
struct kept_leaf {
    int64_t history;
    const char *field, *before, *after;
    const unsigned char *salt, *digest;
};

/* The lines and leaves of a batch of records, in order. */
struct kept {
    struct kept_line *lines;
    struct kept_leaf *leaves;
    size_t line_count, leaf_count;
};

static const unsigned char *kept_bytes(struct arena *arena, const struct db_rows *rows, size_t column, size_t size)
{
    size_t length = 0;
    const void *bytes = db_get_blob(rows, column, &length);
    return bytes && length == size ? (const unsigned char *)arena_copy_bytes(arena, bytes, size) : NULL;
}

/* "head $first, $first + 1 ...) tail" with a batch of parameters. */
static const char *batch_sql(struct arena *arena, const char *head, int first, const char *tail)
{
    struct buffer *out = buffer_new(arena, SQL_LIMIT);
    buffer_text(out, head);
    for (int i = 0; i < CHECK_BATCH; i++) buffer_print(out, "%s$%d", i ? ", " : "", first + i);
    buffer_text(out, tail);
    return buffer_data(out);
}

static void *grown(struct arena *arena, const void *items, size_t count, size_t size)
{
    if (count && (count < FIRST_ROOM || (count & (count - 1)))) return NULL;
    void *larger = arena_array(arena, count ? count * 2 : FIRST_ROOM, size);
    if (count) memcpy(larger, items, count * size);
    return larger;
}

static void keep_line(struct check *check, const struct kind *kind, struct kept *kept, const struct db_rows *rows)
{
    struct arena *arena = check->batch;
    void *larger = grown(arena, kept->lines, kept->line_count, sizeof *kept->lines);
    if (larger) kept->lines = larger;
    kept->lines[kept->line_count++] = (struct kept_line){
        .id = db_get_integer(rows, 0),
        .words = {.kind = kind->name,
                  .record = db_get_integer(rows, 1),
                  .version = db_get_integer(rows, 2),
                  .moment = db_get_integer(rows, 3),
                  .account = db_get_integer(rows, 4),
                  .action = arena_copy(arena, db_get_text(rows, 5)),
                  .origin = arena_copy(arena, db_get_text(rows, 6)),
                  .reason = arena_copy(arena, db_get_text(rows, 7))},
        .changes = arena_copy(arena, db_get_text(rows, 8)),
        .salt = kept_bytes(arena, rows, 9, HISTORY_SALT),
        .digest = kept_bytes(arena, rows, 10, HISTORY_DIGEST),
    };
}

static enum status read_lines(struct check *check, const struct kind *kind, const struct db_value *values,
                              struct kept *kept, struct error *error)
{
    const char *sql =
        batch_sql(check->batch,
                  "SELECT id, record, version, moment, account, action, origin, reason, changes, salt, digest "
                  "FROM record_history WHERE kind = $1 AND record IN (",
                  2, ") ORDER BY record, version, id");
    struct db_rows *rows = db_query(check->read, sql, values, CHECK_BATCH + 1);
    while (db_next(rows)) keep_line(check, kind, kept, rows);
    return db_end(&rows, error);
}

static enum status read_leaves(struct check *check, const struct db_value *ids, struct kept *kept, struct error *error)
{
    const char *sql =
        batch_sql(check->batch, "SELECT history, field, before, after, salt, digest FROM record_leaf WHERE record IN (",
                  1, ") ORDER BY history, id");
    struct db_rows *rows = db_query(check->read, sql, ids, CHECK_BATCH);
    struct arena *arena = check->batch;
    while (db_next(rows)) {
        void *larger = grown(arena, kept->leaves, kept->leaf_count, sizeof *kept->leaves);
        if (larger) kept->leaves = larger;
        kept->leaves[kept->leaf_count++] = (struct kept_leaf){
            .history = db_get_integer(rows, 0),
            .field = arena_copy(arena, db_get_text(rows, 1)),
            .before = arena_copy(arena, db_get_text(rows, 2)),
            .after = arena_copy(arena, db_get_text(rows, 3)),
            .salt = kept_bytes(arena, rows, 4, HISTORY_SALT),
            .digest = kept_bytes(arena, rows, 5, HISTORY_DIGEST),
        };
    }
    return db_end(&rows, error);
}

/* The leaves of a line; NULL when it has none. */
static const struct kept_leaf *leaves_of(const struct kept *kept, int64_t history, size_t *count)
{
    size_t low = 0, high = kept->leaf_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (kept->leaves[middle].history < history)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < kept->leaf_count && kept->leaves[low + *count].history == history;) ++*count;
    return *count ? &kept->leaves[low] : NULL;
}

/* ---- one line ---- */

static bool leaf_is_right(const struct kept_leaf *leaf)
{
    unsigned char digest[HISTORY_DIGEST];
    if (!leaf->salt || !leaf->digest) return false;
    history_leaf_digest(leaf->salt, leaf->field, leaf->before, leaf->after, digest);
    return memcmp(digest, leaf->digest, HISTORY_DIGEST) == 0;
}

/* Of a leaf whose content went with the personal details, only the digest is left. */
static bool leaf_is_empty(const struct kept_leaf *leaf)
{
    return !leaf->salt && !leaf->before && !leaf->after && leaf->digest;
}

static bool line_is_right(const struct kept_line *line, const struct kept_leaf *leaves, size_t count, bool forgotten)
{
    unsigned char digests[LEAVES_MOST * HISTORY_DIGEST], digest[HISTORY_DIGEST];
    if (!line->salt || !line->digest || !line->changes || count > LEAVES_MOST) return false;
    for (size_t i = 0; i < count; i++) {
        if (forgotten ? !leaf_is_empty(&leaves[i]) : !leaf_is_right(&leaves[i])) return false;
        memcpy(digests + i * HISTORY_DIGEST, leaves[i].digest, HISTORY_DIGEST);
    }
    history_change_digest(line->salt, &line->words, line->changes, digests, count, digest);
    return memcmp(digest, line->digest, HISTORY_DIGEST) == 0;
}

static bool creation_is_right(const struct kept_line *line, const struct kind *kind,
                              const struct history_content *content)
{
    unsigned char digest[HISTORY_DIGEST];
    if (!line->salt || !line->digest) return false;
    history_creation_digest(line->salt, &line->words, kind, content, digest);
    return memcmp(digest, line->digest, HISTORY_DIGEST) == 0;
}

/* ---- back to the creation ---- */

/* The content on its way back; wrong: the name of the first thing that is not what the line after said. */
struct way_back {
    const struct kind *kind;
    struct arena *arena;
    struct history_content content;
    const char *wrong;
};

static void go_back(struct way_back *back, const char **now, const char *name, const char *before, const char *after)
{
    const bool same = *now && after ? strcmp(*now, after) == 0 : *now == after;
    if (!same && !back->wrong) back->wrong = name;
    *now = arena_copy(back->arena, before);
}

static const char **text_of(struct way_back *back, const char *name)
{
    for (size_t i = 0; back->kind->fields[i].name; i++)
        if (strcmp(back->kind->fields[i].name, name) == 0) return &back->content.texts[i];
    return NULL;
}

static void undo_change(struct way_back *back, const char *name, const json_t *pair)
{
    const json_t *before = json_array_get(pair, 0), *after = json_array_get(pair, 1);
    const char **field = text_of(back, name);
    if (strcmp(name, "owner") == 0 && json_is_integer(after)) {
        if (back->content.owner != json_integer_value(after) && !back->wrong) back->wrong = "owner";
        back->content.owner = json_integer_value(before);
    } else if (field) {
        go_back(back, field, arena_copy(back->arena, name), json_string_value(before), json_string_value(after));
    } else if (strcmp(name, "state") == 0) {
        go_back(back, &back->content.state, "state", json_string_value(before), json_string_value(after));
    } else if (strcmp(name, "audience") == 0) {
        go_back(back, &back->content.audience, "audience", json_string_value(before), json_string_value(after));
    }
}

static void undo_line(struct way_back *back, const struct kept_line *line, const struct kept_leaf *leaves, size_t count)
{
    json_t *root = json_loads(line->changes ? line->changes : "{}", 0, NULL), *pair = NULL;
    const char *name = NULL;
    json_object_foreach(root, name, pair) undo_change(back, name, pair);
    json_decref(root);
    for (size_t i = 0; i < count; i++) {
        const char **field = text_of(back, leaves[i].field);
        if (field) go_back(back, field, leaves[i].field, leaves[i].before, leaves[i].after);
    }
}

/* ---- one record ---- */

static bool check_versions(struct check *check, const struct kind *kind, const struct record *head,
                           const struct kept_line *lines, size_t count)
{
    const long long id = head->id;
    if (!count) {
        check_found(check,
                    "%s %lld has no history: it was put there outside of the program, or its history was removed.",
                    kind->name, id);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (lines[i].words.version == (int64_t)i + 1 && (i == 0) == (strcmp(lines[i].words.action, "created") == 0))
            continue;
        check_found(check,
                    "The history of %s %lld lacks or doubles its version %zu: a line was removed, added or changed.",
                    kind->name, id, i + 1);
        return false;
    }
    if ((int64_t)count == head->version) return true;
    check_found(check,
                "%s %lld is at version %lld and its history ends at %zu: the end of the history was removed, or the "
                "record was changed outside of the program.",
                kind->name, id, (long long)head->version, count);
    return false;
}

static bool seals_content(const struct kept_line *line)
{
    return strcmp(line->words.action, "created") == 0 || strcmp(line->words.action, "forgotten") == 0;
}

/* Before the personal details were erased: lines as they were written, nothing left of what was erased. */
static void check_forgotten(struct check *check, const struct kind *kind, const struct kept *kept,
                            const struct kept_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t leaf_count = 0;
        const struct kept_leaf *leaves = leaves_of(kept, lines[i].id, &leaf_count);
        const bool right = seals_content(&lines[i]) ? !lines[i].salt && lines[i].digest
                                                    : line_is_right(&lines[i], leaves, leaf_count, true);
        if (right) continue;
        check_found(check,
                    "The history of %s %lld, whose personal details were erased, was altered at version %zu or still "
                    "holds them.",
                    kind->name, (long long)lines[i].words.record, i + 1);
        return;
    }
}

/* From what the record says, back through its changes, to its creation or to where its personal details were erased: there the digest of the whole
 * content must come out. */
static void check_content(struct check *check, const struct kind *kind, const void *record, const struct kept *kept,
                          const struct kept_line *lines, size_t count)
{
    struct record_context context = check_context(check);
    const long long id = head_in(record)->id;
    struct way_back back = {.kind = kind, .arena = check->batch, .content = history_content_of(&context, kind, record)};
    size_t first = count - 1;
    while (!seals_content(&lines[first])) first--;
    for (size_t i = count; i-- > first + 1;) {
        size_t leaf_count = 0;
        const struct kept_leaf *leaves = leaves_of(kept, lines[i].id, &leaf_count);
        if (!line_is_right(&lines[i], leaves, leaf_count, false)) {
            check_found(check, "The history of %s %lld was altered at version %zu: its digest is not right.",
                        kind->name, id, i + 1);
            return;
        }
        undo_line(&back, &lines[i], leaves, leaf_count);
    }
    check_forgotten(check, kind, kept, lines, first);
    const bool right = creation_is_right(&lines[first], kind, &back.content);
    if (right && !back.wrong) return;
    check_found(
        check,
        "%s %lld does not say what its history says%s%s: it was changed outside of the program; compare it with "
        "a backup.",
        kind->name, id, back.wrong ? ", first in " : "", back.wrong ? back.wrong : "");
}

enum status check_histories(struct check *check, const struct kind *kind, const struct checked *records, size_t count,
                            struct error *error)
{
    struct db_value values[CHECK_BATCH + 1] = {db_text(kind->name)};
    struct kept kept = {.lines = NULL};
    for (size_t i = 0; i < CHECK_BATCH; i++)
        values[i + 1] = db_integer(i < count ? head_in(records[i].record)->id : -1);
    enum status status = read_lines(check, kind, values, &kept, error);
    if (!status && kept.line_count > count) status = read_leaves(check, values + 1, &kept, error);
    for (size_t i = 0, at = 0; !status && i < count; i++) {
        const struct record *head = records[i].record;
        const size_t start = at;
        while (at < kept.line_count && kept.lines[at].words.record == head->id) at++;
        if (check_versions(check, kind, head, kept.lines + start, at - start) && has_audience(head))
            check_content(check, kind, head, &kept, kept.lines + start, at - start);
    }
    return status;
}
