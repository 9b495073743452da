/* expand.c: the words between braces that DDL may hold. docs/database.md explains them. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/db/db_private.h"

enum { EXPANDED_LIMIT = 4 * 1024 * 1024 };

/* {1} stands for the word that follows the first one between the braces. */
static const struct {
    const char *word, *sqlite, *postgresql;
} words[] = {
    {"integer", "INTEGER", "BIGINT"},
    {"real", "REAL", "DOUBLE PRECISION"},
    {"text", "TEXT", "TEXT COLLATE \"C\""},
    {"blob", "BLOB", "BYTEA"},
    {"strict", "STRICT", ""},
    {"compact", "STRICT, WITHOUT ROWID", ""},
    {"id", "id INTEGER PRIMARY KEY", "id BIGINT NOT NULL, PRIMARY KEY (home, id)"},
    {"spread", "", ", home"},
    {"id_index", "", "CREATE INDEX {1}_id ON {1} (id)"},
};

static void add_argument(struct buffer *out, const char *format, const char *argument, size_t length)
{
    for (const char *at = format; *at;) {
        if (strncmp(at, "{1}", 3) == 0) {
            buffer_add(out, argument, length);
            at += 3;
        } else {
            buffer_char(out, *at++);
        }
    }
}

/* Expands the word that begins after the brace; its length, brace excluded. */
static size_t add_word(const struct db *db, struct buffer *out, const char *start)
{
    const size_t length = strcspn(start, "}"), name = strcspn(start, " }");
    const char *argument = start + name + strspn(start + name, " ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == name && memcmp(words[i].word, start, name) == 0) {
            add_argument(out, db_differs(db, words[i].sqlite, words[i].postgresql), argument,
                         (size_t)(start + length - argument));
            return length;
        }
    fatal("SQL: there is no word {%.*s}", (int)length, start);
}

const char *db_expand(const struct db *db, struct arena *arena, const char *sql)
{
    struct buffer *out = buffer_new(arena, EXPANDED_LIMIT);
    for (const char *at = sql; *at;) {
        const size_t skipped = db_text_skip(at);
        if (skipped) {
            buffer_add(out, at, skipped);
            at += skipped;
        } else if (*at == '{') {
            at += add_word(db, out, at + 1) + 1;
            at += *at == '}';
        } else {
            buffer_char(out, *at++);
        }
    }
    ENSURE(!buffer_overflowed(out));
    return buffer_data(out);
}
